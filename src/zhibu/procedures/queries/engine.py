"""From rows to the engine: the plan of a procedure, a case as data, where it stands on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from zhibu import rulebook
from zhibu.core import procedure as engine
from zhibu.core.calendar import WorkingDays
from zhibu.core.norms.procedures import BRANCH_SIDE, Procedure, Step, StepKind
from zhibu.core.procedure import (
    OPEN,
    Event,
    EventKind,
    Named,
    Plan,
    Projection,
    Standing,
    StepState,
    StepView,
    Taken,
    judge_by,
    project_standing,
    replay,
)
from zhibu.procedures import sealing
from zhibu.procedures.models import Case, CaseEvent, CasePaper, StepTaken
from zhibu.procedures.queries.values import branch_values, subject_values

UNREACHED = frozenset({StepState.NOT_BEFORE, StepState.BLOCKED})


@lru_cache(maxsize=256)
def _plan(digest: str, name: str) -> Plan | None:
    book = rulebook.load()
    try:
        procedure = book.procedure(name)
    except KeyError:
        return None
    return Plan(procedure, WorkingDays(book.calendar), judge_by(book.votes), book.documents)


def plan_of(name: str) -> Plan | None:
    """The procedure as the rulebook in use knows it; None when it was switched off."""
    return _plan(rulebook.load().digest, name)


def procedure_of(name: str) -> Procedure | None:
    """The procedure of this id, or None."""
    plan = plan_of(name)
    return plan.procedure if plan else None


def standing_rows(case: Case) -> list[StepTaken]:
    """The steps of a case that stand, in the order of their days."""
    rows = [each for each in case.steps.all() if not each.reversed]
    return sorted(rows, key=lambda each: (each.until_on or each.taken_on, each.pk))


def taken_of(plan: Plan, row: StepTaken) -> Taken:
    """A step as the engine takes it."""
    step = plan.steps.get(row.step)
    fields = step.fields if step else ()
    return Taken(
        step=step.id if step else row.step, on=row.taken_on, until=row.until_on, outcome=row.outcome, by=row.role,
        reply=row.reply, values=sealing.whole(row.values, row.sealed, fields, sealing.STEP),
        people=tuple(_named(each) for each in row.people), vote=row.vote,
    )  # fmt: skip


def _named(row: Mapping[str, Any]) -> Named:
    since = row.get("sanction_on")
    return Named(
        str(row.get("name", "")), row.get("person"), str(row.get("stage", "")), str(row.get("sanction", "")),
        date.fromisoformat(since) if since else None,
    )  # fmt: skip


def case_data(
    plan: Plan,
    case: Case,
    day: date,
    *,
    rows: Iterable[StepTaken] | None = None,
    subject: Mapping[str, Any] | None = None,
    branch: Mapping[str, Any] | None = None,
) -> engine.Case:
    """The case as data; what the engine asks of branch and person is that of the day."""
    events: Iterable[CaseEvent] = sorted(case.events.all(), key=lambda each: (each.happened_on, each.pk))
    papers: Iterable[CasePaper] = case.papers.all()
    return engine.Case(
        fields=sealing.whole(case.fields, case.sealed, plan.procedure.fields, sealing.CASE),
        subject=subject_values(case.person_id, day) if subject is None else subject,
        branch=branch_values(case.organisation, day) if branch is None else branch,
        taken=tuple(taken_of(plan, row) for row in (standing_rows(case) if rows is None else rows)),
        events=tuple(Event(EventKind(each.kind), each.happened_on, each.detail) for each in events),
        papers=frozenset(each.paper for each in papers),
    )  # fmt: skip


def standing_of(plan: Plan, case: Case, day: date, **known: Any) -> Standing:
    """The case replayed."""
    return replay(plan, case_data(plan, case, day, **known))


def projection_of(plan: Plan, case: Case, day: date, **known: Any) -> Projection:
    """Everything about the case on a day."""
    return project_standing(standing_of(plan, case, day, **known), day)


@dataclass(frozen=True, slots=True)
class Waits:
    """What lists are made of: the next step, what waits above, what falls due again."""

    following: StepView | None
    above: StepView | None
    again: StepView | None


def waits_for(plan: Plan, projection: Projection) -> Waits:
    """What the case waits for. A term that passes by itself is nobody's work."""
    needed = [
        view
        for view in projection.steps
        if not view.optional and plan.steps[view.step].kind is not StepKind.WAIT
    ]
    ready = [view for view in needed if view.state in OPEN]
    coming = [view for view in needed if view.state in UNREACHED and view.earliest is not None]
    first = ready[0] if ready else min(coming, key=lambda view: view.earliest or date.max, default=None)
    above = next((view for view in ready if not on_branch_side(plan.steps[view.step])), None)
    if above is None and first is not None and not on_branch_side(plan.steps[first.step]):
        above = first
    again = [
        view
        for view in projection.steps
        if plan.steps[view.step].repeats is not None and view.state in OPEN and view.latest is not None
    ]
    return Waits(first, above, min(again, key=lambda view: view.latest or date.max, default=None))


def on_branch_side(step: Step) -> bool:
    """Whether the branch itself enters the step."""
    return any(role in BRANCH_SIDE for role in step.by)
