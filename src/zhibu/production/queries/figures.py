"""The unit's figures, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from zhibu import record, rulebook
from zhibu.core.authority import Actor
from zhibu.production import policies
from zhibu.production.models import Figures, PastFigures
from zhibu.register.models import BRANCH_KINDS, Organisation, UnitType

MOST_BRANCHES, MOST_MONTHS, MOST_EARLIER = 100, 60, 20
DUE = "production.figures_due_day"
WITHOUT_WORK = (UnitType.RETIRED, UnitType.COMMUNITY)
"""Units without staff at work keep no figures."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its figures, or none."""

    month_on: date
    figures: Figures | None

    @property
    def percent(self) -> int | None:
        """How much of the plan was done."""
        found = self.figures
        return (
            found.done * 100 // found.planned if found and found.planned and found.done is not None else None
        )

    @property
    def within_cost(self) -> bool | None:
        """Whether the cost stayed within the plan; None when it is not kept."""
        found = self.figures
        if found is None or found.cost_plan_fen is None or found.cost_fen is None:
            return None
        return found.cost_fen <= found.cost_plan_fen


def branch_for(actor: Actor, pk: int | None, verb: str = "production.view") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS)
    rows = policies.visible_to(actor, rows, verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def branches(actor: Actor, verb: str = "production.view") -> list[tuple[int, str]]:
    """Branches in reach, to change over to."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_BRANCHES])


def figures_for(actor: Actor, pk: int) -> Figures:
    """One month's figures in reach, or 404."""
    rows = policies.visible_to(actor, Figures.objects.select_related("organisation"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def month_of(branch: Organisation, month_on: date) -> Figures | None:
    """The figures of a month, if they were entered."""
    return Figures.objects.filter(organisation=branch, month_on=month_on).first()


def months(branch: Organisation, first: date, last: date) -> list[Month]:
    """Every month between two days, newest last, with its figures."""
    rows: Mapping[date, Figures] = {
        row.month_on: row
        for row in Figures.objects.filter(organisation=branch, month_on__gte=first, month_on__lte=last)
    }
    found: list[Month] = []
    month = first.replace(day=1)
    while month <= last and len(found) < MOST_MONTHS:
        found.append(Month(month, rows.get(month)))
        month = following(month)
    return found


def to_enter(branch: Organisation, today: date) -> date | None:
    """The month one enters next: the one before this unless it is there, else this one; None: both are."""
    this = today.replace(day=1)
    known = set(
        Figures.objects.filter(organisation=branch, month_on__in=(before(this), this)).values_list(
            "month_on", flat=True
        )
    )
    return next((month for month in (before(this), this) if month not in known), None)


def earlier(figures: Figures) -> list[dict[str, Any]]:
    """What the figures of a month said before they were put right, the newest first."""
    rows = PastFigures._default_manager.filter(key=figures.pk).order_by("-superseded_at", "-version_id").values(
        "planned", "done", "cost_plan_fen", "cost_fen", "accidents", "hazards_found", "hazards_fixed", "superseded_at"
    )  # fmt: skip
    return [{**row, "until": _day(row["superseded_at"])} for row in rows[:MOST_EARLIER]]


def _day(milliseconds: int) -> date:
    return timezone.localtime(datetime.fromtimestamp(milliseconds / 1000, UTC)).date()


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def wanting(branch: Organisation, today: date) -> tuple[date, date] | None:
    """The month whose figures are still to be entered, and by when; None when there is nothing to enter.

    Units without staff at work, branches founded since, and branches that never kept any are not asked.
    """
    day = rulebook.load().limit(DUE, today)
    month = before(today.replace(day=1))
    if day is None or branch.unit_type in WITHOUT_WORK or (branch.founded_on and branch.founded_on > month):
        return None
    known = {each for (each,) in record.rows(_months, branch.pk)}
    return (month, today.replace(day=day)) if known and month not in known else None


def _months(branch: int) -> QuerySet[Figures, Any]:
    return Figures.objects.filter(organisation=branch).values_list("month_on").distinct()
