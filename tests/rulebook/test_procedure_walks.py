"""Every procedure beside admission is walked from its opening to a good end, each step entered, nothing assumed."""

from datetime import date, timedelta

import pytest

from zhibu import rulebook
from zhibu.core.calendar import WorkingDays
from zhibu.core.norms.procedures import FieldKind, StepKind
from zhibu.core.procedure import OPEN, Case, Named, Plan, StepState, Taken, attempt, judge_by, project
from zhibu.core.procedure.replay import replay
from zhibu.core.procedure.timing import lasts_until

START = date(2026, 3, 2)
MOTION = {"expected": 5, "present": 5, "yes": 5, "all_members": 5}


def election(seats, candidates):
    names = "甲乙丙丁戊己"[:candidates]
    given = {name: {"yes": 5} if place < seats else {"no": 5} for place, name in enumerate(names)}
    return {"expected": 5, "present": 5, "issued": 5, "returned": 5, "seats": seats, "candidates": given}


VOTES = {
    "committee-decision": MOTION,
    "general-meeting": MOTION,
    "four-plus-two-deliberation": MOTION,
    "villagers-representatives": MOTION,
    "branch-election": election(3, 4),
    "by-election": election(1, 2),
    "committee-first-session": election(1, 1),
    "secretary-election": election(1, 1),
    "member-appraisal": {**MOTION, "grades": {"甲": {"excellent": 5}}, "given": {"甲": "excellent"}},
}
VOTES["member-appraisal"].pop("yes")
SESSION_OF_THREE = {
    **election(1, 1),
    "expected": 3,
    "present": 3,
    "issued": 3,
    "returned": 3,
    "candidates": {"甲": {"yes": 3}},
}
CALENDAR = {
    "proposals_from": START,
    "proposals_until": date(2026, 9, 5),
    "midterm_on": date(2027, 1, 8),
    "final_on": date(2027, 6, 25),
}
PROJECT = {"title": "党员讲堂", **CALENDAR}
CALL = {**CALENDAR, "budget": 1_000_000, "granted": 500_000, "projects": 5, "accepted": 5}

WALKS = [
    ("renewal", {"committee": True, "seats": 3}, {"years": 3, "voters": 5}),
    ("renewal", {"committee": False}, {"years": 3, "voters": 5}),
    ("term_shift", {"direction": "later", "months": 6, "reason": "x"}, {}),
    ("by_election", {"vacant": "member", "seats": 1, "vacant_since": START}, {}),
    ("by_election", {"vacant": "head_of_committee", "vacant_since": START}, {}),
    ("by_election", {"vacant": "head_and_member", "seats": 1, "vacant_since": START}, {}),
    ("by_election", {"vacant": "head_without_committee", "vacant_since": START}, {}),
    ("secretary_appointment", {"post": "secretary", "reason": "x"}, {"full_since": date(2020, 7, 1)}),
    ("decision_4plus2", {"matter": "x"}, {"heard": 9}),
    ("decision_4plus2", {"matter": "x", "representatives": True}, {"heard": 9}),
    ("decision_4plus2", {"matter": "x", "one_team": True}, {"heard": 9}),
    ("committee_decision", {"matter": "x"}, {}),
    ("committee_decision", {"matter": "x", "to_meeting": True}, {}),
    ("major_matter", {"matter": "x", "kind": "whole"}, {"adopted": "all"}),
    ("major_matter", {"matter": "x", "kind": "whole"}, {"adopted": "none", "reason": "x"}),
    ("member_appraisal", {"year": 2026}, {"graded": 3, "ungraded": 2, "unqualified": 0}),
    ("member_appraisal", {"year": 2026}, {"graded": 3, "ungraded": 2, "unqualified": 1, "opened": 1}),
    ("member_reminder", {"ground": "early_signs"}, {}),
    ("member_reminder", {"ground": "late_dues"}, {}),
    ("rectification_in_time", {"ground": "x"}, {"months": 6, "may_appeal": True}),
    ("removal", {"ground": "religion"}, {"attended": True, "may_appeal": True}),
    (
        "removal",
        {"ground": "six_months", "last_taken_part": date(2025, 8, 31)},
        {"attended": True, "may_appeal": True},
    ),
    ("innovation_call", {"title": "x"}, CALL),
    (
        "innovation_project",
        PROJECT,
        {"amount": 80_000, "asked": 80_000, "granted": 80_000, "level": "ordinary", "points": 80},
    ),
    ("weak_branch", {"basis": "x"}, {"months": 3}),
    ("commendation", {"year": 2026, "kind": "worker"}, {}),
    ("commendation", {"year": 2026, "kind": "branch"}, {"average": 9000, "quarters": True}),
    ("secretary_report", {"period": "x", "period_end": START}, {"to_mend": False}),
    ("secretary_report", {"period": "x", "period_end": START}, {"to_mend": True}),
    ("report_and_review", {"year": 2026}, {"points": 90}),
]


