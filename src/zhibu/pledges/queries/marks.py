"""Half-year marks: who is asked for which, and what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhibu import record, rulebook
from zhibu.core.authority import Actor, ranges
from zhibu.pledges import policies
from zhibu.pledges.halves import Half, earlier, half_of, half_on
from zhibu.pledges.models import Mark, MarkStage
from zhibu.pledges.queries.year import due_within, of_year, promises
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.ui.doors import within
from zhibu.undertakings.models import Undertaking


@dataclass(frozen=True, slots=True)
class Marked:
    """A member with a pledge, and the marks of the half-year given so far, by stage."""

    person: int
    name: str
    post: str
    text: str
    group: int | None
    group_name: str
    marks: dict[str, Mark]

    @property
    def of_self(self) -> Mark | None:
        """By oneself."""
        return self.marks.get(MarkStage.SELF)

    @property
    def of_group(self) -> Mark | None:
        """By the Party group."""
        return self.marks.get(MarkStage.GROUP)

    @property
    def of_branch(self) -> Mark | None:
        """By the branch."""
        return self.marks.get(MarkStage.BRANCH)


def asked_half(today: date) -> Half:
    """The half-year whose marks may be given today."""
    return half_on(today, *_days(today))


def halves(today: date) -> tuple[Half, ...]:
    """The half-year asked today, and those before it whose missing marks may be entered late."""
    asked = asked_half(today)
    return (asked, *earlier(asked, *_days(today)))


def halves_of(branch: Organisation, today: date) -> tuple[Half, ...]:
    """Of `halves` the one asked, and those in which somebody of the branch had pledged."""
    asked, *before = halves(today)
    first = {
        year: of_year(branch, year).order_by("opened_on").values_list("opened_on", flat=True).first()
        for year in {half.year for half in before}
    }
    return (asked, *(half for half in before if (day := first[half.year]) and day <= half.ends_on))


def half_for(code: str, today: date) -> Half | None:
    """The half-year of a code (2026H1), or the one asked when there is no code; None for one that takes no marks."""
    return next((half for half in halves(today) if code in ("", half.code)), None)


def half_called(year: int, half: int) -> Half:
    """A half-year by its number."""
    return half_of(year, half, *_days(date(year, 6 * half, 30)))


def _days(day: date) -> tuple[int, int]:
    book = rulebook.load()
    return book.limit("pledges.marks_open_days", day) or 0, book.limit("pledges.marks_due_days", day) or 0


def marked(branch: Organisation, half: Half, today: date, group: Organisation | None = None) -> list[Marked]:
    """Members of today whose pledge of the year was made before the half-year ended; of one Party group, if named."""
    groups = {
        person: (group_id, name or "")
        for person, group_id, name in _members(branch, today).values_list(
            "person_id", "party_group_id", "party_group__name"
        )
    }
    made = dict(of_year(branch, half.year).filter(opened_on__lte=half.ends_on).values_list("owner_id", "id"))
    given: dict[int, dict[str, Mark]] = {}
    for mark in Mark.objects.filter(organisation=branch, year=half.year, half=half.half):
        given.setdefault(mark.person_id, {})[mark.stage] = mark
    return [
        Marked(each.person, each.name, each.told, each.text, *groups[each.person], given.get(each.person, {}))
        for each in promises(branch, half.year, today)
        if each.person in made
        and each.person in groups
        and (group is None or groups[each.person][0] == group.pk)
    ]


def _members(branch: Organisation | int, today: date) -> QuerySet[Membership]:
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    return Membership.objects.filter(current, organisation=branch, stage__in=MEMBER_STAGES)


def own_mark_due(person: int, today: date) -> Half | None:
    """The half-year whose own mark somebody with a pledge has not given; None when nothing is asked."""
    half = asked_half(today)
    return half if record.rows(_unmarked, person, today, _asked(half)) else None


def _unmarked(person: int, today: date, asked: Asked) -> QuerySet[Membership, Any]:
    first, last, ends, year, half = asked
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    mine = Membership.objects.filter(current, person=person, stage__in=MEMBER_STAGES)
    pledged = due_within(OuterRef("organisation"), first, last).filter(owner=person, opened_on__lte=ends)
    given = Mark.objects.filter(person=person, year=year, half=half, stage=MarkStage.SELF)
    return mine.filter(Exists(pledged), ~Exists(given)).values_list("pk")[:1]


def own_missing(person: int, branch: Organisation, year: int, today: date) -> frozenset[str]:
    """Codes of the half-years of a year that somebody has not marked, and still may."""
    made = of_year(branch, year).filter(owner=person).values_list("opened_on", flat=True)
    given = Mark.objects.filter(organisation=branch, person=person, year=year, stage=MarkStage.SELF)
    there = set(given.values_list("half", flat=True))
    days = list(made)
    return frozenset(
        half.code
        for half in halves(today)
        if half.year == year and half.half not in there and any(day <= half.ends_on for day in days)
    )


def groups_of(actor: Actor) -> list[Organisation]:
    """The Party groups for which the actor may give the group's marks, with their branch."""
    rows = within(
        Organisation.objects.filter(kind="party_group", closed_on__isnull=True),
        ranges(actor, policies.MARK_GROUP),
        "path",
    )
    return list(rows.select_related("parent").order_by("path")[:MOST_GROUPS])


def lacking(
    branch: Organisation, today: date, stage: str, besides: int | None, group: Organisation | None = None
) -> int:
    """How many of `marked` lack the mark of a stage, without whoever would give it to themselves: one question."""
    half = asked_half(today)
    inside = None if group is None else group.pk
    return len(record.rows(_lacking, branch.pk, today, _asked(half), str(stage), besides, inside))


Asked: TypeAlias = tuple[date, date, date, int, int]
"""Of a half-year: first and last day of its year, its own last day, year and number."""


def _asked(half: Half) -> Asked:
    return date(half.year, 1, 1), date(half.year, 12, 31), half.ends_on, half.year, half.half


def _lacking(
    branch: int, today: date, asked: Asked, stage: str, besides: int | None, group: int | None
) -> QuerySet[Undertaking, Any]:
    first, last, ends, year, half = asked
    members = _members(branch, today)
    if group is not None:
        members = members.filter(party_group=group)
    given = Mark.objects.filter(organisation=branch, year=year, half=half, stage=stage)
    rows = due_within(branch, first, last).filter(opened_on__lte=ends, owner__in=members.values("person"))
    rows = rows.exclude(owner__in=given.values("person")).exclude(owner=besides)
    return rows.values_list("owner").distinct()


def marks_of(person: int, branch: Organisation, year: int) -> list[tuple[Half, dict[str, Mark]]]:
    """Both half-years of somebody's year."""
    given: dict[int, dict[str, Mark]] = {1: {}, 2: {}}
    for mark in Mark.objects.filter(person=person, organisation=branch, year=year):
        given[mark.half][mark.stage] = mark
    return [(half_called(year, half), given[half]) for half in (1, 2)]


MOST_GROUPS = 50
