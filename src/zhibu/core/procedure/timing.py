"""When a step may be taken at the earliest and at the latest: anchors, stretches, working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.core.calendar import Found, add_months
from zhibu.core.norms.procedures import Step, StepKind, Timing, Unit

from .case import Taken, Value
from .conditions import holds
from .replay import Standing, done_on

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bound:
    """A day that bounds a step, the rule it comes from, the number it was counted with, and from which day."""

    day: date
    provisional: bool
    timing: Timing
    number: int
    since: date


def anchor_day(standing: Standing, step: Step, name: str, day: date, own: Taken | None = None) -> date | None:
    """The day of an anchor: of a done step, or a day among the values; `None` while it is not known.

    A wait that precedes the step counts from the day it was over, entered or not. `own` is the step being taken,
    whose own days may be anchors too.
    """
    other = standing.plan.steps.get(name)
    if other is None:
        found = standing.value(name, own)
        return found if isinstance(found, date) else None
    taken = standing.done.get(other.id)
    if taken is not None:
        return done_on(standing.plan, taken)
    if other.kind is StepKind.WAIT and other.id in standing.plan.preceders[step.id]:
        return satisfied_on(standing, other, day) if waits(standing, other, day) else None
    return None


def satisfied_on(standing: Standing, step: Step, day: date) -> date | None:
    """The day a preceding step was done, as far as it is by the day; a wait is done by itself when its time is over."""
    taken = standing.done.get(step.id)
    if taken is not None and standing.fulfilled(step, day):
        return done_on(standing.plan, taken)
    if step.id in standing.assumed or (step.repeats is not None and standing.fulfilled(step, day)):
        return date.min
    if step.kind is not StepKind.WAIT:
        return None
    before = [satisfied_on(standing, each, day) for each in standing.required(step, day)]
    if any(each is None for each in before):
        return None
    reached = max((each for each in before if each is not None), default=date.min)
    over, _provisional, _why = lawful_from(standing, step, reached)
    return over if over <= day else None


def shifted(standing: Standing, since: date, number: int, timing: Timing, own: Taken | None = None) -> Found:
    """So many units after a day, or before it when the timing counts backward."""
    if timing.plus:
        more = standing.value(timing.plus, own)
        number += more if isinstance(more, int) else 0
    number = -number if timing.backward else number
    match timing.unit:
        case Unit.WORKING_DAYS:
            return standing.plan.calendar.add(since, number)
        case Unit.MONTHS:
            return Found(add_months(since, number), provisional=False)
        case Unit.YEARS:
            return Found(add_months(since, 12 * number), provisional=False)
        case _:
            return Found(since + timedelta(days=number), provisional=False)


def bound(
    standing: Standing,
    step: Step,
    timing: Timing,
    day: date,
    *,
    since: date | None = None,
    own: Taken | None = None,
) -> Bound | None:
    """The day a timing of a step comes to under the numbers of a day; `None` when it asks nothing (yet).

    `since` stands for an anchor not reached yet.
    """

    def value(name: str) -> Value:
        return standing.value(name, own)

    number = step.number(timing.term, day)
    if number is None or (timing.when is not None and not holds(timing.when, value, step, day)):
        return None
    if timing.extended and step.id in standing.extended:
        number = step.number(timing.extended, day) or number
    start = anchor_day(standing, step, timing.anchor, day, own) or since
    if start is None:
        return None
    try:
        found = shifted(standing, start, number, timing, own)
    except (ValueError, OverflowError):
        return None
    return Bound(found.day, found.provisional, timing, number, start)


def waits(standing: Standing, step: Step, day: date, own: Taken | None = None) -> tuple[Bound, ...]:
    """The days before which the step may not be taken, under the numbers of a day."""
    found = (bound(standing, step, timing, day, own=own) for timing in step.waits)
    return tuple(each for each in found if each is not None)


def deadlines(standing: Standing, step: Step, day: date, own: Taken | None = None) -> tuple[Bound, ...]:
    """The days after which the step is late, under the numbers of a day."""
    found = (bound(standing, step, timing, day, own=own) for timing in step.due)
    return tuple(each for each in found if each is not None)


def lawful_from(standing: Standing, step: Step, since: date) -> tuple[date, bool, Bound | None]:
    """The first day on or after `since` on which every wait that blocks is over, and what it waits for.

    The numbers are those of the day found: a change of the rules in between is followed. Before the first row
    nothing is known of the rules, so no day before it is named.
    """
    day, provisional, why = max(since, step.rows[0].since) if step.rows else since, False, None
    for _ in range(len(step.rows) + 2):
        blocking = [each for each in waits(standing, step, day) if each.timing.force == "must"]
        last = max(blocking, key=lambda each: each.day, default=None)
        if last is None or last.day <= day:
            break
        day, provisional, why = last.day, last.provisional, last
    return day, provisional, why


def lasts_until(standing: Standing, step: Step, begins: date) -> Found:
    """The day a step that begins on a day can be done at the earliest: a notice lasts its working days."""
    if step.kind is not StepKind.NOTICE:
        return Found(begins, provisional=False)
    last = notice_end(standing, step, begins)
    return Found(last.day + ONE_DAY, last.provisional)


def notice_end(standing: Standing, step: Step, begins: date) -> Found:
    """The last day of a notice put up on a day, by the working days asked on that day."""
    number = step.number("working_days", begins)
    if not number:
        return Found(begins, provisional=False)
    calendar = standing.plan.calendar
    if step.number("exclude_first_day", begins):
        return calendar.add(begins, number)
    return calendar.nth(begins, number)
