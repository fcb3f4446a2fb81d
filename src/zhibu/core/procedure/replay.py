"""Where a case stands after all that was done: which steps hold, which were sent back, whether it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from zhibu.core.norms.procedures import COMPLETED, Reply, Step, StepKind

from .case import Case, EventKind, Taken, Value
from .conditions import holds
from .plan import Plan

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Standing:
    """A case replayed. `done` holds the steps that hold now; `attempts` every taking, also those sent back."""

    plan: Plan
    case: Case
    done: dict[str, Taken] = field(default_factory=dict)
    counts: dict[str, list[Taken]] = field(default_factory=dict)
    attempts: dict[str, list[Taken]] = field(default_factory=dict)
    ended: str = ""
    ended_on: date | None = None
    suspended_on: date | None = None
    extended: set[str] = field(default_factory=set)
    transferred: list[date] = field(default_factory=list)
    sent_back: set[str] = field(default_factory=set)
    assumed: frozenset[str] = frozenset()
    asked_before: dict[tuple[str, date], list[Step]] = field(default_factory=dict)

    def value(self, name: str, own: Taken | None = None) -> Value:
        """A named value: "case.x", "subject.x", "branch.x", "step.x"; without a dot a field of the step taken.

        "step.count", "step.total_x" and "step.average_x" count, sum and average a repeated step, the one being taken
        included; "step.total_x_by_y" sums only those with the same y as the step being taken, whichever it is.
        """
        room, dot, key = name.rpartition(".")
        if not dot:
            return _given(own, name) if own else None
        if room in ("case", "subject", "branch"):
            return {"case": self.case.fields, "subject": self.case.subject, "branch": self.case.branch}[
                room
            ].get(key)
        if room not in self.plan.steps:
            return None
        step = self.plan.steps[room].id
        rows = [*self.counts.get(step, ()), *([own] if own and own.step == step else ())]
        if key == "count":
            return len(rows)
        if key.startswith(("total_", "average_")):
            return _summed(rows, key, own)
        taken = own if own and own.step == step else self.done.get(step)
        return _given(taken, key) if taken else None

    def applies(self, step: Step, day: date) -> bool:
        """Whether the step belongs to this case: by its condition, and by the rules of the day it could begin.

        A step the rules brought in later does not belong to a case that had passed the place before that day.
        """
        dated = step.first is not None or step.last is not None
        if dated and not step.exists_on(self.reached_on(step) or day):
            return False
        return step.when is None or holds(step.when, self.value, step, day)

    def reached_on(self, step: Step) -> date | None:
        """The day the case came to the step: all that directly precedes it was done, or else it was passed by.

        `None` while the case has not come there. Waits do not tell: they are over with or without an entry.
        """
        before = [each for name in step.after if (each := self.plan.steps[name]).kind is not StepKind.WAIT]
        days = [done_on(self.plan, self.done[each.id]) for each in before if each.id in self.done]
        if days and len(days) == len(before):
            return max(days)
        later = self.plan.followers[step.id]
        return min((taken.on for name, taken in self.done.items() if name in later), default=None)

    def required(self, step: Step, day: date) -> list[Step]:
        """The steps that must be done before this one.

        A step that does not apply hands on to those before it, and so does a repeated one that need not be taken.
        """
        if known := self.asked_before.get((step.id, day)):
            return known
        found: dict[str, Step] = {}
        todo = [self.plan.steps[name] for name in step.after]
        while todo:
            each = todo.pop(0)
            if each.id in found:
                continue
            if self.applies(each, day) and not self._may_be_left(each, day):
                found[each.id] = each
            else:
                todo += [self.plan.steps[name] for name in each.after]
        told = sorted(found.values(), key=lambda one: self.plan.rank[one.id])
        self.asked_before[step.id, day] = told
        return told

    def _may_be_left(self, step: Step, day: date) -> bool:
        if step.repeats is None:
            return False
        return not (step.repeats.at_least and step.number(step.repeats.at_least, day))

    def fulfilled(self, step: Step, day: date) -> bool:
        """Whether the step holds as done: a repeated one when it was taken often enough."""
        if step.id in self.assumed:
            return True
        if step.repeats is None:
            return step.id in self.done
        least = step.number(step.repeats.at_least, day) if step.repeats.at_least else 0
        return len(self.counts.get(step.id, ())) >= (least or 0)


def _summed(rows: list[Taken], key: str, own: Taken | None) -> Value:
    reduction, _, name = key.partition("_")
    name, _, by = name.partition("_by_")
    if by and own:
        rows = [each for each in rows if _given(each, by) == _given(own, by)]
    found = [value for each in rows if isinstance(value := _given(each, name), int)]
    if reduction == "average":
        return Fraction(sum(found), len(found)) if found else None
    return sum(found)


def _given(taken: Taken, name: str) -> Value:
    match name:
        case "outcome":
            return taken.outcome
        case "reply":
            return taken.reply
        case "on":
            return taken.on
        case "until":
            return taken.until
        case "by":
            return taken.by
        case "people":
            return len(taken.people)
        case _ if name.startswith("vote_"):
            count = (taken.vote or {}).get(name.removeprefix("vote_"))
            return count if isinstance(count, int) else None
        case _:
            return taken.values.get(name)


def done_on(plan: Plan, taken: Taken) -> date:
    """The day from which what follows may be done: a notice is over on the day after its last."""
    if taken.until is None:
        return taken.on
    return taken.until + ONE_DAY if plan.steps[taken.step].kind is StepKind.NOTICE else taken.until


def replay(plan: Plan, case: Case) -> Standing:
    """Put the steps of a case one after the other; nothing is refused here, what was done was done."""
    standing = Standing(plan, case)
    for taken in case.taken:
        if taken.step in plan.steps:
            _put(standing, taken)
    for event in case.events:
        _happen(standing, event.kind, event.on, event.detail)
    if case.assumes:
        standing.assumed = _assumed(standing)
    if not standing.ended:
        _complete(standing)
    return standing


def _assumed(standing: Standing) -> frozenset[str]:
    """What counts as done because something after it was: not what was sent back, nor what tells its own day."""
    before = standing.plan.preceders
    tried = frozenset().union(*(before[name] for name in standing.attempts)) - standing.sent_back
    found = tried.union(*(before[name] for name in standing.done)) - set(standing.done)
    last = max((taken.on for rows in standing.attempts.values() for taken in rows), default=date.min)
    return frozenset(name for name in found if _may_assume(standing, standing.plan.steps[name], last))


def _may_assume(standing: Standing, step: Step, day: date) -> bool:
    if step.kind is StepKind.WAIT and any(each.anchor in standing.done for each in step.waits):
        return False
    return standing.applies(step, day)


def settled(plan: Plan, taken: Taken) -> Taken:
    """The step with the outcome that follows from its vote or its reply, when none was written."""
    step = plan.steps[taken.step]
    if taken.outcome:
        return taken
    outcome = step.passing.id
    if taken.reply in (Reply.REFUSED, Reply.RETURNED):
        outcome = taken.reply
    elif taken.vote is not None and step.vote:
        outcome = voted(step, plan.judge(step.vote, taken.on, taken.vote).outcome) or outcome
    return Taken(
        taken.step, taken.on, taken.until, outcome, taken.by, taken.reply, taken.values, taken.people, taken.vote,
        taken.papers,
    )  # fmt: skip


def voted(step: Step, came: str) -> str:
    """The outcome of the step that a vote comes to: a superior that votes on its reply assents or refuses."""
    if step.kind is StepKind.SUPERIOR_REPLY:
        return {"carried": step.passing.id, "not_carried": Reply.REFUSED.value}.get(came, came)
    return came


def _put(standing: Standing, given: Taken) -> None:
    plan = standing.plan
    taken = settled(plan, given)
    step = plan.steps[taken.step]
    standing.attempts.setdefault(step.id, []).append(taken)
    outcome = step.outcome(taken.outcome)
    if outcome is None or outcome.passes:
        standing.done[step.id] = taken
        standing.sent_back.discard(step.id)
        standing.counts.setdefault(step.id, []).append(taken)
    if outcome is None:
        return
    if outcome.back_to:
        back = plan.steps[outcome.back_to].id
        standing.sent_back |= {back, *plan.followers[back]}
        for name in {back, *plan.followers[back]}:
            standing.done.pop(name, None)
            standing.counts.pop(name, None)
    if outcome.ends:
        standing.ended, standing.ended_on = outcome.ends, done_on(plan, taken)


def _happen(standing: Standing, kind: EventKind, on: date, detail: str) -> None:
    match kind:
        case EventKind.SUSPENDED:
            standing.suspended_on = on
        case EventKind.RESUMED:
            standing.suspended_on = None
        case EventKind.EXTENDED:
            standing.extended.add(detail)
        case EventKind.TRANSFERRED:
            standing.transferred.append(on)
        case EventKind.ENDED:
            standing.ended, standing.ended_on = detail, on


def passed_by(standing: Standing, step: Step) -> bool:
    """Whether something that comes after the step is done: a wait that was passed needs no entry of its own."""
    return any(name in standing.done for name in standing.plan.followers[step.id])


def _complete(standing: Standing) -> None:
    """A case is completed when every step that applies and is not optional is done."""
    if not standing.done:
        return
    last = max(done_on(standing.plan, each) for each in standing.done.values())
    for step in standing.plan.order:
        if (
            step.optional
            or step.id in standing.done
            or step.id in standing.assumed
            or step.repeats is not None
        ):
            continue
        if step.kind is StepKind.WAIT and passed_by(standing, step):
            continue
        if standing.applies(step, last):
            return
    standing.ended, standing.ended_on = COMPLETED, last
