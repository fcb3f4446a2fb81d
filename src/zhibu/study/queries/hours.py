"""Hours of study: of one person for that person, of a branch without a sum to compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.life import kinds
from zhibu.life.models import Attendance, AttendanceState
from zhibu.life.queries import in_force
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Post
from zhibu.study import limits
from zhibu.study.models import StudyKind, StudyRecord


@dataclass(frozen=True, slots=True)
class Line:
    """One thing studied."""

    day: date
    minutes: int
    what: str
    how: str
    counts: bool
    session: int | None = None
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The study of one person in a year, in minutes; `needed` by the rule that applies to that person."""

    year: int
    rule: str
    per_hour: int
    needed: int
    counted: int
    beside: int
    lines: tuple[Line, ...] = ()

    @property
    def gap(self) -> int:
        """Minutes that are missing."""
        return max(0, self.needed - self.counted)

    def in_hours(self, minutes: int) -> str:
        """Minutes as class hours, with one decimal where there is one."""
        tenths = minutes * 10 // max(self.per_hour, 1)
        return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)

    @property
    def told(self) -> dict[str, str]:
        """The sums as the page shows them, in class hours."""
        sums = {"needed": self.needed, "counted": self.counted, "beside": self.beside, "gap": self.gap}
        return {name: self.in_hours(minutes) for name, minutes in sums.items()}


@dataclass(frozen=True, slots=True)
class BranchHours:
    """How the members of a branch stand: how many have reached their hours, and whom to help, in the register's order."""

    year: int
    members: int
    reached: int
    behind: tuple[tuple[int, str], ...]


def leads(person: int, day: date) -> bool:
    """Whether the hours of secretaries and committees are asked of somebody on a day."""
    return Post.objects.filter(in_force(day), person_id=person, in_committee=1).exists()


def hours_of(person: int, year: int, today: date) -> Hours:
    """The study of one person in a year: meetings attended, training, self-study, line by line."""
    day = min(today, date(year, 12, 31))
    lines = sorted(
        [*_meetings(person, year), *_records(person, year)], key=lambda line: line.day, reverse=True
    )
    rule = "leader_hours" if leads(person, day) else "member_hours"
    per_hour = limits.number("minutes_per_hour", day)
    return Hours(
        year, rule, per_hour, limits.number(rule, day) * per_hour,
        counted=sum(line.minutes for line in lines if line.counts),
        beside=sum(line.minutes for line in lines if not line.counts), lines=tuple(lines),
    )  # fmt: skip


def branch_hours(organisation: Organisation, year: int, today: date) -> BranchHours:
    """How many members of a branch have reached the hours of a year, and who has not. Five queries, whatever its size."""
    day = min(today, date(year, 12, 31))
    rows = Membership.objects.filter(in_force(day), organisation=organisation, stage__in=MEMBER_STAGES)
    people = dict(rows.order_by("person__initials", "person_id").values_list("person_id", "person__name"))
    counted = _sums(people, year)
    leading = set(
        Post.objects.filter(in_force(day), person__in=people, in_committee=1).values_list(
            "person_id", flat=True
        )
    )
    per_hour = limits.number("minutes_per_hour", day)
    needed = {
        leads_it: limits.number(name, day) * per_hour
        for leads_it, name in ((True, "leader_hours"), (False, "member_hours"))
    }
    behind = tuple(
        (person, name) for person, name in people.items() if counted[person] < needed[person in leading]
    )
    return BranchHours(year, len(people), len(people) - len(behind), behind)


def records_of(organisation: Organisation, year: int) -> Any:
    """Training entered for a branch, newest first; self-study belongs to whoever reported it."""
    rows = StudyRecord.objects.filter(organisation=organisation, studied_on__gte=date(year, 1, 1))
    rows = rows.filter(studied_on__lte=date(year, 12, 31)).exclude(kind=StudyKind.SELF_STUDY)
    return rows.order_by("-studied_on", "-id").values(
        "id", "studied_on", "minutes", "title", "kind", "platform", "person__name", "batch_id"
    )


def minutes_on(person: int, day: date) -> int:
    """What somebody has reported for a day already."""
    return sum(StudyRecord.objects.filter(person_id=person, studied_on=day).values_list("minutes", flat=True))


def _meetings(person: int, year: int) -> Iterable[Line]:
    rows = Attendance.objects.filter(
        person_id=person, state=AttendanceState.PRESENT, study_minutes__gt=0,
        held_on__gte=date(year, 1, 1), held_on__lte=date(year, 12, 31),
    )  # fmt: skip
    for day, minutes, title, kind, session in rows.values_list(
        "held_on", "study_minutes", "session__title", "session__kind", "session_id"
    ):
        yield Line(day, minutes, title, kinds.title(kind), counts=True, session=session)


def _records(person: int, year: int) -> Iterable[Line]:
    rows = StudyRecord.objects.filter(
        person_id=person, studied_on__gte=date(year, 1, 1), studied_on__lte=date(year, 12, 31)
    )
    for pk, day, minutes, title, kind in rows.values_list("id", "studied_on", "minutes", "title", "kind"):
        how = str(StudyKind(kind).label)
        yield Line(day, minutes, title, how, counts=limits.counts(kind, day), record=pk)


def _sums(people: Iterable[int], year: int) -> dict[int, int]:
    """Minutes that count, by person."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sums: dict[int, int] = defaultdict(int)
    meetings = Attendance.objects.filter(
        person__in=list(people), state=AttendanceState.PRESENT, study_minutes__gt=0, held_on__gte=first,
        held_on__lte=last,
    )  # fmt: skip
    for person, minutes in meetings.values_list("person_id", "study_minutes"):
        sums[person] += minutes
    records = StudyRecord.objects.filter(person__in=list(people), studied_on__gte=first, studied_on__lte=last)
    for person, minutes, kind, day in records.values_list("person_id", "minutes", "kind", "studied_on"):
        if limits.counts(kind, day):
            sums[person] += minutes
    return sums
