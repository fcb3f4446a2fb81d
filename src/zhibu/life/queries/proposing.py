"""What the plan of a year could hold: what the rules in force ask of this branch, on the days it usually meets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from zhibu import analytics, rulebook
from zhibu.core.calendar import Month, Quarter, Span, WorkingDays
from zhibu.core.duties import Duty, asked, worklist
from zhibu.core.norms import Reduce, Rulebook
from zhibu.core.planning import Asked, meetings, work
from zhibu.core.recurrence import Recurring, worked
from zhibu.core.refusal import Force
from zhibu.life import kinds
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import RecurringDay
from zhibu.life.queries.roll import groups, of_group
from zhibu.register.models import Organisation

LOOKED_BACK = 400
"""Rows of what was held, newest first, in which the usual days are looked for: a year of a branch."""


@dataclass(frozen=True, slots=True)
class Usual:
    """When and where a kind of meeting is usually held; `said` when the branch set it down itself."""

    recurring: Recurring
    starts_at: time | None
    place: str
    said: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line proposed for a plan."""

    kind: str
    party_group: Organisation | None
    title: str
    standard: str
    part: str
    cadence: str
    must: bool
    from_on: date
    until_on: date
    day: date | None = None
    starts_at: time | None = None
    place: str = ""
    session: int | None = None


Usuals = Mapping[tuple[str, int | None], Usual]


def proposed(organisation: Organisation, first: date, last: date) -> list[Proposed]:
    """Everything the rules still ask of a branch from `first` to `last`, meetings with days, in order of their windows."""
    book = rulebook.load()
    duties = _duties(book, organisation, first, last)
    there = groups(organisation, first)
    usual, calendar = usual_days(organisation), WorkingDays(book.calendar)
    found = [
        line
        for each in meetings(duties, lambda fact: book.facts[fact].reduce.kind is Reduce.COUNT)
        for line in _meetings(each, there, usual, calendar, first)
    ]
    found += [
        Proposed(
            "", None, each.title["zh"], each.standard, each.check, each.cadence.value, each.force is Force.MUST,
            max(each.window.first, first), last,
        )
        for each in work(duties, book.standards.values())
    ]  # fmt: skip
    return _with_sessions(organisation, found, first, last)


def _duties(book: Rulebook, organisation: Organisation, first: date, last: date) -> tuple[Duty, ...]:
    wanted = asked(book.standards.values(), last, since=first)

    def facts_of(span: Span) -> Mapping[str, int]:
        names = wanted[span]
        path = organisation.path
        found = analytics.facts_for(book, names, path, path + "0", span.first, span.last)
        return found.get(organisation.pk) or {name: book.facts[name].empty for name in names}

    return worklist(book.standards.values(), last, facts_of, kind=organisation.kind, since=first)


def _meetings(
    each: Asked, there: Iterable[Organisation], usual: Usuals, calendar: WorkingDays, first: date
) -> Iterable[Proposed]:
    """The lines of one thing asked for: one for each Party group where groups meet."""
    label = kinds.title_zh(each.kind)
    window = replace(each.window, first=max(each.window.first, first))
    for group in there if each.kind in of_group() else (None,):
        line = Proposed(
            each.kind, group, label, each.standard, each.check, "", each.force is Force.MUST, window.first, window.last
        )  # fmt: skip
        days = usual.get((each.kind, group.pk if group else None)) or usual.get((each.kind, None))
        for place in range(each.number):
            yield line if days is None else _on(line, days, calendar, place, each.number)


