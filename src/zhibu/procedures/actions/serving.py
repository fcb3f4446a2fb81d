"""A talk, an examination or a contact recorded in organisational life is the step a running case waits for: recorded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import BRANCH_SIDE, FieldKind, Step, StepKind
from zhibu.core.procedure import OPEN, Plan, Value
from zhibu.core.refusal import Refused
from zhibu.life.models import Examination, Talk, TalkKind
from zhibu.life.models.mobile import Contact
from zhibu.procedures.actions.evidence import of_a_step
from zhibu.procedures.actions.taking import take_step
from zhibu.procedures.models import Case, CaseState, StepTaken
from zhibu.procedures.queries.engine import plan_of, projection_of
from zhibu.procedures.queries.stepping import WAY, ends_a_search, keeps_contact
from zhibu.procedures.told import Told
from zhibu.ui.language import pick

Record: TypeAlias = Talk | Examination | Contact


def serve(actor: Actor, row: Record, now: datetime) -> str:
    """Take the step that is due in the person's running case, as whoever may take it; what was taken, in words.

    A step that asks for more than the record tells, or is refused, is left to be taken by hand: its form knows the record.
    A contact regained ends the case of a member out of contact: that is asked for in words, and done by hand.
    """
    if of_a_step() or (isinstance(row, Contact) and not row.reached):
        return ""
    told, asked = [], []
    rows = Case.objects.filter(
        person=row.person_id, organisation=row.organisation_id, state=CaseState.RUNNING
    )
    for case in rows.select_related("organisation", "organisation__parent"):
        plan = plan_of(case.procedure)
        step = next(due(plan, case, row), None) if plan else None
        if plan is None or step is None:
            continue
        named = f"{pick(plan.procedure.title)} · {pick(step.title)}"
        if isinstance(row, Contact) and step.kind is StepKind.CONFIRM:
            asked.append(named)
        elif _take(actor, case, step, row, now):
            told.append(named)
    if not isinstance(row, Contact):
        return "、".join(told)
    done = [_("已同时登记为“{step}”").format(step="、".join(told))] if told else []
    return "；".join([*done, *(_("请接着登记“{step}”").format(step=each) for each in asked)])


def due(plan: Plan, case: Case, row: Record) -> Iterator[Step]:
    """The steps of a case that the record is, and that are open on its day."""
    views = {view.step: view for view in projection_of(plan, case, row.held_on).steps}
    for step in plan.procedure.steps:
        view = views.get(step.id)
        if (
            view
            and view.state in OPEN
            and set(step.by) & BRANCH_SIDE
            and _is(plan, step, row, optional=view.optional)
        ):
            yield step


def _is(plan: Plan, step: Step, row: Record, *, optional: bool) -> bool:
    again = step.repeats is not None and bool(step.repeats.every)
    if isinstance(row, Contact):
        return (again and keeps_contact(step)) or ends_a_search(plan, step)
    if isinstance(row, Examination):
        return step.kind is StepKind.REVIEW and again
    if step.kind is not StepKind.TALK:
        return False
    if row.kind == TalkKind.ACTIVIST_TALK:
        return again and not keeps_contact(step)
    return row.kind == TalkKind.ADMISSION_TALK and step.repeats is None and not optional


def _take(actor: Actor, case: Case, step: Step, row: Record, now: datetime) -> StepTaken | None:
    values = _values(step, row)
    if any(
        each.required and each.id not in values and each.kind is not FieldKind.FLAG for each in step.fields
    ):
        return None
    people = [row.talker_id] if step.people and isinstance(row, Talk) and row.talker_id else []
    role = next(str(each) for each in step.by if each in BRANCH_SIDE)
    told = Told(on=row.held_on, outcome=step.passing.id, role=role, values=values, people=people)
    try:
        return take_step(actor, case=case, step=step.id, told=told, now=now)
    except Refused:
        return None


def _values(step: Step, row: Record) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for each in step.fields:
        if isinstance(row, Contact) and each.id == WAY and row.way in each.choices:
            found[each.id] = row.way
        elif each.kind is FieldKind.PERSON and isinstance(row, Talk) and row.talker_id:
            found[each.id] = row.talker_id
        elif each.kind is FieldKind.TEXT and isinstance(row, Examination) and row.opinion:
            found[each.id] = row.opinion
    return found
