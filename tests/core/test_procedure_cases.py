"""Cases judged by small procedures made here: anchors, waits, votes of superiors, rules that came later."""

from dataclasses import replace
from datetime import date

import pytest

from zhibu.core.calendar import WorkingDays
from zhibu.core.norms import Level, Source
from zhibu.core.norms import procedures as norms
from zhibu.core.norms.procedures import (
    Every,
    Field,
    FieldKind,
    Outcome,
    Procedure,
    Requirement,
    Role,
    Step,
    StepKind,
    StepRow,
    Subject,
    Timing,
    Unit,
)
from zhibu.core.procedure import Case, Plan, StepState, Taken, attempt, project
from zhibu.core.procedure.plan import Counted
from zhibu.core.procedure.words import outcomes_of
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

TITLE = Text("标题", "Title")
BEGIN = date(2020, 1, 1)


def step(name, *, kind=StepKind.CONFIRM, after=(), numbers=None, outcomes=(), **more):
    given = {
        "by": (Role.BRANCH,), "before": (), "optional": False, "force": Force.MUST, "when": None, "first": None,
        "last": None, "waits": (), "due": (), "fields": (), "requires": (), "people": None, "vote": "", "notice": "",
        "needs": (), "makes": (), "effects": (), "repeats": None, "times": "", "one_by_one": False, "sources": (),
    }  # fmt: skip
    found = {each.id: each for each in outcomes_of(kind)} | {each.id: each for each in outcomes}
    rows = (StepRow(BEGIN, numbers),) if numbers else ()
    return Step(
        id=name, title=TITLE, kind=kind, after=tuple(after), rows=rows, outcomes=tuple(found.values()), **given | more
    )  # fmt: skip


def timing(anchor, term, *, unit=Unit.MONTHS, force=Force.MUST, **more):
    return Timing(anchor, unit, term, force, **more)


def plan(*steps, vote="carried"):
    procedure = Procedure(
        id="small", title=TITLE, about=TITLE, level=Level.LOCAL, subject=Subject.PERSON, applies_to=("branch",),
        opened_by=(Role.BRANCH,), group="admission", sources=(Source("rules"),), fields=(), papers={}, endings={},
        prompts=(), steps=steps, examples=(), layer="shipped",
    )  # fmt: skip
    return Plan(procedure, WorkingDays({}), lambda *_: Counted(vote))


def codes(found):
    return [each.code for each in (*found.refusals, *found.cautions)]


def leaving(*, backward=True):
    due = timing("leaves_on", "months", force=Force.SHOULD, backward=backward)
    day = Field("leaves_on", TITLE, FieldKind.DAY, required=False)
    return plan(step("reviewed", numbers={"months": 3}, due=(due,), fields=(day,)))


@pytest.mark.parametrize(
    ("leaves_on", "expected"),
    [(date(2026, 9, 1), []), (date(2026, 8, 31), ["too_late"]), (None, [])],
)
def test_a_day_entered_at_the_step_itself_is_an_anchor(leaves_on, expected):
    values = {"leaves_on": leaves_on} if leaves_on else {}
    tried = attempt(leaving(), Case(), Taken("reviewed", date(2026, 6, 1), values=values))
    assert codes(tried) == expected


def observed():
    year = step("observed", kind=StepKind.WAIT, after=("admitted",), numbers={"months": 12},
                waits=(timing("admitted", "months"),))  # fmt: skip
    converted = step("converted", after=("observed",), numbers={"within": 1},
                     due=(timing("observed", "within", force=Force.SHOULD),))  # fmt: skip
    return plan(step("admitted"), year, converted)


CASE = Case(taken=(Taken("admitted", date(2024, 2, 29)),))


@pytest.mark.parametrize(
    ("today", "state", "latest"),
    [
        (date(2025, 2, 27), StepState.BLOCKED, date(2025, 3, 28)),
        (date(2025, 2, 28), StepState.POSSIBLE, date(2025, 3, 28)),
        (date(2025, 3, 28), StepState.POSSIBLE, date(2025, 3, 28)),
        (date(2025, 3, 29), StepState.OVERDUE, date(2025, 3, 28)),
    ],
)
def test_a_wait_nobody_entered_is_an_anchor_once_it_is_over(today, state, latest):
    view = project(observed(), CASE, today).view("converted")
    assert (view.state, view.latest) == (state, latest)


def test_a_wait_that_was_entered_counts_from_the_day_entered():
    case = replace(CASE, taken=(*CASE.taken, Taken("observed", date(2025, 3, 10))))
    assert project(observed(), case, date(2025, 4, 1)).view("converted").latest == date(2025, 4, 10)