def _on(line: Proposed, usual: Usual, calendar: WorkingDays, place: int, of: int) -> Proposed:
    """The line on its usual day within its window: spread evenly, a single one in the middle of a quarter."""
    days = list(usual.recurring.between(line.from_on, line.until_on))
    if not days:
        # the usual day of this month is over; what is left of it still has to hold the meeting
        return replace(line, starts_at=usual.starts_at, place=usual.place)
    chosen = days[-1] if len(days) > 3 and of == 1 else days[len(days) * (2 * place + 1) // (2 * of)]
    day = worked(chosen, calendar, first=line.from_on, last=line.until_on)
    return replace(line, day=day, starts_at=usual.starts_at, place=usual.place)


def placed(organisation: Organisation, kind: str, group: int | None, first: date, last: date) -> date | None:
    """The usual day of a kind of meeting within a window, moved to a worked day; None without a usual day."""
    usual = usual_days(organisation).get((kind, group))
    if usual is None:
        return None
    line = Proposed(kind, None, "", "", "", "", must=False, from_on=first, until_on=last)
    return _on(line, usual, WorkingDays(rulebook.load().calendar), 0, 1).day


def usual_days(organisation: Organisation) -> Usuals:
    """What the branch set down; for other kinds, what the last meeting of the kind was: its weekday, hour and place."""
    found: dict[tuple[str, int | None], Usual] = {}
    rows = RecurringDay.objects.filter(organisation=organisation)
    for each in rows:
        recurring = Recurring(each.week, each.weekday)
        found[each.kind, each.party_group_id] = Usual(recurring, each.starts_at, each.place, said=True)
    held = Session.objects.filter(
        organisation=organisation, state__in=(SessionState.HELD, SessionState.CLOSED), held_on__isnull=False
    ).order_by("-held_on")
    for kind, group, day, starts_at, place in held.values_list(
        "kind", "party_group_id", "held_on", "starts_at", "place"
    )[:LOOKED_BACK]:
        if day is not None:
            found.setdefault((kind, group), Usual(Recurring.of(day), starts_at, place))
    return found


def _with_sessions(
    organisation: Organisation, lines: list[Proposed], first: date, last: date
) -> list[Proposed]:
    """Meetings already arranged take the place of what was proposed in their window."""
    rows = Session.objects.filter(
        organisation=organisation, state__in=(SessionState.PLANNED, SessionState.CONVENED),
        planned_on__gte=first, planned_on__lte=last,
    ).order_by("planned_on", "id")  # fmt: skip
    left = list(rows.values_list("id", "kind", "party_group_id", "planned_on", "starts_at", "place"))
    found = []
    for line in lines:
        group = line.party_group.pk if line.party_group else None
        match = next(
            (
                row
                for row in left
                if row[1] == line.kind
                and row[2] == group
                and row[3]
                and line.from_on <= row[3] <= line.until_on
            ),
            None,
        )
        if match is None:
            found.append(line)
            continue
        left.remove(match)
        found.append(replace(line, session=match[0], day=match[3], starts_at=match[4], place=match[5]))
    return found


def stretch(first: date, last: date) -> Span:
    """A window of a line under the code of its month, quarter, half-year or year, as far as it is one."""
    quarter = Quarter.of(last)
    for span in (Month.of(last).span, quarter.span, quarter.half_year, quarter.whole_year):
        if span.first <= first and span.last == last:
            return replace(span, first=first)
    return Span(first, last, "")


def next_usual(
    organisation: Organisation, kind: str, group: Organisation | None, today: date
) -> dict[str, date | time | str]:
    """The next usual day of a kind of meeting, worked, with its hour and place; nothing where there is none."""
    usual = usual_days(organisation).get((kind, group.pk if group else None))
    if usual is None:
        return {}
    month = Month.of(today)
    ahead = (usual.recurring.on(month), usual.recurring.on(month.next()))
    day = next(each for each in ahead if each >= today)
    calendar = WorkingDays(rulebook.load().calendar)
    found: dict[str, date | time | str] = {
        "planned_on": worked(day, calendar, first=max(today, Month.of(day).first), last=Month.of(day).last)
    }
    if usual.starts_at:
        found["starts_at"] = usual.starts_at
    return found | ({"place": usual.place} if usual.place else {})
