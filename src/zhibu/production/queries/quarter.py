"""What links the branch to production in a quarter, on one page: facts side by side, without a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from zhibu.core.authority import Actor, may
from zhibu.core.calendar import Quarter
from zhibu.letters import queries as letters
from zhibu.letters.models import Bulletin
from zhibu.life.models import AgendaItem, AgendaTag
from zhibu.production.models import Campaign
from zhibu.production.queries.campaigns import campaigns
from zhibu.production.queries.figures import Month, months
from zhibu.register.models import Organisation
from zhibu.undertakings import policies as undertaken
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.queries.listing import LISTED

TAGS = {
    "S01": ("production_plan",),
    "S02": ("operating_plan",),
    "S03": ("safety",),
    "S28": ("suggestions",),
}
"""Which agenda items belong to which standard."""

WORK = ("production_problem", "advice", "measure", "resolution", "site_visit")
"""The undertakings that are about production; what is about people, integrity, zones or service has its own pages."""

ELSEWHERE = "concerns."
"""Sources whose measures are about something else."""


@dataclass(frozen=True, slots=True)
class Link:
    """One meeting's agenda item about production, with what was decided."""

    standard: str
    tag: str
    title: str
    resolution: str
    held_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class QuarterPage:
    """The unit's figures, what was discussed, what was taken on and what came of it."""

    months: Sequence[Month]
    discussed: Sequence[Link]
    undertaken: Sequence[dict[str, Any]]
    campaigns: Sequence[Campaign]
    practices: Sequence[Bulletin]

    @property
    def entered(self) -> int:
        return sum(month.figures is not None for month in self.months)

    @property
    def percent(self) -> int | None:
        """How much of the plans of the quarter was done, where they are of one measure."""
        rows = [month.figures for month in self.months if month.figures and month.figures.planned]
        if not rows or len({row.measure for row in rows}) > 1:
            return None
        return sum(row.done or 0 for row in rows) * 100 // sum(row.planned or 0 for row in rows)

    @property
    def cost_left_fen(self) -> int | None:
        """What was left of the planned cost; below zero: it was not enough."""
        rows = [row for month in self.months if (row := month.figures) and row.cost_plan_fen is not None]
        return sum((row.cost_plan_fen or 0) - (row.cost_fen or 0) for row in rows) if rows else None

    @property
    def accidents(self) -> int:
        return sum(month.figures.accidents for month in self.months if month.figures)

    @property
    def hazards(self) -> tuple[int, int]:
        """(fixed, found)."""
        rows = [month.figures for month in self.months if month.figures]
        return sum(row.hazards_fixed for row in rows), sum(row.hazards_found for row in rows)


def quarter_page(actor: Actor, branch: Organisation, quarter: Quarter, today: date) -> QuarterPage:
    """Everything of a quarter. Undertakings are those the actor may see."""
    return QuarterPage(
        months(branch, quarter.first, min(quarter.last, today)),
        _discussed(branch, quarter, opens=may(actor, "life.view", branch.path)),
        _undertaken(actor, branch, quarter, today),
        campaigns(branch, (quarter.first, quarter.last)),
        list(
            letters.published_between(quarter.first, quarter.last)
            .filter(organisation=branch)
            .select_related("follows__organisation")
            .order_by("published_on", "id")
        ),
    )


def _discussed(branch: Organisation, quarter: Quarter, *, opens: bool) -> list[Link]:
    standards = {tag: standard for standard, tags in TAGS.items() for tag in tags}
    rows = AgendaItem.objects.filter(
        organisation=branch, tag__in=list(standards), session_closed=1, held_on__gte=quarter.first,
        held_on__lte=quarter.last,
    ).order_by("held_on", "id")  # fmt: skip
    labels = {str(value): str(label) for value, label in AgendaTag.choices}
    return [
        Link(
            standards[tag], labels.get(tag, tag), title, resolution, held_on,
            reverse("life:session", args=[session]) if opens else "",
        )
        for tag, title, resolution, held_on, session in rows.values_list(
            "tag", "title", "resolution", "held_on", "session_id"
        )
    ]  # fmt: skip


def _undertaken(actor: Actor, branch: Organisation, quarter: Quarter, today: date) -> list[dict[str, Any]]:
    rows = undertaken.visible_to(actor, Undertaking.objects.filter(organisation=branch, kind__in=WORK))
    rows = rows.exclude(source__startswith=ELSEWHERE)
    running = Q(opened_on__lte=quarter.last) & (Q(ended_on__isnull=True) | Q(ended_on__gte=quarter.first))
    found = rows.filter(running).order_by("kind", "opened_on", "id").values(*LISTED)[:100]
    return undertakings.told(found, today)
