"""Zones and model posts of a branch, the plan they lie on, how each was last found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from zhibu import record, rulebook
from zhibu.core.authority import Actor, ranges
from zhibu.notices.models import Notice, NoticeKind
from zhibu.notices.queries import is_shown
from zhibu.pledges import policies, shapes
from zhibu.pledges.models import Zone
from zhibu.pledges.queries.plans import PLANS, plans_of
from zhibu.pledges.queries.year import promises
from zhibu.register.models import Organisation
from zhibu.ui.doors import within
from zhibu.ui.language import pick
from zhibu.undertakings.models import Step, StepKind, Undertaking, UndertakingState
from zhibu.undertakings.policies import OPEN_STATES, standing

FINDING, ZONE = "rectification", "pledges.zone"
USUAL, MOST_STEPS = "zone", 24
RELATED = ("organisation", "undertaking__owner", "undertaking__organisation")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A zone with its number on the plan. `state`: late (what was found is overdue), found, unseen (not looked at for too
    long, or never), order. `points` is empty when it is not drawn on a plan that holds; `left` and `top` are where its number stands, in per cent.
    """

    number: int
    zone: Zone
    kind: str
    state: str
    points: str
    left: str
    top: str

    @property
    def holder(self) -> str:
        """Who answers for it."""
        return self.zone.undertaking.owner.name

    @property
    def mark(self) -> str:
        """What stands beside the number, so that nothing is said by colour alone."""
        return {"late": "‼", "found": "!", "unseen": "?", "order": "✓"}.get(self.state, "")


def zone_kinds() -> list[tuple[str, str]]:
    """The kinds of the rulebook that stand for good, with their titles; the usual one first."""
    book = rulebook.load().undertakings
    return [(name, pick(book[name].title)) for name in sorted(standing(), key=lambda name: name != USUAL)]


def zones(branch: Organisation, today: date) -> list[Drawn]:
    """What is one now, in the order it was named."""
    rows = list(_current().filter(organisation=branch).order_by("id"))
    plans, kinds = {plan.pk for plan in plans_of(branch)}, dict(zone_kinds())
    open_ = Undertaking.objects.filter(
        source=ZONE, source_id__in=[row.pk for row in rows], kind=FINDING, state__in=OPEN_STATES
    )
    due: dict[int, list[tuple[str, date | None]]] = {}
    for zone, state, due_on in open_.values_list("source_id", "state", "due_on"):
        due.setdefault(int(zone or 0), []).append((state, due_on))
    oldest = _oldest(today)
    return [
        _drawn(
            number,
            row,
            plans,
            kinds.get(row.undertaking.kind, ""),
            _state(row, due.get(row.pk, []), today, oldest),
        )
        for number, row in enumerate(rows, 1)
    ]


def _current() -> QuerySet[Zone]:
    rows = Zone.objects.filter(undertaking__state__in=OPEN_STATES)
    return rows.select_related(*RELATED)


def _state(zone: Zone, findings: list[tuple[str, date | None]], today: date, oldest: date) -> str:
    if any(state == UndertakingState.OPEN and due and due < today for state, due in findings):
        return "late"
    if findings:
        return "found"
    return "order" if zone.checked_on and zone.checked_on >= oldest else "unseen"


def _drawn(number: int, row: Zone, plans: set[int], kind: str, state: str) -> Drawn:
    found = shapes.corners(row.shape) if row.shape and row.plan_id in plans else ()
    left, top = (f"{each // 10}.{each % 10}%" for each in (shapes.middle(found) if found else (0, 0)))
    return Drawn(number, row, kind, state, shapes.told(found), left, top)


def zone_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Zone:
    """One within reach, also one that is over; or 404."""
    found = within(Zone.objects.select_related(*RELATED), ranges(actor, verb)).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def unseen(branch: Organisation, today: date) -> int:
    """How many zones nobody looked at for too long, what is being put right left out: one question."""
    return len(record.rows(_unseen, branch.pk, _oldest(today)))


def _unseen(branch: int, oldest: date) -> QuerySet[Zone, Any]:
    open_ = Undertaking.objects.filter(
        source=ZONE, source_id=OuterRef("pk"), kind=FINDING, state__in=OPEN_STATES
    )
    old = Q(checked_on__isnull=True) | Q(checked_on__lt=oldest)
    rows = Zone.objects.filter(old, organisation=branch, undertaking__state__in=OPEN_STATES)
    return rows.filter(~Exists(open_)).values_list("pk")


def looked_at(zone: Zone) -> list[Step]:
    """How it was found and who had it, the newest first."""
    kinds = (StepKind.OPENED, StepKind.CHECKED, StepKind.HANDED_OVER, StepKind.GIVEN_UP)
    return list(zone.undertaking.steps.filter(kind__in=kinds).order_by("-id")[:MOST_STEPS])


def zones_of(person: int) -> list[Zone]:
    """What somebody answers for now."""
    return list(_current().filter(undertaking__owner=person).order_by("id"))


def fix_by(today: date) -> date:
    """By when what was found is put right, unless whoever looked says otherwise."""
    return today + timedelta(days=_limit("zone_fix_days", today))


def _oldest(today: date) -> date:
    return today - timedelta(days=_limit("zone_check_days", today))


def _limit(name: str, day: date) -> int:
    return rulebook.load().limit(f"pledges.{name}", day) or 0


def zones_notice(branch: Organisation, today: date) -> Notice | None:
    """The notice by which the zones are public today."""
    rows = Notice.objects.filter(
        organisation=branch,
        kind=NoticeKind.ZONES,
        purpose_table=PLANS,
        purpose_step=NoticeKind.ZONES.value,
        withdrawn=0,
    )
    return next((row for row in rows.order_by("-id") if is_shown(row, today)), None)


def off_the_board(branch: Organisation, today: date) -> bool:
    """Whether the plan hung on the public board until its year ended, and hangs there no more."""
    for withdrawn, closes_on in record.rows(_hung, branch.pk):
        return not withdrawn and closes_on < today and _current().filter(organisation=branch).exists()
    return False


def _hung(branch: int) -> QuerySet[Notice, Any]:
    rows = Notice.objects.filter(
        organisation=branch, kind=NoticeKind.ZONES, purpose_table=PLANS, purpose_step=NoticeKind.ZONES.value
    )
    return rows.order_by("-id").values_list("withdrawn", "closes_on")[:1]


def named_in_public(branch: Organisation, today: date) -> set[int]:
    """Whose name may stand beside a zone before everyone: who has a pledge on the board."""
    return {each.person for each in promises(branch, today.year, today) if each.state == "shown"}