@pytest.fixture(scope="module")
def plans():
    book = rulebook.check(()).rulebook
    calendar, judge = WorkingDays(book.calendar), judge_by(book.votes)
    return {name: Plan(each, calendar, judge, book.documents) for name, each in book.procedures.items()}


def value(field, step, given, day, count):
    """Something that fits the field."""
    if field.id in given:
        return given[field.id]
    match field.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return 0
        case FieldKind.DAY:
            return day
        case FieldKind.FLAG:
            return False
        case FieldKind.CHOICE:
            return next(iter(field.choices))
        case FieldKind.PERSON:
            return f"评{count + 1}"
        case _:
            return "x"


def people(standing, step, day):
    """As many as are asked; reviewers are others than those of the project."""
    if step.people is None:
        return ()
    seats = standing.value(step.people.seats) if step.people.seats else 0
    more = step.number(step.people.surplus, day) or 0 if step.people.surplus else 0
    least = max(step.number(step.people.least, day) or 0, -(-(seats or 0) * (100 + more) // 100))
    if step.id == "elected":
        least = standing.value("case.seats")
    names = (
        [f"评{each + 1}" for each in range(least)] if step.people.not_among else "甲乙丙丁戊己庚辛壬"[:least]
    )
    return tuple(Named(each) for each in names)


def entry(standing, step, day, given):
    """A taking of the step that gives whatever is asked."""
    vote = VOTES.get(step.vote) if step.vote else None
    if step.id == "first_session":
        vote = SESSION_OF_THREE
    row = step.row_on(day)
    until = None
    if step.kind is StepKind.NOTICE:
        until = lasts_until(standing, step, day).day - timedelta(days=1)
        until = max(until, day)
    count = len(standing.counts.get(step.id, ()))
    return Taken(
        step.id, day, until, by=step.by[0].value, reply=row.reply if row else "", vote=vote,
        values={
            each.id: value(each, step, given, day, count) for each in step.fields if each.required or each.id in given
        },
        people=people(standing, step, day),
    )  # fmt: skip


def next_step(seen):
    """The first step that is open and needed: a repeated one only until it was taken often enough."""
    needed = [each for each in seen.steps if not each.optional]
    for states in (OPEN, frozenset({StepState.NOT_BEFORE})):
        if found := [each for each in needed if each.state in states]:
            return found[0]
    return None


@pytest.mark.parametrize(
    ("name", "fields", "given"), WALKS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_case_can_be_walked_to_a_good_end(plans, name, fields, given):
    plan, taken, day = plans[name], (), START
    for _ in range(60):
        case = Case(fields=fields, branch={"committee": True, "full_members": 5}, taken=taken)
        if name == "renewal":
            case = Case(fields=fields, branch={}, taken=taken)
        seen, standing = project(plan, case, day), replay(plan, case)
        if seen.ended:
            break
        view = next_step(seen)
        assert view is not None, (
            f"stuck after {[each.step for each in taken]}: {[(v.step, v.state) for v in seen.steps]}"
        )
        day = max(day, view.earliest or day)
        tried = attempt(plan, case, entry(standing, plan.steps[view.step], day, given))
        assert [each.code for each in tried.refusals] == [], view.step
        taken += (tried.taken,)
        day = max(day, tried.taken.until + timedelta(days=1) if tried.taken.until else day)
    assert plan.procedure.ending(seen.ended).success, (seen.ended, [each.step for each in taken])
    required = {each.step for each in seen.steps if not each.optional and each.state is not StepState.DONE}
    left = {step for step in required if plan.steps[step].when is None and plan.steps[step].repeats is None}
    assert left == set(), "the end was reached past a step that is asked"
