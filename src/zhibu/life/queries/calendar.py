"""The calendar: what lies on which day, of one branch or of hundreds, from meetings and the lines of plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from zhibu import record, rulebook
from zhibu.core.authority import Actor, ranges
from zhibu.core.calendar import Month, WorkingDays
from zhibu.life import policies
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import PlanItem
from zhibu.life.queries.clashes import holiday_names
from zhibu.register.models import Organisation

ONE_DAY = timedelta(days=1)
HELD = (SessionState.HELD, SessionState.CLOSED)
NARROW = 3
"""Branches up to which a month shows titles; of more it shows how many there are."""
LINE = "line"
"""The state of a line of a plan that no meeting was made of yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day. `state` is that of the meeting, or LINE; `key` names the meeting, or the line."""

    day: date
    state: str
    key: int
    starts_at: time | None
    title: str
    kind: str
    place: str
    branch: str
    group: str | None

    @property
    def hour(self) -> str:
        """The hour as it is written; empty while none is set."""
        return f"{self.starts_at:%H:%M}" if self.starts_at else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month: whether it is worked, what it is called, what lies on it or how much."""

    day: date
    inside: bool
    working: bool
    name: str
    entries: tuple[Entry, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose days are looked at, and of which kinds of meeting."""

    today: date
    branch: int | None = None
    kind: str = ""


def entries(actor: Actor, first: date, last: date, scope: Scope) -> QuerySet[Any, Any]:
    """Meetings and open lines of plans from `first` to `last`, in order of time, as plain rows."""
    # databases order what has no hour differently: here it comes first in its day
    hour = Coalesce("starts_at", Value(time.min))
    rest = ("starts_at", "title", "kind", "place", "organisation__name", "party_group__name")
    names = ("at", "hour", "standing", "key", *rest)
    held, to_come = (
        rows.annotate(at=F(day), hour=hour, standing=F("state"), key=F("id")).values_list(*names)
        for rows, day in _sessions(actor, first, last, scope)
    )
    lines = _lines(actor, first, last, scope).annotate(
        at=F("day"), hour=hour, standing=Value(LINE), key=F("id")
    )
    both = held.union(to_come, lines.values_list(*names), all=True)
    return both.order_by("at", "hour", "standing", "key")


@dataclass(frozen=True, slots=True)
class Agenda:
    """The entries of a stretch of days, to be sliced; of many branches only the days a slice falls on are read.

    How many lie on each day is known from the month's picture, or counted once until the next act; a page of fifty
    then sorts one day or two of all branches and not their month.
    """

    actor: Actor
    first: date
    last: date
    scope: Scope
    found: Mapping[date, int] | None = None

    def __getitem__(self, wanted: slice) -> list[Sequence[Any]]:
        start, stop = wanted.start or 0, wanted.stop
        if self.found is None:
            return list(entries(self.actor, self.first, self.last, self.scope)[start:stop])
        days = _days_of(self.found, (self.first, self.last), start, stop)
        if days is None:
            return []
        first, last, passed = days
        part = slice(start - passed, stop - passed)
        key = ("agenda", ranges(self.actor, "life.view"), first, last, self.scope, part.start, part.stop)
        return record.kept(key, lambda: list(entries(self.actor, first, last, self.scope)[part]))


def _days_of(
    found: Mapping[date, int], span: tuple[date, date], start: int, stop: int
) -> tuple[date, date, int] | None:
    """The first and last day on which the entries from `start` to `stop` lie, and how many lie before the first."""
    first = last = None
    passed = skipped = 0
    for day in sorted(each for each in found if span[0] <= each <= span[1] and found[each]):
        if passed >= stop:
            break
        if first is None and passed + found[day] > start:
            first, skipped = day, passed
        passed, last = passed + found[day], day
    return None if first is None or last is None else (first, last, skipped)


def told(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """Plain rows as entries."""
    return [Entry(day, *rest) for day, _hour, *rest in rows]


def counts(actor: Actor, first: date, last: date, scope: Scope) -> Mapping[date, int]:
    """How many things lie on each day: three sums, however many branches."""
    key = (
        "calendar", ranges(actor, "life.view"), first, last, scope.today, scope.branch, scope.kind,
    )  # fmt: skip
    return record.kept(key, lambda: _counted(actor, first, last, scope))


def _counted(actor: Actor, first: date, last: date, scope: Scope) -> Mapping[date, int]:
    found: dict[date, int] = {}
    for rows, day in (*_sessions(actor, first, last, scope), (_lines(actor, first, last, scope), "day")):
        for when, number in rows.order_by().values_list(day).annotate(number=Count("id")):
            found[when] = found.get(when, 0) + number
    return found


def _sessions(
    actor: Actor, first: date, last: date, scope: Scope
) -> tuple[tuple[QuerySet[Session], str], tuple[QuerySet[Session], str]]:
    """What was held and what is to come, each with its column of the day: each has an index that begins with it."""
    rows = _scoped(actor, Session.objects.exclude(state=SessionState.CANCELLED), scope)
    return (
        (rows.filter(held_on__range=(first, last)), "held_on"),
        (rows.filter(held_on__isnull=True, planned_on__range=(first, last)), "planned_on"),
    )


def _lines(actor: Actor, first: date, last: date, scope: Scope) -> QuerySet[PlanItem]:
    """Lines from today on that nothing has answered: what is past was held, or shows in the plan as missed."""
    held = Session.objects.filter(
        Q(party_group=OuterRef("party_group")) | Q(party_group__isnull=True),
        organisation=OuterRef("organisation"), kind=OuterRef("kind"), state__in=HELD,
        held_on__gte=OuterRef("from_on"), held_on__lte=OuterRef("until_on"),
    )  # fmt: skip
    rows = PlanItem.objects.filter(
        ~Exists(held), day__range=(max(first, scope.today), last), session__isnull=True, dropped=0
    ).exclude(kind="")
    return _scoped(actor, rows, scope)


def _scoped(actor: Actor, rows: Any, scope: Scope) -> Any:
    rows = policies.visible_to(actor, rows)
    if scope.branch is not None:
        rows = rows.filter(organisation_id=scope.branch)
    return rows.filter(kind=scope.kind) if scope.kind else rows


def month_of(month: Month, found: Mapping[date, int] | Sequence[Entry]) -> list[list[Cell]]:
    """The weeks of a month, Monday first, whole weeks: with entries, or with how many there are."""
    first, last = bounds(month)
    calendar = rulebook.load().calendar
    days, names = WorkingDays(calendar), holiday_names(calendar, first, last)
    by_day: dict[date, list[Entry]] = {}
    if not isinstance(found, Mapping):
        for each in found:
            by_day.setdefault(each.day, []).append(each)
    cells = []
    for step in range((last - first).days + 1):
        day = first + ONE_DAY * step
        there = tuple(by_day.get(day, ()))
        number = found.get(day, 0) if isinstance(found, Mapping) else len(there)
        inside = Month.of(day) == month
        cells.append(Cell(day, inside, days.is_working(day).working, names.get(day, ""), there, number))
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def bounds(month: Month) -> tuple[date, date]:
    """The first Monday and the last Sunday that a month's page shows."""
    first = month.first - ONE_DAY * month.first.weekday()
    return first, month.last + ONE_DAY * (6 - month.last.weekday())


def is_narrow(actor: Actor, scope: Scope) -> bool:
    """Whether few enough branches are looked at for their titles to fit a month."""
    if scope.branch is not None:
        return True
    condition = policies.reached(actor, "life.view", "path")
    if condition is None:
        return True
    near = Organisation.objects.filter(condition).exclude(kind="party_group").values_list("pk")
    return len(near[: NARROW + 1]) <= NARROW


def branches_named(actor: Actor, search: str) -> list[tuple[int, str]]:
    """Branches in reach whose name holds a text: whom the calendar may be narrowed to."""
    condition = policies.reached(actor, "life.view", "path")
    if condition is None or not search:
        return []
    rows = Organisation.objects.filter(condition, name__icontains=search).exclude(kind="party_group")
    return list(rows.order_by(F("path")).values_list("id", "name")[:20])


def branch_name(actor: Actor, branch: int | None) -> str:
    """The name of the branch the calendar is narrowed to, when it is in reach."""
    condition = policies.reached(actor, "life.view", "path")
    if condition is None or branch is None:
        return ""
    return Organisation.objects.filter(condition, pk=branch).values_list("name", flat=True).first() or ""
