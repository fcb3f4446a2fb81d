"""The year of one member, gathered from what other rooms hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from zhibu import rulebook
from zhibu.ballots import queries as ballots
from zhibu.ballots.models import Ballot, BallotState
from zhibu.core.authority import Actor
from zhibu.core.norms import VoteKind
from zhibu.life.models import Attendance, AttendanceState
from zhibu.pledges.halves import Half
from zhibu.pledges.models import Mark, Zone
from zhibu.pledges.queries.marks import marks_of, own_missing
from zhibu.pledges.queries.year import KIND, Promise, of_year, promises
from zhibu.pledges.queries.zones import zones_of
from zhibu.premises import policies as premises
from zhibu.premises.models import Honour
from zhibu.procedures import policies as cases
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries import procedure_of
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.study import queries as study
from zhibu.ui.language import pick
from zhibu.undertakings import policies as undertakings
from zhibu.undertakings import queries as undertaken
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.queries.listing import LISTED

MOST, APPRAISAL = 40, "appraisal"


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
    void: bool
    withheld: bool
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """How a case of appraisal about somebody ended: the statutory one, a star rating of an overlay, a rectification."""

    case: int
    title: str
    ending: str
    ended_on: date


@dataclass(frozen=True, slots=True)
class Year:
    """What a year of a member comes to. `hours` are there for the member alone; `missing` are the codes of half-years whose
    own mark is missing and may still be given.
    """

    year: int
    promise: Promise | None
    zones: list[Zone]
    marks: list[tuple[Half, dict[str, Mark]]]
    missing: frozenset[str]
    undertaken: list[dict[str, Any]]
    honours: list[Honour]
    attended: Attended
    test: Tested | None
    rated: tuple[Rated, ...]
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
        year, promise, zones_of(person), marks_of(person, branch, year), own_missing(person, branch, year, today),
        _undertaken(actor, person, year, today), _honours(actor, person, year), _attended(person, year),
        year_test(branch, year, person), _rated(actor, person, year),
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


def _rated(actor: Actor, person: int, year: int) -> tuple[Rated, ...]:
    rows = Case.objects.filter(
        person=person, state=CaseState.ENDED, ended_on__gte=date(year, 1, 1), ended_on__lte=date(year, 12, 31)
    )
    found = []
    for row in cases.visible_to(actor, rows).order_by("ended_on", "id")[:MOST]:
        procedure = procedure_of(row.procedure)
        if procedure is None or procedure.group != APPRAISAL or row.ended_on is None:
            continue
        ending = pick(procedure.ending(row.ended).title) if row.ended else ""
        found.append(Rated(row.pk, pick(procedure.title), ending, row.ended_on))
    return tuple(found)


def year_test(branch: Organisation, year: int, person: int | None = None) -> Tested | None:
    """The last appraisal of members put to a ballot for a year; of somebody the grades, unless too few answered.

    One held in the first days of the next year is of the year that ended.
    """
    ballot = _test(branch, year)
    if ballot is None:
        return None
    counted, withheld = ballot.state == BallotState.COUNTED, ballots.is_withheld(ballot)
    grades = _grades(ballot, person) if person and not ballot.void else ()
    return Tested(ballot.pk, ballot.voted_on, counted, bool(ballot.void), withheld, grades)


def _test(branch: Organisation, year: int) -> Ballot | None:
    late = _days("test_due_days", date(year, 12, 31))
    rows = Ballot.objects.filter(
        organisation=branch, voted_on__gte=date(year, 1, 1) + late, voted_on__lte=date(year, 12, 31) + late
    ).exclude(state=BallotState.CANCELLED)
    return next(
        (row for row in rows.order_by("-voted_on", "-id") if ballots.kind_of(row) is VoteKind.APPRAISAL), None
    )


@dataclass(frozen=True, slots=True)
class TestAsked:
    """The test of a year that is still to be held, or is being held: `ballot` when it was prepared, with its state."""

    year: int
    due_on: date
    ballot: int | None
    state: str

    @property
    def state_told(self) -> str:
        """The state of the ballot in words."""
        return str(BallotState(self.state).label) if self.state else ""


def test_asked(branch: Organisation, today: date) -> TestAsked | None:
    """The test that a branch whose members pledged has to hold at the year's end; None once it was counted, and when
    it is not the time. Of the year before it is asked as long as one held now would still be of that year.
    """
    for year in (today.year - 1, today.year):
        ends = date(year, 12, 31)
        opens, closes = ends - _days("test_open_days", ends), ends + _days("test_due_days", ends)
        if not opens <= today <= closes or not of_year(branch, year).exists():
            continue
        ballot = _test(branch, year)
        if ballot is None or ballot.void:
            return TestAsked(year, ends, None, "")
        if ballot.state != BallotState.COUNTED:
            return TestAsked(year, ends, ballot.pk, ballot.state)
    return None


def _days(name: str, day: date) -> timedelta:
    return timedelta(days=rulebook.load().limit(f"pledges.{name}", day) or 0)


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
