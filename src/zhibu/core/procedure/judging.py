"""Whether a step may be taken on a day, and every reason against it, the most useful first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from zhibu.core.norms.procedures import Effect, Reply, Role, Step, StepKind
from zhibu.core.refusal import Force, Refusal

from .asked import asked_of
from .case import Case, Taken, Value
from .conditions import holds
from .plan import Plan
from .refusals import UNITS, refusal
from .replay import Standing, done_on, replay, settled
from .timing import Bound, deadlines, lawful_from, satisfied_on, waits
from .words import ROLES


@dataclass(frozen=True, slots=True)
class Attempt:
    """What comes of trying a step: its outcome, why not (must), what to mind (should), what the register changes."""

    taken: Taken
    outcome: str
    refusals: tuple[Refusal, ...]
    cautions: tuple[Refusal, ...]
    effects: tuple[Effect, ...]

    @property
    def lawful(self) -> bool:
        """Whether the step may be taken."""
        return not self.refusals


def attempt(plan: Plan, case: Case, taken: Taken, today: date | None = None) -> Attempt:
    """Try a step of a case. `today` refuses days to come; without it any day may be tried."""
    return try_on(replay(plan, case), taken, today)


def try_on(standing: Standing, given: Taken, today: date | None = None) -> Attempt:
    """Try a step on a case that is replayed already."""
    plan = standing.plan
    step = plan.steps.get(given.step)
    if step is None:
        known = "、".join(each.id for each in plan.procedure.steps)
        found = refusal("unknown_step", plan.procedure.sources, step=given.step, known=known)
        return Attempt(given, "", (found,), (), ())
    taken = settled(plan, given)
    reasons = list(_reasons(standing, step, taken, today))
    refusals = tuple(each for each in reasons if each.blocks)
    cautions = tuple(each for each in reasons if not each.blocks)
    effects = () if refusals else effects_of(standing, step, taken)
    return Attempt(taken, taken.outcome, refusals, cautions, effects)


def effects_of(standing: Standing, step: Step, taken: Taken) -> tuple[Effect, ...]:
    """What the register changes when the step ends so, under the rules of its day."""
    outcome = step.outcome(taken.outcome)
    found = []
    for effect in step.effects:
        fits = effect.outcome == taken.outcome if effect.outcome else outcome is not None and outcome.passes
        if not fits or not effect.holds_on(taken.on):
            continue
        if effect.when is None or holds(
            effect.when, lambda name: standing.value(name, taken), step, taken.on
        ):
            found.append(effect)
    return tuple(found)


def _reasons(standing: Standing, step: Step, taken: Taken, today: date | None) -> Iterator[Refusal]:
    closed = tuple(closed_because(standing, step, taken.on))
    yield from closed
    if closed:
        return
    sources = standing.plan.cited(step, taken.on)
    if taken.by and step.by and taken.by not in step.by:
        yield refusal("wrong_actor", sources, step=step.title, who=_roles(step.by))
    yield from missing(standing, step, taken.on)
    yield from _order(standing, step, taken, today)
    yield from _waits(standing, step, taken)
    yield from asked_of(standing, step, taken)
    yield from _late(standing, step, taken)


# ------------------------------------------------------------------------------------- the case and the step
def closed_because(standing: Standing, step: Step, day: date) -> Iterator[Refusal]:
    """Why the step cannot be taken at all: the case ended or rests, the step is done, or does not belong to it."""
    plan = standing.plan
    sources = plan.cited(step, day)
    if standing.ended and standing.ended_on is not None:
        ending = plan.procedure.ending(standing.ended)
        yield refusal("case_ended", sources, day=standing.ended_on.isoformat(), ending=ending.title)
        return
    if standing.suspended_on is not None:
        yield refusal("case_suspended", sources, day=standing.suspended_on.isoformat())
        return
    if (step.first or step.last) and not step.exists_on(standing.reached_on(step) or day):
        yield refusal("not_in_force", sources, step=step.title, day=day.isoformat())
        return
    if not standing.applies(step, day):
        yield refusal("not_applicable", sources, step=step.title)
        return
    yield from _taken_before(standing, step, day)


def _taken_before(standing: Standing, step: Step, day: date) -> Iterator[Refusal]:
    plan, sources = standing.plan, standing.plan.cited(step, day)
    for name in (*step.before, *((step.repeats.until,) if step.repeats and step.repeats.until else ())):
        other = plan.steps[name]
        taken = standing.done.get(other.id)
        if taken is not None and taken.on <= day:
            yield refusal("closed_by", sources, step=step.title, other=other.title)
            return
    most = step.number(step.times, day) if step.times else None
    count = len(standing.counts.get(step.id, ()))
    if most is not None and count >= most:
        yield refusal("too_often", sources, step=step.title, most=most)
    elif step.repeats is None and not step.times and step.id in standing.done:
        last = standing.done[step.id]
        yield refusal("already_done", sources, step=step.title, day=last.on.isoformat())


def _roles(roles: Iterable[Role]) -> str:
    return "、".join(ROLES[role].zh for role in roles)


# --------------------------------------------------------------------------------------------- what precedes
def value_of(standing: Standing, name: str, taken: Taken, day: date) -> Value:
    """A named value for an effect; the day of a wait that passed without an entry is the day it was over."""
    found = standing.value(name, taken)
    step = standing.plan.steps.get(name.partition(".")[0])
    if found is None and step is not None and step.kind is StepKind.WAIT and name.endswith(".on"):
        return satisfied_on(standing, step, day)
    return found


def missing(standing: Standing, step: Step, day: date) -> Iterator[Refusal]:
    """Every step that must precede and is not done, the first of the procedure first."""
    for each in standing.required(step, day):
        if satisfied_on(standing, each, day) is None:
            yield from _missing_one(standing, step, each, day)


def _missing_one(standing: Standing, step: Step, other: Step, day: date) -> Iterator[Refusal]:
    sources = standing.plan.cited(other, day)
    if other.repeats is not None:
        least = other.number(other.repeats.at_least, day) or 0
        count = len(standing.counts.get(other.id, ()))
        yield refusal(
            "not_often_enough", sources, force=other.force, other=other.title, least=least, count=count
        )
    elif other.kind is StepKind.WAIT and not list(missing(standing, other, day)):
        _over, _provisional, why = lawful_from(standing, other, standing.reached_on(other) or date.min)
        yield (
            _too_early(standing, other, why, day)
            if why
            else refusal("step_missing", sources, other=other.title)
        )
    elif other.force is Force.SHOULD:
        yield refusal("step_skipped", sources, force=Force.SHOULD, other=other.title)
        yield from missing(standing, other, day)
    else:
        yield refusal("step_missing", sources, other=other.title)


def _order(standing: Standing, step: Step, taken: Taken, today: date | None) -> Iterator[Refusal]:
    plan, sources = standing.plan, standing.plan.cited(step, taken.on)
    if today is not None and max(taken.on, taken.until or taken.on) > today:
        yield refusal("in_future", sources, day=max(taken.on, taken.until or taken.on).isoformat())
    if taken.until is not None and taken.until < taken.on:
        yield refusal("dates_reversed", sources, until=taken.until.isoformat(), day=taken.on.isoformat())
    for each in reversed(standing.required(step, taken.on)):
        done = standing.done.get(each.id)
        if done is not None and done_on(plan, done) > taken.on:
            yield refusal("out_of_order", sources, other=each.title, day=done_on(plan, done).isoformat())
            return


# ------------------------------------------------------------------------------------------------------ time
def _waits(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    for found in waits(standing, step, taken.on, taken):
        if taken.on < found.day:
            yield _too_early(standing, step, found, taken.on)


def _too_early(standing: Standing, step: Step, found: Bound, day: date) -> Refusal:
    return _timed(standing, step, found, day, "too_early", found.timing.force)


def _late(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    for found in deadlines(standing, step, taken.on, taken):
        if taken.on > found.day:
            yield _timed(standing, step, found, taken.on, "too_late", found.timing.force)


def _timed(standing: Standing, step: Step, found: Bound, day: date, code: str, force: Force) -> Refusal:
    timing = found.timing
    return refusal(
        timing.code or code, standing.plan.cited(step, day, timing.sources), force=force, message=timing.message,
        remedy=None if not timing.message else refusal(code).remedy,  # type: ignore[arg-type]  # always a Text here
        day=found.day.isoformat(), since=found.since.isoformat(), number=found.number, unit=UNITS[timing.unit],
        step=step.title,
    )  # fmt: skip


def too_late(standing: Standing, step: Step, found: Bound, day: date) -> Refusal:
    """That a step is past its time limit."""
    return _timed(standing, step, found, day, "too_late", Force.SHOULD)


def too_early(standing: Standing, step: Step, found: Bound, day: date) -> Refusal:
    """That a step must wait."""
    return _timed(standing, step, found, day, "too_early", Force.MUST)


def assenting(taken: Taken) -> bool:
    """Whether the superior's reply is an assent of some strength."""
    return taken.reply not in ("", Reply.REFUSED, Reply.RETURNED)
