"""Procedures and cases as plain values, for the command line: what a step asks, where a case stands on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.core.calendar import WorkingDays
from zhibu.core.norms import Rulebook, Source
from zhibu.core.norms.procedures import Procedure, Step
from zhibu.core.procedure import (
    OPEN,
    Attempt,
    Case,
    Plan,
    StepState,
    StepView,
    judge_by,
    project,
    replay,
    try_on,
)
from zhibu.core.procedure.words import KINDS, ROLES
from zhibu.core.refusal import Refusal
from zhibu.ui.language import current, pick


def plan_of(book: Rulebook, procedure: Procedure) -> Plan:
    """The procedure made ready under a rulebook's calendar, vote rules and documents."""
    return Plan(procedure, WorkingDays(book.calendar), judge_by(book.votes), book.documents)


def source_told(book: Rulebook, source: Source) -> dict[str, Any]:
    """Where a rule stands, and whether its wording was checked."""
    document = book.documents.get(source.document)
    return {
        "document": source.document,
        "title": pick(document.title) if document else source.document,
        "article": source.article,
        "verified": bool(document and document.is_verified(source.article)),
    }


def refusal_told(book: Rulebook, refusal: Refusal) -> dict[str, Any]:
    """A reason with its code, words, remedy and rule."""
    told: dict[str, Any] = {
        "code": refusal.code,
        "force": refusal.force.value,
        "message": refusal.told(current()),
        "remedy": refusal.remedied(current()),
    }
    if refusal.source:
        told["source"] = source_told(book, Source(refusal.source, refusal.article))
    return told


# ------------------------------------------------------------------------------------------ a procedure
def described(book: Rulebook, procedure: Procedure, day: date) -> dict[str, Any]:
    """A procedure with the numbers of a day."""
    plan = plan_of(book, procedure)
    return {
        "id": procedure.id,
        "as_of": day.isoformat(),
        "title": pick(procedure.title),
        "about": pick(procedure.about),
        "level": procedure.level.value,
        "layer": procedure.layer,
        "subject": procedure.subject.value,
        "applies_to": list(procedure.applies_to),
        "sources": [source_told(book, each) for each in plan.in_force_first(procedure.sources, day)],
        "fields": [_field(each) for each in procedure.fields],
        "papers": {name: pick(each.title) for name, each in procedure.papers.items()},
        "endings": {name: pick(each.title) for name, each in procedure.endings.items()},
        "steps": [_step(book, plan, step, day) for step in procedure.steps],
        "examples": len(procedure.examples),
        "rulebook": book.digest,
    }


def _field(field: Any) -> dict[str, Any]:
    told = {"id": field.id, "title": pick(field.title), "kind": field.kind.value, "required": field.required}
    if field.choices:
        told["choices"] = {name: pick(each) for name, each in field.choices.items()}
    return told


def _step(book: Rulebook, plan: Plan, step: Step, day: date) -> dict[str, Any]:
    row = step.row_on(day)
    later = next((each.since.isoformat() for each in step.rows if each.since > day), None)
    return {
        "id": step.id,
        "title": pick(step.title),
        "does": step.kind.value,
        "does_told": pick(KINDS[step.kind]),
        "by": [each.value for each in step.by],
        "by_told": [pick(ROLES[each]) for each in step.by],
        "in_force": step.exists_on(day),
        "optional": step.optional,
        "force": step.force.value,
        "after": list(step.after),
        "terms_since": row.since.isoformat() if row else None,
        "next_terms": later,
        "terms": {**row.numbers, **({"reply": row.reply} if row.reply else {})} if row else {},
        "waits": [_timing(each, step, day) for each in step.waits],
        "due": [_timing(each, step, day) for each in step.due],
        "fields": [_field(each) for each in step.fields],
        "vote": step.vote or None,
        "papers": {"needs": list(step.needs), "makes": list(step.makes)},
        "outcomes": [
            {"id": each.id, "title": pick(each.title), "passes": each.passes, "back_to": each.back_to or None,
             "ends": each.ends or None}
            for each in step.outcomes
        ],
        "effects": [{"does": each.kind.value, "value": each.value} for each in step.effects if each.holds_on(day)],
        "sources": [source_told(book, each) for each in plan.cited(step, day)],
    }  # fmt: skip


