"""Care: who is to be visited, visits, contacts with experts, help plans; each seen by whoever its kind lets see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q

from zhibu.core.authority import Actor, may
from zhibu.life.queries.missed import exemptions_in
from zhibu.life.queries.visits import last_visited
from zhibu.register.models import Organisation
from zhibu.undertakings import policies as undertaken
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.queries.listing import LISTED

VISIT, EXPERT = "care_visit", "talent_contact"
PLANS = ("help_plan", "care")


@dataclass(frozen=True, slots=True)
class Exempt:
    """A member who need not come, and when the branch last went to see them."""

    person: int
    name: str
    ground: str
    visited_on: date | None


@dataclass(frozen=True, slots=True)
class Care:
    """The page of a branch, as far as the actor may see it."""

    exempt: Sequence[Exempt]
    visits: Sequence[dict[str, Any]]
    experts: Sequence[dict[str, Any]]
    plans: Sequence[dict[str, Any]]


def care(actor: Actor, branch: Organisation, today: date) -> Care:
    """Everything of a year. The ground of an exemption is told to whoever grants them, to nobody else."""
    rows = undertaken.visible_to(actor, Undertaking.objects.filter(organisation=branch))
    recent = Q(state__in=undertaken.OPEN_STATES) | Q(ended_on__gte=date(today.year, 1, 1))

    def listed(*kinds: str) -> list[dict[str, Any]]:
        found = rows.filter(recent, kind__in=kinds).order_by("state", "due_on", "id")
        return undertakings.told(found.values(*LISTED, "about__name", "whom")[:100], today)

    return Care(
        _exempt(branch, today) if may(actor, "life.exempt", branch.path) else (),
        listed(VISIT), listed(EXPERT), listed(*PLANS),
    )  # fmt: skip


def _exempt(branch: Organisation, today: date) -> list[Exempt]:
    found = exemptions_in(branch, today)
    people = [each.person_id for each in found]
    done = (UndertakingState.DONE, UndertakingState.CLOSED)
    last = dict(
        Undertaking.objects.filter(organisation=branch, kind=VISIT, state__in=done, about__in=people)
        .values_list("about")
        .annotate(last=Max("done_on"))
    )
    # a visit is recorded once: as one of care, as one to whom the meeting is brought home, or as what made up for it
    for person, day in last_visited(people).items() if people else ():
        last[person] = max(day, last.get(person) or day)
    return [
        Exempt(each.person_id, each.person.name, each.get_ground_display(), last.get(each.person_id))
        for each in found
    ]