def test_the_first_step_waits_by_the_numbers_of_its_first_row():
    first = step("apply", numbers={"years": 18}, waits=(timing("subject.born_on", "years", unit=Unit.YEARS),))
    view = project(plan(first), Case(subject={"born_on": date(2008, 6, 1)}), date(2026, 1, 1)).view("apply")
    assert (view.state, view.lawful_from) == (StepState.NOT_BEFORE, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("counted", "reply", "outcome", "expected"),
    [
        ("carried", "approved", "done", []),
        ("not_carried", "refused", "refused", []),
        ("carried", "refused", "refused", ["outcome_contradicts"]),
        ("not_carried", "approved", "refused", []),
        ("void", "approved", "void", ["unknown_outcome"]),
    ],
)
def test_a_superior_that_votes_assents_or_refuses(counted, reply, outcome, expected):
    reply_step = step("approved", kind=StepKind.SUPERIOR_REPLY, vote="rule", by=(Role.APPROVING,))
    tried = attempt(
        plan(reply_step, vote=counted), Case(), Taken("approved", date(2026, 6, 1), reply=reply, vote={"expected": 9})
    )  # fmt: skip
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
    needs = Requirement(
        "needs_meeting",
        norms.Compared("by", norms.Comparison.IS, literals=("general_meeting",)),
        Force.MUST,
        TITLE,
        when=Every(
            (
                norms.Compared("branch.committee", norms.Comparison.IS, literals=(False,)),
                norms.Compared("by", norms.Comparison.GIVEN, literals=(True,)),
            )
        ),
    )
    decided = step("decided", by=(Role.BRANCH_COMMITTEE, Role.GENERAL_MEETING), requires=(needs,))
    tried = attempt(
        plan(decided), Case(branch={"committee": committee}), Taken("decided", date(2026, 6, 1), by=by)
    )
    assert codes(tried) == expected


# ---------------------------------------------------------------------------------- rules that came later
NEW = date(2026, 7, 1)


def later():
    return plan(
        step("begun"),
        step("waited", kind=StepKind.WAIT, after=("begun",), numbers={"days": 10},
             waits=(timing("begun", "days", unit=Unit.DAYS),)),
        step("balloted", after=("waited",), first=NEW),
        step("proposed", after=("balloted",)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({}, StepState.POSSIBLE),
        ({"waited": date(2026, 6, 11)}, StepState.POSSIBLE),
        ({"proposed": date(2026, 6, 30)}, StepState.NOT_APPLICABLE),
    ],
)
def test_a_rule_that_came_later_is_asked_of_those_who_had_not_passed_its_place(taken, expected):
    rows = (Taken("begun", date(2026, 6, 1)), *(Taken(name, day) for name, day in taken.items()))
    assert project(later(), Case(taken=rows), date(2026, 8, 1)).view("balloted").state is expected


def test_what_precedes_an_example_is_assumed_unless_it_was_sent_back_or_never_asked():
    refused = Outcome("refused", TITLE, passes=False, back_to="proposed")
    small = plan(
        step("begun"),
        step("proposed", after=("begun",)),
        step("consented", kind=StepKind.SUPERIOR_REPLY, after=("proposed",), outcomes=(refused,)),
        step(
            "other",
            after=("begun",),
            when=norms.Compared("case.floating", norms.Comparison.IS, literals=(True,)),
        ),
        step("end", after=("consented", "other")),
    )
    sent_back = Case(taken=(Taken("consented", date(2026, 6, 1), reply="refused"),), assumes=True)
    seen = {each.step: each.state for each in project(small, sent_back, date(2026, 6, 2)).steps}
    assert seen == {
        "begun": StepState.DONE, "proposed": StepState.POSSIBLE, "consented": StepState.BLOCKED,
        "other": StepState.NOT_APPLICABLE, "end": StepState.BLOCKED,
    }  # fmt: skip
    finished = Case(taken=(Taken("end", date(2026, 6, 1)),), assumes=True)
    found = project(small, finished, date(2026, 6, 2))
    assert (found.ended, found.view("other").state) == ("completed", StepState.NOT_APPLICABLE)


def test_a_repeated_step_that_need_not_be_taken_hands_on_to_what_precedes_it():
    repeated = step("formed", after=("decided",), repeats=norms.Repeats(until="assigned"))
    small = plan(step("decided"), repeated, step("assigned", after=("formed",)))
    blocked = project(small, Case(), date(2026, 6, 1)).view("assigned")
    assert (blocked.state, codes_of(blocked.reasons)) == (StepState.BLOCKED, ["step_missing"])
    decided = Case(taken=(Taken("decided", date(2026, 6, 1)),))
    assert project(small, decided, date(2026, 6, 2)).view("assigned").state is StepState.POSSIBLE


def codes_of(reasons):
    return [each.code for each in reasons]
