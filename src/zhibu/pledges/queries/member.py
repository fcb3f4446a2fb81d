"""The year of one member, gathered from what other rooms hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from zhibu.ballots import queries as ballots
from zhibu.ballots.models import Ballot, BallotState
from zhibu.core.authority import Actor
from zhibu.core.norms import VoteKind
from zhibu.life.models import Attendance, AttendanceState
from zhibu.pledges.halves import Half
from zhibu.pledges.models import Mark, Zone
from zhibu.pledges.queries.marks import marks_of
from zhibu.pledges.queries.year import KIND, Promise, promises
from zhibu.pledges.queries.zones import zones_of
from zhibu.premises import policies as premises
from zhibu.premises.models import Honour
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.study import queries as study
from zhibu.ui.language import pick
from zhibu.undertakings import policies as undertakings
from zhibu.undertakings import queries as undertaken
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.queries.listing import LISTED

MOST = 40


@dataclass(frozen=True, slots=True)
class Attended:
    """Meetings of the year: attended, and those one was expected at."""

    present: int
    expected: int


@dataclass(frozen=True, slots=True)
class Tested:
    """The democratic test of a year for one person: how many gave each grade; nothing when too few answered."""

    ballot: int
    voted_on: date
    counted: bool
    withheld: bool
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """What a year of a member comes to. `hours` are there for the member alone."""

    year: int
    promise: Promise | None
    zones: list[Zone]
    marks: list[tuple[Half, dict[str, Mark]]]
    undertaken: list[dict[str, Any]]
    honours: list[Honour]
    attended: Attended
    test: Tested | None
    hours: study.Hours | None


def home_of(person: int) -> tuple[Organisation | None, str]:
    """The branch of which somebody is a member, and their name; (None, "") for whoever is none."""
    rows = Membership.objects.filter(person=person, until__isnull=True, stage__in=MEMBER_STAGES)
    spell = rows.select_related("organisation", "person").order_by("-since").first()
    return (spell.organisation, spell.person.name) if spell else (None, "")


def year_of(actor: Actor, person: int, branch: Organisation, year: int, today: date) -> Year:
    """The year of a member as the actor may see it; who may open the page was asked before."""
    promise = next((each for each in promises(branch, year, today) if each.person == person), None)
    return Year(
        year, promise, zones_of(person), marks_of(person, branch, year), _undertaken(actor, person, year, today),
        _honours(actor, person, year), _attended(person, year), year_test(branch, year, person),
        study.hours_of(person, year, today) if actor.person == person else None,
    )  # fmt: skip


def _undertaken(actor: Actor, person: int, year: int, today: date) -> list[dict[str, Any]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = undertakings.visible_to(
        actor, Undertaking.objects.filter(Q(owner=person) | Q(about=person), opened_on__lte=last)
    )
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first)).exclude(
        kind__in=[KIND, *undertakings.standing()]
    )
    return undertaken.told(rows.order_by("due_on", "id").values(*LISTED)[:MOST], today)


def _honours(actor: Actor, person: int, year: int) -> list[Honour]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Honour.objects.filter(
        person=person, given_on__gte=first, given_on__lte=last, revoked_on__isnull=True
    )
    return [
        row
        for row in rows.select_related("organisation").order_by("given_on")[:MOST]
        if premises.sees(actor, row)
    ]


def _attended(person: int, year: int) -> Attended:
    rows = Attendance.objects.filter(
        person=person, held_on__gte=date(year, 1, 1), held_on__lte=date(year, 12, 31)
    )
    states = list(rows.exclude(state=AttendanceState.OBSERVER).values_list("state", flat=True))
    return Attended(sum(state == AttendanceState.PRESENT for state in states), len(states))


def year_test(branch: Organisation, year: int, person: int | None = None) -> Tested | None:
    """The last appraisal of members put to a ballot in a year; of somebody the grades, unless too few answered."""
    rows = Ballot.objects.filter(
        organisation=branch, voted_on__gte=date(year, 1, 1), voted_on__lte=date(year, 12, 31)
    ).exclude(state=BallotState.CANCELLED)
    ballot = next(
        (row for row in rows.order_by("-voted_on", "-id") if ballots.kind_of(row) is VoteKind.APPRAISAL), None
    )
    if ballot is None:
        return None
    counted, withheld = ballot.state == BallotState.COUNTED, ballots.is_withheld(ballot)
    return Tested(ballot.pk, ballot.voted_on, counted, withheld, _grades(ballot, person) if person else ())


def _grades(ballot: Ballot, person: int) -> tuple[tuple[str, int], ...]:
    vote = ballots.vote_of(ballot)
    name = ballot.choices.filter(person=person).values_list("name", flat=True).first()
    if vote is None or name is None:
        return ()
    titles = ballots.rule_of(ballot).grade_titles
    return tuple(
        (pick(titles[grade]) if grade in titles else grade, number)
        for subject in vote.subjects
        if subject.name == name
        for grade, number in subject.grades.items()
    )
