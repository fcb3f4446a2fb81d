"""Anchors that are waits or days of the step itself, votes of superiors, rules that came later, worked examples."""

from datetime import date

import pytest

from tests.core.procedures import CALENDAR, case, plan, procedure, step, text
from zhibu.core.norms.procedures import (
    Compared,
    Comparison,
    Every,
    Field,
    FieldKind,
    Outcome,
    Repeats,
    Requirement,
    Role,
    Timing,
    Unit,
)
from zhibu.core.procedure import Counted, Plan, StepState, Taken, attempt, project
from zhibu.core.refusal import Force

D = date
BEGIN, NEW = D(2020, 1, 1), D(2026, 7, 1)


def timing(anchor, term, unit=Unit.MONTHS, force=Force.MUST, **more):
    return Timing(anchor, unit, term, force, **more)


def is_(name, *words):
    return Compared(name, Comparison.IS, literals=words)


def codes(found):
    return [each.code for each in (*found.refusals, *found.cautions)]


def view(small, name, day, *taken, **given):
    return project(small, case(*taken, **given), day).view(name)


# ------------------------------------------------------------------------------------------------ anchors
@pytest.mark.parametrize(
    ("leaves_on", "expected"),
    [(D(2026, 9, 1), []), (D(2026, 8, 31), ["too_late"]), (None, [])],
)
def test_a_day_entered_at_the_step_itself_is_an_anchor(leaves_on, expected):
    due = timing("leaves_on", "months", force=Force.SHOULD, backward=True)
    day = Field("leaves_on", text("d"), FieldKind.DAY, required=False)
    small = plan(step("reviewed", rows={BEGIN: {"months": 3}}, due=(due,), fields=(day,)))
    values = {"leaves_on": leaves_on} if leaves_on else {}
    assert codes(attempt(small, case(), Taken("reviewed", D(2026, 6, 1), values=values))) == expected


OBSERVED = plan(
    step("admitted"),
    step("observed", "wait", after=("admitted",), rows={BEGIN: {"months": 12}}, waits=(timing("admitted", "months"),)),
    step("converted", after=("observed",), rows={BEGIN: {"within": 1}},
         due=(timing("observed", "within", force=Force.SHOULD),)),
)  # fmt: skip
ADMITTED = ("admitted", D(2024, 2, 29))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (D(2025, 2, 27), StepState.BLOCKED),
        (D(2025, 2, 28), StepState.POSSIBLE),
        (D(2025, 3, 28), StepState.POSSIBLE),
        (D(2025, 3, 29), StepState.OVERDUE),
    ],
)
def test_a_wait_nobody_entered_is_an_anchor(today, state):
    found = view(OBSERVED, "converted", today, ADMITTED)
    assert (found.state, found.latest) == (state, D(2025, 3, 28))


def test_a_wait_that_was_entered_counts_from_the_day_entered():
    found = view(OBSERVED, "converted", D(2025, 4, 1), ADMITTED, ("observed", D(2025, 3, 10)))
    assert found.latest == D(2025, 4, 10)


def test_a_wait_that_knows_no_day_of_its_own_is_no_anchor():
    found = view(OBSERVED, "converted", D(2025, 4, 1))
    assert (found.state, found.reasons[0].code) == (StepState.BLOCKED, "step_missing")
    assert view(OBSERVED, "converted", D(2025, 4, 1), ("observed", D(2025, 3, 30))).latest == D(2025, 4, 30)


def test_the_first_step_waits_by_the_numbers_of_its_first_row():
    first = step("apply", rows={BEGIN: {"age": 18}}, waits=(timing("subject.born_on", "age", Unit.YEARS),))
    found = view(plan(first), "apply", D(2026, 1, 1), subject={"born_on": D(2008, 6, 1)})
    assert (found.state, found.lawful_from) == (StepState.NOT_BEFORE, D(2026, 6, 1))