def _timing(timing: Any, step: Step, day: date) -> dict[str, Any]:
    return {
        "anchor": timing.anchor, "backward": timing.backward, "number": step.number(timing.term, day),
        "unit": timing.unit.value, "force": timing.force.value,
        "extended": step.number(timing.extended, day) if timing.extended else None,
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------ a case
def projected(book: Rulebook, plan: Plan, case: Case, day: date) -> dict[str, Any]:
    """Where a case stands on a day: every step, the reasons, and what was wrong with the steps as they were taken."""
    seen = project(plan, case, day)
    ending = plan.procedure.ending(seen.ended) if seen.ended else None
    return {
        "procedure": plan.procedure.id,
        "as_of": day.isoformat(),
        "ended": seen.ended or None,
        "ended_on": _day(seen.ended_on),
        "success": ending.success if ending else None,
        "suspended_on": _day(seen.suspended_on),
        "next": seen.next.step if seen.next else None,
        "finishes_on": _day(seen.finishes_on),
        "provisional": seen.provisional,
        "done": [each.step for each in seen.of(StepState.DONE)],
        "possible": [each.step for each in seen.of(*OPEN)],
        "overdue": [each.step for each in seen.of(StepState.OVERDUE)],
        "steps": [view_told(book, plan, each) for each in seen.steps],
        "refusals": history_told(book, plan, case, day),
        "rulebook": book.digest,
    }


def view_told(book: Rulebook, plan: Plan, view: StepView) -> dict[str, Any]:
    """One step on the day."""
    step = plan.steps[view.step]
    return {
        "step": view.step,
        "title": pick(step.title),
        "by": [each.value for each in step.by],
        "state": view.state.value,
        "optional": view.optional,
        "on": _day(view.on),
        "done_on": _day(view.done_on),
        "implied": view.implied,
        "attempts": view.attempts,
        "count": view.count,
        "terms_since": _day(view.row_since),
        "lawful_from": _day(view.lawful_from),
        "earliest": _day(view.earliest),
        "latest": _day(view.latest),
        "provisional": view.provisional,
        "reasons": [refusal_told(book, each) for each in view.reasons],
    }


def history_told(book: Rulebook, plan: Plan, case: Case, day: date) -> list[dict[str, Any]]:
    """The steps as given, tried one after the other in their order: what would have been refused, and cautions."""
    told = []
    for place, taken in enumerate(case.taken):
        before = Case(
            case.fields, case.subject, case.branch, case.taken[:place],
            tuple(each for each in case.events if each.on < taken.on), case.papers, case.assumes,
        )  # fmt: skip
        tried = try_on(replay(plan, before), taken, day)
        if tried.refusals or tried.cautions:
            told.append({"step": taken.step, "on": taken.on.isoformat(), **_reasons(book, tried)})
    return told


def attempted(book: Rulebook, tried: Attempt) -> dict[str, Any]:
    """What comes of a step that is tried."""
    return {
        "step": tried.taken.step,
        "on": tried.taken.on.isoformat(),
        "lawful": tried.lawful,
        "outcome": tried.outcome,
        **_reasons(book, tried),
        "effects": [{"does": each.kind.value, "value": each.value} for each in tried.effects],
    }


def _reasons(book: Rulebook, tried: Attempt) -> dict[str, Any]:
    return {
        "refused": [refusal_told(book, each) for each in tried.refusals],
        "cautions": [refusal_told(book, each) for each in tried.cautions],
    }


def _day(day: date | None) -> str | None:
    return None if day is None or day == date.min else day.isoformat()
