"""The register of suggestions: what members see of it, what becomes of one, and the sums of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from zhibu.core.authority import STEP, Actor, ranges
from zhibu.letters import policies
from zhibu.letters.models import LetterKind, Missive, Proposal, ProposalState
from zhibu.register.models import Organisation, OrganisationKind
from zhibu.ui.doors import within
from zhibu.undertakings import policies as undertakings_policies
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking

SOURCE = "letters.suggestion"
TASK, TASK_SOURCE = "small_task", "letters.task"
"""No page has this name: a member who reads the task is not led to a letter they may not read."""
MOST_PLACES, MOST_ROWS = 1000, 100
TONES = {
    ProposalState.EXAMINING: "wait",
    ProposalState.ADOPTED: "open",
    ProposalState.DECLINED: "idle",
    ProposalState.DONE: "done",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Suggestions of a year in one organisation."""

    organisation: int
    name: str
    received: int
    examining: int
    adopted: int
    declined: int
    done: int
    fen: int
    hours: int


def suggestions(actor: Actor, *, state: str = "") -> QuerySet[Proposal]:
    """The register within reach, what is being examined first."""
    rows = policies.registered(actor, Proposal.objects.select_related("organisation"))
    if state in ProposalState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-received_on", "-id")


def suggestion_for(actor: Actor, pk: int) -> Proposal:
    """One suggestion of the register, or 404."""
    rows = policies.registered(actor, Proposal.objects.select_related("organisation", "missive"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def tone(row: Proposal) -> str:
    """The tone of its state."""
    return TONES[ProposalState(row.state)]


def measures_of(actor: Actor, row: Proposal, today: date) -> list[dict[str, Any]]:
    """What was undertaken because of it, as far as the actor may see it."""
    return undertakings.of_source(actor, SOURCE, row.pk, today)


def people_of(organisation: Organisation, today: date) -> list[tuple[int, str, str, str]]:
    """Who may carry it out."""
    return undertakings.people(organisation, today)


def task_days(today: date) -> int:
    """The days a small task has by its rule."""
    kind = undertakings_policies.kinds().get(TASK)
    return kind.days_on(today) if kind else 0


def has_task(letter: Missive) -> bool:
    """Whether a letter was put up as a small task."""
    return Undertaking.objects.filter(source=TASK_SOURCE, source_id=letter.pk, kind=TASK).exists()


def measure_due(today: date) -> date:
    """The day proposed for a measure."""
    kind = undertakings_policies.kinds().get("measure")
    return today + timedelta(days=kind.days_on(today) if kind else 0)


def proposal_of(letter: Missive) -> Proposal | None:
    """What became of a letter; none before it is taken up."""
    return Proposal.objects.filter(missive=letter).first()


def forwarded(actor: Actor) -> list[Missive]:
    """Letters handed in here that another organisation has now, newest first."""
    rows = policies.forwarded(actor, Missive.objects.select_related("organisation", "origin"))
    return list(rows.order_by("-held_since", "-id")[:MOST_ROWS])


def places_to_forward(letter: Missive) -> list[Organisation]:
    """Where a letter may be handed on to: the organisations above, and those under the one that has it."""
    path = letter.organisation.path
    above = [path[:length] for length in range(STEP, len(path), STEP)]
    rows = Organisation.objects.filter(Q(path__in=above) | Q(path__startswith=path), closed_on__isnull=True)
    rows = rows.exclude(kind=OrganisationKind.PARTY_GROUP).exclude(pk=letter.organisation_id)
    return list(rows.order_by("path")[:MOST_PLACES])


def sums(actor: Actor, year: int) -> list[Sums]:
    """A year's suggestions by organisation, those with most first: counts and sums, no letters."""
    spans = ranges(actor, "letters.view")
    span = (date(year, 1, 1), date(year, 12, 31))
    letters = within(Missive.objects.filter(kind=LetterKind.SUGGESTION, received_on__range=span), spans)
    came = dict(letters.values_list("organisation_id").annotate(n=Count("id")))
    rows = within(Proposal.objects.filter(received_on__range=span), spans)
    found = {row["organisation_id"]: row for row in rows.values("organisation_id").annotate(**_counts())}
    names = dict(Organisation.objects.filter(pk__in={*came, *found}).values_list("id", "name"))
    made = [_sums(pk, name, came.get(pk, 0), found.get(pk, {})) for pk, name in names.items()]
    return sorted(made, key=lambda each: (-each.received, each.organisation))


def _counts() -> dict[str, Any]:
    states = {state.value: Count("id", filter=Q(state=state)) for state in ProposalState}
    return {**states, "fen": Sum("benefit_fen"), "hours": Sum("benefit_hours")}


def _sums(pk: int, name: str, received: int, row: Mapping[str, Any]) -> Sums:
    done = row.get("done", 0)
    # what is done was adopted first
    return Sums(
        pk, name, received, row.get("examining", 0), row.get("adopted", 0) + done, row.get("declined", 0), done,
        row.get("fen") or 0, row.get("hours") or 0,
    )  # fmt: skip