# --------------------------------------------------------------------------------------- superiors and actors
@pytest.mark.parametrize(
    ("counted", "reply", "outcome", "expected"),
    [
        ("carried", "approved", "done", []),
        ("not_carried", "refused", "refused", []),
        ("not_carried", "approved", "refused", []),
        ("carried", "refused", "refused", ["outcome_contradicts"]),
        ("void", "approved", "void", ["unknown_outcome"]),
    ],
)
def test_a_superior_that_votes_assents_or_refuses(counted, reply, outcome, expected):
    approved = step("approved", "superior_reply", vote="rule", by=(Role.APPROVING,))
    small = Plan(procedure(approved), CALENDAR, lambda *_: Counted(counted))
    tried = attempt(small, case(), Taken("approved", D(2026, 6, 1), reply=reply, vote={"expected": 9}))
    assert (tried.outcome, codes(tried)) == (outcome, expected)


@pytest.mark.parametrize(
    ("by", "committee", "expected"),
    [
        ("branch_committee", False, ["needs_meeting"]),
        ("general_meeting", False, []),
        ("branch_committee", True, []),
        ("", False, []),
    ],
)
def test_who_takes_the_step_may_be_asked(by, committee, expected):
    given = Compared("by", Comparison.GIVEN, literals=(True,))
    needs = Requirement(
        "needs_meeting", is_("by", "general_meeting"), Force.MUST, text("m"),
        when=Every((is_("branch.committee", False), given)),
    )  # fmt: skip
    decided = step("decided", by=(Role.BRANCH_COMMITTEE, Role.GENERAL_MEETING), requires=(needs,))
    tried = attempt(
        plan(decided), case(branch={"committee": committee}), Taken("decided", D(2026, 6, 1), by=by)
    )
    assert codes(tried) == expected


# ------------------------------------------------------------------------------------ what belongs to a case
LATER = plan(
    step("begun"),
    step("waited", "wait", after=("begun",), rows={BEGIN: {"days": 10}}, waits=(timing("begun", "days", Unit.DAYS),)),
    step("balloted", after=("waited",), first=NEW),
    step("proposed", after=("balloted",)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ((), StepState.POSSIBLE),
        ((("waited", D(2026, 6, 11)),), StepState.POSSIBLE),
        ((("proposed", D(2026, 6, 30)),), StepState.NOT_APPLICABLE),
    ],
)
def test_a_rule_that_came_later_is_asked_of_those_who_had_not_passed_its_place(taken, expected):
    assert view(LATER, "balloted", D(2026, 8, 1), ("begun", D(2026, 6, 1)), *taken).state is expected


def test_a_repeated_step_that_need_not_be_taken_hands_on_to_what_precedes_it():
    repeated = step("formed", after=("decided",), repeats=Repeats(until="assigned"))
    small = plan(step("decided"), repeated, step("assigned", after=("formed",)))
    blocked = view(small, "assigned", D(2026, 6, 1))
    assert (blocked.state, [each.code for each in blocked.reasons]) == (StepState.BLOCKED, ["step_missing"])
    assert view(small, "assigned", D(2026, 6, 2), ("decided", D(2026, 6, 1))).state is StepState.POSSIBLE


def test_what_precedes_an_example_is_assumed_unless_sent_back_or_never_asked():
    refused = Outcome("refused", text("r"), passes=False, back_to="proposed")
    small = plan(
        step("begun"),
        step("proposed", after=("begun",)),
        step("consented", "superior_reply", after=("proposed",), outcomes=(refused,)),
        step("other", after=("begun",), when=is_("case.floating", True)),
        step("end", after=("consented", "other")),
    )
    refusal = Taken("consented", D(2026, 6, 1), reply="refused")
    seen = project(small, case(refusal, assumes=True), D(2026, 6, 2)).steps
    assert {each.step: each.state for each in seen} == {
        "begun": StepState.DONE, "proposed": StepState.POSSIBLE, "consented": StepState.BLOCKED,
        "other": StepState.NOT_APPLICABLE, "end": StepState.BLOCKED,
    }  # fmt: skip


def test_in_a_finished_case_what_never_belonged_to_it_is_not_called_closed():
    small = plan(
        step("begun"),
        step("other", after=("begun",), when=is_("case.floating", True)),
        step("aside", optional=True),
    )
    finished = project(small, case(("begun", D(2026, 6, 1))), D(2026, 6, 2))
    states = {each.step: each.state for each in finished.steps}
    assert (finished.ended, states) == (
        "completed", {"begun": StepState.DONE, "other": StepState.NOT_APPLICABLE, "aside": StepState.CLOSED},
    )  # fmt: skip
