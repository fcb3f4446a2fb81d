"""Plans as they are listed and shown: what became of every line, and what stands against its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, ranges
from zhibu.core.calendar import Quarter
from zhibu.life import policies
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import Plan, PlanItem
from zhibu.life.queries.clashes import Clash, Meant, known
from zhibu.life.queries.sessions import Mark
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import within

HELD = (SessionState.HELD, SessionState.CLOSED)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plan as the page shows it. `session` is the meeting it became, planned or held."""

    item: PlanItem
    mark: Mark
    session: int | None = None
    clashes: tuple[Clash, ...] = ()
    open: bool = False

    @property
    def is_work(self) -> bool:
        """Whether it is work that is no meeting."""
        return not self.item.kind


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plan in full, as read on a day: meetings by quarter, then the work."""

    plan: Plan
    quarters: tuple[tuple[Quarter, tuple[Line, ...]], ...]
    work: tuple[Line, ...]
    counts: dict[str, int] = field(default_factory=dict)


def plan_for(actor: Actor, pk: int, verb: str = "life.view") -> Plan:
    """One plan within reach, or 404."""
    found = (
        policies.visible_to(actor, Plan.objects.select_related("organisation"), verb).filter(pk=pk).first()
    )
    if found is None:
        raise Http404(pk)
    return found


def item_for(actor: Actor, pk: int, verb: str = "life.adjust_plan") -> PlanItem:
    """One line of a plan where the actor holds the verb, or 404."""
    rows = PlanItem.objects.select_related("plan", "organisation", "party_group")
    found = policies.visible_to(actor, rows, verb).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def plan_of(organisation: Organisation, year: int) -> Plan | None:
    """The plan of a branch for a year, draft or adopted."""
    return Plan.objects.filter(organisation=organisation, covers_on=date(year, 1, 1)).first()


def plans(actor: Actor, year: int, *, state: str = "", search: str = "") -> QuerySet[Any, Any]:
    """The branches in reach with their plan of a year, those without one, too, in the order of the tree."""
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True),
        ranges(actor, "life.view"),
        "path",
    )
    of_year = Plan.objects.filter(covers_on=date(year, 1, 1))
    if state == "none":
        rows = rows.exclude(pk__in=of_year.values("organisation_id"))
    elif state:
        rows = rows.filter(pk__in=of_year.filter(state=state).values("organisation_id"))
    if search:
        rows = rows.filter(name__icontains=search)
    return rows.order_by("path", "id").values("id", "name")


def with_plans(rows: Iterable[dict[str, Any]], year: int) -> list[dict[str, Any]]:
    """The same branches with what their plan says and how far it is: two queries, however many."""
    found = [dict(row) for row in rows]
    kept = Plan.objects.filter(covers_on=date(year, 1, 1), organisation_id__in=[row["id"] for row in found])
    counted = kept.annotate(
        lines=Count("items", filter=Q(items__dropped=0) & ~Q(items__kind="")),
        dropped=Count("items", filter=Q(items__dropped=1)),
    )
    names = ("id", "organisation_id", "state", "adopted_on", "lines", "dropped")
    by_branch = {row["organisation_id"]: row for row in counted.values(*names)}
    return [{**row, "plan": by_branch.get(row["id"])} for row in found]


def sheet(plan: Plan, today: date, quarter: Quarter | None = None) -> Sheet:
    """A plan with what became of its lines: whatever was held in the stretch of a line answers it, once."""
    items = list(plan.items.select_related("party_group").order_by("until_on", "day", "id"))
    if quarter is not None:
        items = [each for each in items if each.until_on >= quarter.first and each.from_on <= quarter.last]
    answered = _answered(plan, items)
    ahead = [each.day for each in items if each.day and each.day >= today]
    facts = known(plan.organisation, min(ahead), max(ahead)) if ahead else None
    lines = []
    for item in items:
        session, state = answered.get(item.pk, (item.session_id, None))
        mark = _mark(item, state, today)
        waits = bool(item.kind) and not item.dropped and state not in HELD
        clashes: tuple[Clash, ...] = ()
        if facts is not None and waits and item.day and item.day >= today:
            meant = Meant(item.day, item.starts_at, item.kind, item.party_group_id, item.session_id, item.pk)
            clashes = tuple(facts.against(meant))
        lines.append(Line(item, mark, session, clashes, open=waits))
    return _arranged(plan, lines)


def _arranged(plan: Plan, lines: list[Line]) -> Sheet:
    by_quarter: dict[Quarter, list[Line]] = {}
    for line in lines:
        if line.item.kind:
            by_quarter.setdefault(Quarter.of(line.item.day or line.item.until_on), []).append(line)
    kept = [line for line in lines if line.item.kind and not line.item.dropped]
    counts = {
        "all": len(kept),
        "done": sum(not line.open for line in kept),
        "clashing": sum(bool(line.clashes) for line in kept),
        "undated": sum(line.item.day is None and line.open for line in kept),
    }
    quarters = tuple(
        (quarter, tuple(sorted(found, key=_by_day))) for quarter, found in sorted(by_quarter.items())
    )
    return Sheet(plan, quarters, tuple(line for line in lines if not line.item.kind), counts)


def _by_day(line: Line) -> tuple[date, str, int]:
    return (line.item.day or line.item.until_on, line.item.kind, line.item.pk)


def _answered(plan: Plan, items: list[PlanItem]) -> dict[int, tuple[int, str]]:
    """Line to (meeting, its state): the meeting made of it, else one of the kind held within its stretch, each once."""
    year = plan.covers_on.year
    rows = Session.objects.filter(organisation_id=plan.organisation_id).exclude(state=SessionState.CANCELLED)
    rows = rows.filter(
        Q(held_on__range=(plan.covers_on, date(year + 1, 3, 31)))
        | Q(pk__in=[each.session_id for each in items])
    ).order_by("held_on", "id")
    left = list(rows.values_list("id", "kind", "party_group_id", "held_on", "makes_up_for", "state"))
    by_pk = {row[0]: row for row in left}
    found = {}
    for item in items:
        if item.session_id in by_pk:
            row = by_pk.pop(item.session_id)
            left.remove(row)
            found[item.pk] = (row[0], row[5])
    for item in items:
        if not item.kind or item.pk in found:
            continue
        for row in left:
            # what is made up for a month answers the line of that month
            day = row[4] or row[3]
            same = row[1] == item.kind and row[2] == item.party_group_id and row[5] in HELD
            if same and day and item.from_on <= day <= item.until_on:
                left.remove(row)
                found[item.pk] = (row[0], row[5])
                break
    return found


def _mark(item: PlanItem, state: str | None, today: date) -> Mark:
    if item.dropped:
        return Mark(_("不安排"), "idle")
    if state in HELD:
        return Mark(_("已召开"), "done")
    if state == SessionState.CONVENED:
        return Mark(_("已通知"), "open")
    if not item.kind:
        return Mark("", "idle")
    if item.until_on < today:
        return Mark(_("未召开"), "overdue")
    if item.day is None:
        return Mark(_("待定日期"), "soon")
    return Mark(_("逾期未开"), "overdue") if item.day < today else Mark(_("已排"), "open")


def years_with_plans(actor: Actor, today: date) -> list[int]:
    """The present year, the next, and earlier ones in which a branch in reach has a plan."""
    days = policies.visible_to(actor, Plan.objects.all()).values_list("covers_on", flat=True).distinct()
    return sorted({today.year, today.year + 1, *(day.year for day in days)}, reverse=True)[:6]
