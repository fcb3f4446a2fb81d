"""The whole of a case on a day: what is done, what may be done now, what must wait, what is late, and what comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zhibu.core.calendar import Found, add_months
from zhibu.core.norms.procedures import Repeats, Step, StepKind, Timing, Unit
from zhibu.core.refusal import Refusal

from .case import Case, Taken
from .judging import closed_because, missing, too_early, too_late
from .plan import Plan
from .replay import Standing, done_on, replay
from .timing import Bound, anchor_day, bound, deadlines, lasts_until, lawful_from, satisfied_on


class StepState(StrEnum):
    """Where one step stands on a day."""

    DONE = "done"
    POSSIBLE = "possible"
    OVERDUE = "overdue"
    NOT_BEFORE = "not_before"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"
    CLOSED = "closed"


OPEN = frozenset({StepState.POSSIBLE, StepState.OVERDUE})
"""States in which the step may be taken on the day."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step on a day.

    `lawful_from` is the day it became, or becomes, lawful, as far as what precedes is done; `earliest` the first day
    from today on, with what precedes done as early as may be; `latest` the last day in time, where one is set.
    `implied` tells a wait that is over without an entry. `count` is how often a repeated step was taken.
    """

    step: str
    state: StepState
    optional: bool
    on: date | None = None
    done_on: date | None = None
    implied: bool = False
    attempts: int = 0
    count: int = 0
    row_since: date | None = None
    lawful_from: date | None = None
    earliest: date | None = None
    latest: date | None = None
    provisional: bool = False
    reasons: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Projection:
    """A case on a day. `finishes_on` is the earliest day on which everything can be done."""

    procedure: str
    as_of: date
    steps: tuple[StepView, ...]
    ended: str
    ended_on: date | None
    suspended_on: date | None
    finishes_on: date | None
    provisional: bool

    def view(self, name: str) -> StepView:
        """The view of one step. Raises KeyError."""
        for each in self.steps:
            if each.step == name:
                return each
        raise KeyError(name)

    def of(self, *states: StepState) -> tuple[StepView, ...]:
        """The steps in these states, in the order of the procedure."""
        return tuple(each for each in self.steps if each.state in states)

    @property
    def next(self) -> StepView | None:
        """The step the case waits for: the first that may be taken, or else the first that must wait."""
        needed = [each for each in self.steps if not each.optional]
        for states in (OPEN, frozenset({StepState.NOT_BEFORE})):
            if found := [each for each in needed if each.state in states]:
                return found[0]
        return None


@dataclass(slots=True)
class _Sight:
    """What is known while going through the steps in order."""

    standing: Standing
    today: date
    ready: dict[str, Found] = field(default_factory=dict)
    latest: dict[str, date] = field(default_factory=dict)


def project(plan: Plan, case: Case, today: date) -> Projection:
    """Everything about a case on a day."""
    return project_standing(replay(plan, case), today)


def project_standing(standing: Standing, today: date) -> Projection:
    """The same, of a case replayed already."""
    plan, sight = standing.plan, _Sight(standing, today)
    views = {step.id: _view(sight, step) for step in plan.order}
    steps = tuple(views[step.id] for step in plan.procedure.steps)
    coming = [
        each for each in steps if each.earliest and not each.optional and each.state is not StepState.DONE
    ]
    last = max(coming, key=lambda each: sight.ready[each.step].day, default=None)
    return Projection(
        plan.procedure.id, today, steps, standing.ended, standing.ended_on, standing.suspended_on,
        sight.ready[last.step].day if last else standing.ended_on, any(each.provisional for each in coming),
    )  # fmt: skip


def _view(sight: _Sight, step: Step) -> StepView:
    standing, today = sight.standing, sight.today
    taken = standing.done.get(step.id)
    attempts = len(standing.attempts.get(step.id, ()))
    if taken is not None and step.repeats is None:
        over = done_on(standing.plan, taken)
        sight.ready[step.id] = Found(over, provisional=False)
        row = step.row_on(taken.on)
        if not (step.times and not standing.ended):
            return StepView(
                step.id, StepState.DONE, step.optional, on=taken.on, done_on=over, attempts=attempts,
                count=len(standing.counts[step.id]), row_since=row.since if row else None,
            )  # fmt: skip
    if step.id in standing.assumed:
        sight.ready[step.id] = Found(date.min, provisional=False)
        return StepView(step.id, StepState.DONE, step.optional, implied=True)
    if closed := tuple(closed_because(standing, step, today)):
        return _closed(sight, step, closed, attempts)
    return _repeated(sight, step) if step.repeats is not None else _open(sight, step, attempts)


def _closed(sight: _Sight, step: Step, closed: tuple[Refusal, ...], attempts: int) -> StepView:
    standing = sight.standing
    count = len(standing.counts.get(step.id, ()))
    taken = standing.done.get(step.id)
    if taken is not None:
        sight.ready[step.id] = Found(done_on(standing.plan, taken), provisional=False)
        return StepView(
            step.id, StepState.DONE, step.optional, on=taken.on, done_on=sight.ready[step.id].day, attempts=attempts,
            count=count,
        )  # fmt: skip
    if step.kind is StepKind.WAIT and (over := satisfied_on(standing, step, sight.today)) not in (
        None,
        date.min,
    ):
        return StepView(step.id, StepState.DONE, step.optional, done_on=over, implied=True)
    codes = {each.code for each in closed}
    foreign = bool(codes & {"not_applicable", "not_in_force"})
    if standing.ended_on is not None:
        foreign = foreign or not standing.applies(step, standing.ended_on)
    state = StepState.NOT_APPLICABLE if foreign else StepState.CLOSED
    return StepView(step.id, state, step.optional, attempts=attempts, count=count, reasons=closed)


def _open(sight: _Sight, step: Step, attempts: int) -> StepView:
    standing, today = sight.standing, sight.today
    lacking = tuple(each for each in missing(standing, step, today) if each.blocks)
    begins, provisional = _begins(sight, step)
    sight.ready[step.id] = Found(lasts_until(standing, step, begins).day, provisional)
    last = _latest(sight, step, begins)
    lawful, reasons, state = None, lacking, StepState.BLOCKED
    if not lacking:
        lawful, _provisional, why = lawful_from(standing, step, _reached(sight, step))
        state, reasons = _now(sight, step, lawful, why)
        if step.kind is StepKind.WAIT and lawful <= today:
            sight.ready[step.id] = Found(lawful, provisional=False)
            return StepView(step.id, StepState.DONE, step.optional, done_on=lawful, implied=True)
    row = step.row_on(begins)
    return StepView(
        step.id, state, step.optional, attempts=attempts, count=len(standing.counts.get(step.id, ())),
        row_since=row.since if row else None, lawful_from=lawful, earliest=begins, latest=last,
        provisional=provisional, reasons=reasons,
    )  # fmt: skip


def _now(sight: _Sight, step: Step, lawful: date, why: Bound | None) -> tuple[StepState, tuple[Refusal, ...]]:
    standing, today = sight.standing, sight.today
    if lawful > today:
        return StepState.NOT_BEFORE, (too_early(standing, step, why, today),) if why else ()
    over = [each for each in deadlines(standing, step, today) if today > each.day]
    if over:
        first = min(over, key=lambda each: each.day)
        return StepState.OVERDUE, (too_late(standing, step, first, today),)
    return StepState.POSSIBLE, ()


def _reached(sight: _Sight, step: Step) -> date:
    """The day everything that precedes was done; the beginning of time where nothing does."""
    days = [
        satisfied_on(sight.standing, each, sight.today) for each in sight.standing.required(step, sight.today)
    ]
    return max((each for each in days if each is not None), default=date.min)


def _begins(sight: _Sight, step: Step) -> tuple[date, bool]:
    """The first day from today on which the step may be taken if all before it is done as early as may be."""
    standing = sight.standing
    before = [sight.ready[each.id] for each in standing.required(step, sight.today) if each.id in sight.ready]
    day = max((sight.today, *(each.day for each in before)))
    provisional = any(each.provisional for each in before)
    for _ in range(len(step.rows) + 2):
        last = max(_waited(sight, step, day), key=lambda each: each.day, default=None)
        if last is None or last.day <= day:
            break
        day, provisional = last.day, provisional or last.provisional
    return day, provisional or lasts_until(standing, step, day).provisional


def _waited(sight: _Sight, step: Step, day: date) -> list[Bound]:
    found = []
    for timing in step.waits:
        since = None
        if timing.anchor in sight.standing.plan.steps:
            anchor = sight.ready.get(sight.standing.plan.steps[timing.anchor].id)
            since = anchor.day if anchor and anchor.day > date.min else None
        each = bound(sight.standing, step, timing, day, since=since)
        if each is not None and timing.force == "must":
            found.append(each)
    return found


def _latest(sight: _Sight, step: Step, day: date) -> date | None:
    """The last day in time: from anchors that are done, or from their own last days."""
    found = []
    for timing in step.due:
        each = bound(sight.standing, step, timing, day, since=_last_day(sight, timing.anchor))
        if each is not None:
            found.append(each.day)
    last = min(found, default=None)
    if last is not None:
        sight.latest[step.id] = last
    return last


def _last_day(sight: _Sight, anchor: str) -> date | None:
    """The last day of an anchor that is still open; of a wait the day it will be over."""
    step = sight.standing.plan.steps.get(anchor)
    if step is None:
        return None
    if step.kind is StepKind.WAIT and step.id in sight.ready:
        over = sight.ready[step.id].day
        return None if over == date.min else over
    return sight.latest.get(step.id)


def _repeated(sight: _Sight, step: Step) -> StepView:
    """A step taken again and again: due one stretch after the last time, or after its anchor."""
    standing, today, repeats = sight.standing, sight.today, step.repeats
    assert repeats is not None  # noqa: S101 - the caller looked
    rows = standing.counts.get(step.id, [])
    lacking = tuple(each for each in missing(standing, step, today) if each.blocks)
    begins, provisional = _begins(sight, step)
    least = step.number(repeats.at_least, today) or 0 if repeats.at_least else 0
    due = _next_due(standing, step, repeats, today)
    sight.ready[step.id] = Found(_often_enough(step, repeats, rows, least, begins, due), provisional)
    if lacking:
        state, reasons = StepState.BLOCKED, lacking
    elif due is not None and today > due.day:
        state, reasons = StepState.OVERDUE, (too_late(standing, step, due, today),)
    else:
        state, reasons = StepState.POSSIBLE, ()
    enough = len(rows) >= least
    return StepView(
        step.id, state, step.optional or enough, on=rows[-1].on if rows else None, count=len(rows),
        attempts=len(rows), lawful_from=None if lacking else _reached(sight, step), earliest=begins,
        latest=due.day if due else None, provisional=provisional, reasons=reasons,
    )  # fmt: skip


def _first_since(standing: Standing, step: Step, repeats: Repeats, today: date) -> date | None:
    return anchor_day(standing, step, repeats.since or next(iter(step.after), ""), today)


def _next_due(standing: Standing, step: Step, repeats: Repeats, today: date) -> Bound | None:
    rows = standing.counts.get(step.id, [])
    since = rows[-1].on if rows else _first_since(standing, step, repeats, today)
    number = step.number(repeats.every, today) if repeats.every else None
    if since is None or not number:
        return None

    timing = Timing("", repeats.unit, repeats.every, repeats.force)
    return bound(standing, step, timing, today, since=since)


def _often_enough(
    step: Step, repeats: Repeats, rows: list[Taken], least: int, begins: date, due: Bound | None
) -> date:
    """The day on which the step can have been taken often enough."""
    left = least - len(rows)
    if left <= 0:
        return rows[-1].on if rows else begins
    number = due.number if due else 0
    first = max(begins, due.day) if due else begins
    if repeats.unit in (Unit.MONTHS, Unit.YEARS):
        return add_months(first, number * (left - 1) * (12 if repeats.unit is Unit.YEARS else 1))
    return first
