"""Who owes how much for a month, from the register's history, the bases and the rule: for one branch or for thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from zhibu import rulebook
from zhibu.core.calendar import Month
from zhibu.core.levy import (
    Approval,
    Because,
    Levy,
    Member,
    PracticeRow,
    Relief,
    Spell,
    charge,
)
from zhibu.core.refusal import Refusal, Refused
from zhibu.dues import secrets
from zhibu.dues.models import Base, DuesPosting, Hardship
from zhibu.dues.queries.balances import CHARGED, UNCHARGED
from zhibu.register.models import MEMBER_STAGES, Ended, Membership

ROSTER = "roster"
"""Why: no base is confirmed, but the roster states the monthly amount."""
PORTION = 20_000

Rows = TypeVar("Rows", bound=QuerySet[Any])
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a member of a branch owes for a month; `fen` None when it cannot be said."""

    person: int
    name: str
    organisation: int
    fen: int | None
    because: str
    payer: str = ""
    rule: str = ""
    charged_fen: int | None = None
    turns: int = 0


@dataclass(frozen=True, slots=True)
class _Here:
    person: int
    name: str
    organisation: int
    since: date
    roster_fen: int | None
    joined_on: date | None


def practice_on(day: date) -> tuple[Levy, PracticeRow]:
    """The rule and the choices in force on a day; refused when there are none."""
    levy = rulebook.load().levy
    row = levy.practice_on(day)
    if row is None:
        raise Refused(Refusal("dues.no_rule", f"{day}：没有施行中的党费规定", remedy="请核对月份"))
    return levy, row


def plan(
    organisations: Sequence[int], month: Month, today: date, only: Collection[int] | None = None
) -> list[Planned]:
    """Every member who pays in these branches for the month, or some of them, in the order of their names' sound."""
    levy, practice = practice_on(month.first)
    found: list[Planned] = []
    for some in _portions(organisations, 400):
        here = [each for each in _belonging(some, month, today) if only is None or each.person in only]
        for people in _portions(here, PORTION):
            found += _planned(levy, practice, people, month)
    return found


def _portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _belonging(organisations: Sequence[int], month: Month, today: date) -> Iterator[_Here]:
    """One row a member: of the branch on the first day, or the first branch of the month."""
    rows = (
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gt=month.first),
            organisation_id__in=organisations,
            stage__in=MEMBER_STAGES,
            since__lte=month.last,
        )
        .order_by("person__initials", "person__name", "person_id", "since")
        .values_list(
            "person_id", "person__name", "organisation_id", "since", "dues_monthly_fen", "person__joined_on", "until",
            "ended_because",
        )
    )  # fmt: skip
    found: dict[int, _Here] = {}
    for person, name, organisation, since, fen, joined, until, ended in rows:
        if ended == Ended.DECEASED and until is not None and until <= min(today, month.last):
            found.pop(person, None)
            continue
        if person not in found:
            found[person] = _Here(person, name, organisation, since, fen, joined)
    elsewhere = _charged_elsewhere([each for each in found.values() if each.since > month.first], month)
    return (each for each in found.values() if each.person not in elsewhere)


def _charged_elsewhere(arrived: Sequence[_Here], month: Month) -> set[int]:
    """Of those who came in mid-month, whoever belonged to another branch before, in this month."""
    if not arrived:
        return set()
    first_here = {each.person: each.since for each in arrived}
    rows = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=month.first),
        person_id__in=list(first_here),
        stage__in=MEMBER_STAGES,
        since__lte=month.last,
    ).values_list("person_id", "since")
    return {person for person, since in rows if since < first_here[person]}


def _planned(levy: Levy, practice: PracticeRow, people: Sequence[_Here], month: Month) -> Iterator[Planned]:
    numbers = [each.person for each in people]
    spells, reliefs = _spells(numbers, month), _reliefs(numbers, month)
    charged = _charged(numbers, month)
    for each in people:
        member = Member(
            tuple(spells.get(each.person, ())), each.joined_on, None, tuple(reliefs.get(each.person, ()))
        )
        came = charge(levy, member, month, practice)
        fen, because = came.fen, came.because.value
        if fen is None and came.because is Because.BASE_UNKNOWN and each.roster_fen and not member.spells:
            fen, because = each.roster_fen, ROSTER
        already, turns = charged.get(each.person, (None, 0))
        yield Planned(
            each.person, each.name, each.organisation, fen, because, came.payer.value if came.payer else "", came.rule,
            already, turns,
        )  # fmt: skip


def _spells(people: Iterable[int], month: Month) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = {}
    rows = _of(
        Base.objects.filter(since_on__lte=month.first, replaced=0, confirmed_on__isnull=False), people
    ).values_list("person_id", "payer", "since_on", "sealed")
    for person, payer, since, sealed in rows:
        found.setdefault(person, []).append(secrets.spell(payer, Month.of(since), sealed))
    return found


def _reliefs(people: Iterable[int], month: Month) -> dict[int, list[Relief]]:
    found: dict[int, list[Relief]] = {}
    rows = _of(
        Hardship.objects.filter(since_on__lte=month.first, approved_on__isnull=False), people
    ).values_list("person_id", "since_on", "until_on", "to_fen", "approved_on", "approved_at")
    for person, since, until, fen, approved, by in rows:
        relief = Relief(Month.of(since), Month.of(until) if until else None, fen, approved, Approval(by))
        found.setdefault(person, []).append(relief)
    return found


def _charged(people: Iterable[int], month: Month) -> dict[int, tuple[int | None, int]]:
    """Person to what stands charged for the month (None: nothing) and how often it was."""
    found: dict[int, tuple[int, int]] = {}
    rows = _of(DuesPosting.objects.filter(CHARGED | UNCHARGED, month_on=month.first), people)
    # in whatever order they come: a charge taken back and raised again may be read the other way round
    for person, debit, fen in rows.values_list("person_id", "debit", "fen"):
        stands, turns = found.get(person, (0, 0))
        raised = debit == "receivable"
        found[person] = (stands + (fen if raised else -fen), turns + raised)
    return {person: (stands or None, turns) for person, (stands, turns) in found.items()}


def _of(rows: Rows, people: Iterable[int]) -> Rows:
    """Rows of some people; both databases take a list of tens of thousands of numbers."""
    return rows.filter(person_id__in=list(people))
