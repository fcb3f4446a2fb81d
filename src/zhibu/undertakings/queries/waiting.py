"""What waits: for the owner, for whoever confirms, for the next agenda, for the public board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from zhibu import record, rulebook
from zhibu.core.authority import Actor, Spans, ranges
from zhibu.core.norms import Closer
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.ui.doors import within
from zhibu.ui.language import pick
from zhibu.undertakings import policies
from zhibu.undertakings.models import Helper, Undertaking, UndertakingState, Visibility, shortened

AHEAD = timedelta(days=30)
MOST = 8
ON_AGENDAS = (Visibility.BRANCH, Visibility.COMMITTEE, Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something undertaken that is due or late, for a line of the workbench."""

    id: int
    kind: str
    text: str
    owner: str
    due_on: date | None
    mine: bool


def undertaken_at(person: int) -> record.Places:
    """The branches whose undertakings a person answers for or helps with."""
    return record.places_in(
        "SELECT organisation_id FROM zb_undertaking WHERE owner_id = %s AND state = %s UNION SELECT u.organisation_id"
        " FROM zb_undertaking_helper h JOIN zb_undertaking u ON u.id = h.undertaking_id WHERE h.person_id = %s",
        person,
        UndertakingState.OPEN.value,
        person,
    )


def reminders(actor: Actor, today: date, *, branch: Organisation | None = None) -> list[Reminder]:
    """One's own that run; with a branch, also those of the branch that are late."""
    unasked = (*policies.standing(), *policies.lapsing())
    sight, place = policies.sight_of(actor), None if branch is None else branch.pk
    found = record.rows(_reminded, unasked, _claimed(), sight, today + AHEAD, today, place)
    book = rulebook.load().undertakings
    return [
        Reminder(
            pk,
            pick(book[kind].title) if kind in book else kind,
            shortened(text),
            owner,
            due,
            owner_id == actor.person,
        )
        for pk, kind, text, owner, due, owner_id in found
    ]


def _claimed() -> tuple[str, ...]:
    return tuple(name for name, kind in policies.kinds().items() if kind.claimed)


def _reminded(
    unasked: tuple[str, ...],
    claimed: tuple[str, ...],
    given: Any,
    until: date,
    today: date,
    branch: int | None,
) -> QuerySet[Undertaking, Any]:
    sight = policies.Sight(*given)
    rows = Undertaking.objects.filter(state=UndertakingState.OPEN).exclude(kind__in=unasked)
    condition = Q(pk__in=())
    if sight.person is not None:
        helped = Helper.objects.filter(person=sight.person).values("undertaking")
        # what stands open for anyone to claim is not yet work of whoever wrote it down
        open_for_all = Q(kind__in=claimed) & Q(owner=F("keeper"))
        own = (Q(owner=sight.person) & ~open_for_all) | Q(pk__in=helped)
        condition |= own & (Q(due_on__lte=until) | Q(due_on__isnull=True))
    if branch is not None:
        late = policies.seen(rows.filter(organisation=branch, due_on__lt=today), sight)
        condition |= Q(pk__in=late.exclude(visibility=Visibility.PERSONS).values("pk"))
    found = rows.filter(condition).order_by("due_on", "id")
    return found.values_list("id", "kind", "text", "owner__name", "due_on", "owner_id")[:MOST]


def unclaimed(person: int) -> tuple[int, str, date | None]:
    """How many small tasks wait for someone of one's branch, the one due first, and its day; not those one wrote down."""
    found = record.rows(_for_all, person, _claimed())
    return (len(found), shortened(found[0][0]), found[0][1]) if found else (0, "", None)


def _for_all(person: int, claimed: tuple[str, ...]) -> QuerySet[Undertaking, Any]:
    at = Membership.objects.filter(person=person, until__isnull=True, stage__in=MEMBER_STAGES)
    rows = Undertaking.objects.filter(
        kind__in=claimed, state=UndertakingState.OPEN, owner=F("keeper"), organisation__in=at.values("organisation")
    ).exclude(owner=person)  # fmt: skip
    return rows.order_by("due_on", "id").values_list("text", "due_on")


def to_confirm(actor: Actor, branch: Organisation) -> list[tuple[int, str, str]]:
    """(id, text, owner) of what the branch's own people say is done and the actor may confirm."""
    closing = tuple(name for name, kind in policies.kinds().items() if kind.closed_by is Closer.BRANCH)
    found = record.rows(_done, branch.pk, closing, policies.sight_of(actor))
    return [(pk, shortened(text), owner) for pk, text, owner in found]


def _done(branch: int, closing: tuple[str, ...], given: Any) -> QuerySet[Undertaking, Any]:
    sight = policies.Sight(*given)
    done = Undertaking.objects.filter(organisation=branch, state=UndertakingState.DONE, kind__in=closing)
    rows = within(policies.seen(done, sight), sight.close).exclude(owner=sight.person)
    return rows.order_by("done_on", "id").values_list("id", "text", "owner__name")[:MOST]


def to_confirm_above(actor: Actor) -> list[tuple[int, str, str]]:
    """(id, text, branch) of what the superior set and the branch says is done."""
    closing = tuple(name for name, kind in policies.kinds().items() if kind.closed_by is Closer.SUPERIOR)
    found = record.rows(_done_for_superior, ranges(actor, policies.CLOSE), closing)
    return [
        (pk, text, name) for pk, text, name, path in found if policies.is_above(actor, policies.CLOSE, path)
    ][:MOST]


def _done_for_superior(spans: Spans, closing: tuple[str, ...]) -> QuerySet[Undertaking, Any]:
    rows = within(Undertaking.objects.filter(state=UndertakingState.DONE, kind__in=closing), spans)
    columns = ("id", "text", "organisation__name", "organisation__path")
    return rows.order_by("done_on", "id").values_list(*columns)[:50]


def for_agenda(
    organisation: Organisation, meeting: str, today: date, party_group: Organisation | None = None
) -> list[tuple[int, str, str]]:
    """(id, text, owner) of what is overdue and belongs on the agenda of a meeting of this kind.

    What is between persons never does; a meeting of a Party group takes up only its own.
    """
    asking = [name for name, kind in policies.kinds().items() if meeting in kind.meetings]
    rows = Undertaking.objects.filter(
        organisation=organisation, state=UndertakingState.OPEN, due_on__lt=today, kind__in=asking,
        visibility__in=ON_AGENDAS,
    )  # fmt: skip
    if meeting == "group_meeting":
        rows = rows.filter(party_group=party_group)
    return list(rows.order_by("due_on", "id").values_list("id", "text", "owner__name")[:MOST])


def published(organisation: Organisation) -> list[Undertaking]:
    """What stands on the public board of an organisation."""
    rows = Undertaking.objects.filter(organisation=organisation, visibility=Visibility.PUBLIC)
    return list(
        rows.exclude(state=UndertakingState.GIVEN_UP).select_related("owner").order_by("-opened_on", "-id")
    )
