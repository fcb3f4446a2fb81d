"""The engine of procedures: who may not, what must wait, what follows, on small procedures made for the purpose."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.procedures import CALENDAR, NEW, OLD, case, plan, step, text
from zhibu.core.norms.procedures import (
    Bar,
    Compared,
    Comparison,
    Effect,
    EffectKind,
    Field,
    FieldKind,
    Never,
    Outcome,
    People,
    Repeats,
    Requirement,
    Role,
    Timing,
    Unit,
)
from zhibu.core.procedure import Event, EventKind, Named, StepState, Taken, attempt, project
from zhibu.core.refusal import Force

D = date
MUST, SHOULD = Force.MUST, Force.SHOULD


def codes(tried):
    return [each.code for each in tried.refusals]


def cautions(tried):
    return [each.code for each in tried.cautions]


# ------------------------------------------------------------------------------------------- the order of steps
CHAIN = plan(step("a"), step("b", after=("a",)), step("c", after=("b",)))


@pytest.mark.parametrize(
    ("taken", "tried", "refused"),
    [
        ((), ("b", D(2026, 3, 1)), ["step_missing"]),
        ((), ("x", D(2026, 3, 1)), ["unknown_step"]),
        ((("a", D(2026, 3, 2)),), ("b", D(2026, 3, 1)), ["out_of_order"]),
        ((("a", D(2026, 3, 2)),), ("a", D(2026, 3, 3)), ["already_done"]),
        ((("a", D(2026, 3, 2)),), ("b", D(2026, 3, 2)), []),
        (
            (("a", D(2026, 3, 2)), ("b", D(2026, 3, 2)), ("c", D(2026, 3, 2))),
            ("c", D(2026, 3, 3)),
            ["case_ended"],
        ),
    ],
)
def test_steps_come_in_their_order(taken, tried, refused):
    assert codes(attempt(CHAIN, case(*taken), Taken(*tried))) == refused


def test_the_first_thing_lacking_is_told_first():
    tried = attempt(CHAIN, case(), Taken("c", D(2026, 3, 1)))
    assert [(each.code, each.params["other"]) for each in tried.refusals] == [("step_missing", text("b"))]


def test_a_day_to_come_and_days_reversed_are_refused():
    taken = Taken("a", D(2026, 3, 9), until=D(2026, 3, 1))
    assert codes(attempt(CHAIN, case(), taken, today=D(2026, 3, 5))) == ["in_future", "dates_reversed"]


def test_only_whose_step_it_is_may_take_it():
    own = plan(step("a", by=(Role.SUPERIOR, Role.APPROVING)))
    tried = attempt(own, case(), Taken("a", D(2026, 3, 1), by="branch"))
    assert codes(tried) == ["wrong_actor"]
    assert codes(attempt(own, case(), Taken("a", D(2026, 3, 1), by="approving"))) == []


def test_a_step_that_should_come_before_may_be_left_out_with_a_caution_but_not_what_must_come_before_it():
    soft = plan(step("a"), step("b", after=("a",), force=SHOULD), step("c", after=("b",)))
    tried = attempt(soft, case(("a", D(2026, 3, 1))), Taken("c", D(2026, 3, 2)))
    assert (codes(tried), cautions(tried)) == ([], ["step_skipped"])
    assert codes(attempt(soft, case(), Taken("c", D(2026, 3, 2)))) == ["step_missing"]


# ------------------------------------------------------------------------------------------------ time
def waiting(unit, number, **given):
    timing = Timing("a", unit, "n", MUST, **given)
    return plan(step("a"), step("b", after=("a",), waits=(timing,), rows={OLD: {"n": number}}))


@pytest.mark.parametrize(
    ("unit", "number", "since", "first"),
    [
        (Unit.DAYS, 3, D(2026, 3, 1), D(2026, 3, 4)),
        (Unit.MONTHS, 12, D(2024, 2, 29), D(2025, 2, 28)),
        (Unit.MONTHS, 1, D(2026, 1, 31), D(2026, 2, 28)),
        (Unit.YEARS, 18, D(2006, 2, 28), D(2024, 2, 28)),
        (Unit.WORKING_DAYS, 5, D(2026, 9, 28), D(2026, 10, 10)),
    ],
)
def test_a_wait_ends_on_its_day(unit, number, since, first):
    made = waiting(unit, number)
    opened = case(("a", since))
    assert codes(attempt(made, opened, Taken("b", first - timedelta(days=1)))) == ["too_early"]
    assert codes(attempt(made, opened, Taken("b", first))) == []
    assert project(made, opened, since).view("b").lawful_from == first


def test_a_time_limit_passed_is_a_caution_and_shown_as_overdue():
    made = plan(
        step("a"), step("b", after=("a",), due=(Timing("a", Unit.MONTHS, "n", SHOULD, extended="m"),), rows={OLD: {"n": 3, "m": 6}})
    )  # fmt: skip
    opened = case(("a", D(2026, 1, 31)))
    view = project(made, opened, D(2026, 5, 1)).view("b")
    assert (view.state, view.latest) == (StepState.OVERDUE, D(2026, 4, 30))
    assert cautions(attempt(made, opened, Taken("b", D(2026, 5, 1)))) == ["too_late"]
    longer = case(("a", D(2026, 1, 31)), events=(Event(EventKind.EXTENDED, D(2026, 4, 1), "b"),))
    assert project(made, longer, D(2026, 5, 1)).view("b").latest == D(2026, 7, 31)


def test_counting_back_from_a_day_of_the_case():
    made = plan(
        step(
            "a",
            due=(Timing("case.expires_on", Unit.MONTHS, "n", SHOULD, backward=True),),
            rows={OLD: {"n": 6}},
        ),
        fields=(Field("expires_on", text("届满"), FieldKind.DAY),),
    )
    opened = case(fields={"expires_on": D(2026, 8, 31)})
    assert project(made, opened, D(2026, 1, 1)).view("a").latest == D(2026, 2, 28)


def test_the_numbers_are_those_of_the_day_the_step_is_taken():
    made = plan(
        step("a"),
        step(
            "b", "superior_reply", after=("a",), rows={OLD: {"reply": "filed"}, NEW: {"reply": "consented"}}
        ),
    )
    opened = case(("a", D(2026, 4, 1)))
    assert codes(attempt(made, opened, Taken("b", NEW - timedelta(days=1), reply="filed"))) == []
    assert codes(attempt(made, opened, Taken("b", NEW, reply="filed"))) == ["reply_not_sufficient"]
    assert codes(attempt(made, opened, Taken("b", NEW, reply="approved"))) == []
    assert codes(attempt(made, opened, Taken("b", NEW))) == ["reply_missing"]
    assert codes(attempt(made, opened, Taken("b", NEW, reply="refused"))) == []


def test_a_step_the_rules_brought_in_later_is_not_asked_of_who_had_passed_the_place():
    made = plan(step("a"), step("n", after=("a",), first=NEW), step("b", after=("n",)))
    assert codes(attempt(made, case(("a", D(2026, 5, 1))), Taken("b", D(2026, 6, 1)))) == []
    assert codes(attempt(made, case(("a", NEW)), Taken("b", D(2026, 6, 1)))) == ["step_missing"]
    view = project(made, case(("a", D(2026, 5, 1))), D(2026, 6, 1)).view("n")
    assert view.state is StepState.NOT_APPLICABLE


@given(st.dates(D(2026, 1, 1), D(2026, 12, 31)), st.integers(1, 12))
def test_a_notice_is_up_for_its_working_days_and_not_a_day_less(opens, number):
    made = plan(step("n", "notice", rows={OLD: {"working_days": number}}), step("b", after=("n",)))
    day, counted = opens, 0
    while True:  # counted by hand, day by day
        off = D(2026, 10, 1) <= day <= D(2026, 10, 7)
        worked = day in (D(2026, 9, 20), D(2026, 10, 10)) or (day.weekday() < 5 and not off)
        counted += worked
        if counted == number:
            break
        day += timedelta(days=1)
    assert codes(attempt(made, case(), Taken("n", opens, until=day))) == []
    if day > opens:
        short = attempt(made, case(), Taken("n", opens, until=day - timedelta(days=1)))
        assert codes(short) == ["notice_too_short"]
    up = case(Taken("n", opens, until=day))
    assert codes(attempt(made, up, Taken("b", day))) == ["out_of_order"]
    assert codes(attempt(made, up, Taken("b", day + timedelta(days=1)))) == []


def test_beyond_the_published_calendar_days_are_provisional():
    made = plan(step("n", "notice", rows={OLD: {"working_days": 5}}))
    assert project(made, case(), D(2027, 3, 1)).provisional
    assert not project(made, case(), D(2026, 3, 2)).provisional


def test_a_wait_is_over_by_itself():
    made = plan(
        step("a"),
        step("w", "wait", after=("a",), waits=(Timing("a", Unit.MONTHS, "n", MUST),), rows={OLD: {"n": 12}}),
        step("b", after=("w",)),
    )
    opened = case(("a", D(2025, 3, 10)))
    assert codes(attempt(made, opened, Taken("b", D(2026, 3, 9)))) == ["too_early"]
    assert codes(attempt(made, opened, Taken("b", D(2026, 3, 10)))) == []
    view = project(made, opened, D(2026, 4, 1)).view("w")
    assert (view.state, view.implied, view.done_on) == (StepState.DONE, True, D(2026, 3, 10))
    assert (
        project(made, case(("a", D(2025, 3, 10)), ("b", D(2026, 3, 10))), D(2026, 4, 1)).ended == "completed"
    )


def test_months_added_by_a_decision_push_the_wait():
    made = plan(
        step("a"),
        step("x", after=("a",), optional=True, fields=(Field("months", text("月"), FieldKind.NUMBER),), times="most", rows={OLD: {"most": 1}}),
        step("b", after=("a",), waits=(Timing("a", Unit.MONTHS, "n", MUST, plus="x.months"),), rows={OLD: {"n": 12}}),
    )  # fmt: skip
    longer = case(("a", D(2025, 1, 1)), Taken("x", D(2025, 12, 1), values={"months": 6}))
    assert codes(attempt(made, longer, Taken("b", D(2026, 1, 1)))) == ["too_early"]
    assert codes(attempt(made, longer, Taken("b", D(2026, 7, 1)))) == []
    assert codes(attempt(made, longer, Taken("x", D(2026, 1, 1), values={"months": 6}))) == ["too_often"]


# ------------------------------------------------------------------------------------------ again and again
AGAIN = plan(
    step("a"),
    step("e", "review", after=("a",), repeats=Repeats("every", Unit.MONTHS, "a", "least", "b"), rows={OLD: {"every": 6, "least": 2}}),
    step("b", after=("e",)),
)  # fmt: skip


def test_a_repeated_step_is_asked_often_enough_and_falls_due():
    once = case(("a", D(2025, 1, 10)), ("e", D(2025, 7, 1)))
    assert codes(attempt(AGAIN, once, Taken("b", D(2026, 1, 10)))) == ["not_often_enough"]
    assert project(AGAIN, once, D(2026, 1, 2)).view("e").state is StepState.OVERDUE
    assert project(AGAIN, once, D(2026, 1, 1)).view("e").latest == D(2026, 1, 1)
    twice = case(("a", D(2025, 1, 10)), ("e", D(2025, 7, 1)), ("e", D(2026, 1, 1)))
    assert codes(attempt(AGAIN, twice, Taken("b", D(2026, 1, 10)))) == []
    over = case(*twice.taken, ("b", D(2026, 1, 10)))
    assert codes(attempt(AGAIN, over, Taken("e", D(2026, 2, 1)))) == ["case_ended"]


# --------------------------------------------------------------------------------------- when it does not pass
BACK = plan(
    step("a"),
    step("b", "review", after=("a",)),
    step("c", "superior_reply", after=("b",), outcomes=(Outcome("refused", text("不同意"), False, back_to="b"),)),
    step("d", "ballot", after=("c",), vote="v", outcomes=(Outcome("not_carried", text("未通过"), False, ends="stopped"),)),
)  # fmt: skip


def test_a_refusal_sends_the_case_back_and_what_came_after_must_be_done_anew():
    sent = case(("a", D(2026, 1, 1)), ("b", D(2026, 1, 2)), Taken("c", D(2026, 1, 3), reply="refused"))
    seen = project(BACK, sent, D(2026, 1, 4))
    assert [(each.step, each.state.value, each.attempts) for each in seen.steps] == [
        ("a", "done", 1), ("b", "possible", 1), ("c", "blocked", 1), ("d", "blocked", 0),
    ]  # fmt: skip


def test_what_fails_without_a_consequence_is_taken_again():
    failed = case(("a", D(2026, 1, 1)), Taken("b", D(2026, 1, 2), outcome="failed"))
    assert project(BACK, failed, D(2026, 1, 4)).next.step == "b"
    assert codes(attempt(BACK, failed, Taken("b", D(2026, 1, 5)))) == []


def test_counts_decide_and_contradicting_them_is_refused():
    ready = case(("a", D(2026, 1, 1)), ("b", D(2026, 1, 2)), Taken("c", D(2026, 1, 3), reply="approved"))
    half = {"expected": 20, "yes": 10}
    assert attempt(BACK, ready, Taken("d", D(2026, 1, 4), vote=half)).outcome == "not_carried"
    said = Taken("d", D(2026, 1, 4), outcome="carried", vote=half)
    assert codes(attempt(BACK, ready, said)) == ["outcome_contradicts"]
    assert codes(attempt(BACK, ready, Taken("d", D(2026, 1, 4)))) == ["vote_missing"]
    lost = case(*ready.taken, Taken("d", D(2026, 1, 4), vote=half))
    assert (project(BACK, lost, D(2026, 1, 9)).ended, project(BACK, lost, D(2026, 1, 9)).next) == (
        "stopped",
        None,
    )


def test_nothing_is_taken_while_a_case_rests():
    resting = case(("a", D(2026, 1, 1)), events=(Event(EventKind.SUSPENDED, D(2026, 1, 2)),))
    assert codes(attempt(BACK, resting, Taken("b", D(2026, 1, 5)))) == ["case_suspended"]
    again = case(*resting.taken, events=(*resting.events, Event(EventKind.RESUMED, D(2026, 1, 3))))
    assert codes(attempt(BACK, again, Taken("b", D(2026, 1, 5)))) == []


# ---------------------------------------------------------------------------------------------- what is asked
def test_fields_are_asked_by_name_and_kind():
    made = plan(
        step(
            "a",
            fields=(
                Field("hours", text("学时"), FieldKind.NUMBER),
                Field("place", text("地点"), FieldKind.TEXT, required=False),
            ),
        )
    )
    tried = [
        codes(attempt(made, case(), Taken("a", D(2026, 1, 1), values=values)))
        for values in ({}, {"hours": "many"}, {"hours": True}, {"hours": -1}, {"hours": 3, "hors": 1}, {"hours": 3})
    ]  # fmt: skip
    assert tried == [
        ["field_missing"],
        ["field_wrong"],
        ["field_wrong"],
        ["field_wrong"],
        ["field_unknown"],
        [],
    ]


def test_a_requirement_blocks_or_warns_under_its_own_code():
    enough = Compared("hours", Comparison.AT_LEAST, "least")
    for force, told in ((MUST, (["too_short"], [])), (SHOULD, ([], ["too_short"]))):
        made = plan(
            step("a", fields=(Field("hours", text("学时"), FieldKind.NUMBER),), rows={OLD: {"least": 24}},
                 requires=(Requirement("too_short", enough, force, text("至少 {least} 学时")),))
        )  # fmt: skip
        tried = attempt(made, case(), Taken("a", D(2026, 1, 1), values={"hours": 23}))
        assert (codes(tried), cautions(tried)) == told
        assert "24" in (tried.refusals or tried.cautions)[0].told()
        assert codes(attempt(made, case(), Taken("a", D(2026, 1, 1), values={"hours": 24}))) == []


SPONSORS = plan(
    step(
        "s", "name_people", rows={OLD: {"two": 2}, NEW: {"two": 2, "months": 12}},
        people=People(
            text("介绍人"), "two", "two", ("full_member",),
            (
                Bar("no_rights", {"disciplinary_probation": ""}, MUST, text("{name} 不得")),
                Bar("in_period", {"warning": "months"}, SHOULD, text("{name} 不宜")),
            ),
        ),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "people", "refused", "warned"),
    [
        (NEW, ["甲"], ["people_too_few"], []),
        (NEW, ["甲", "乙", "丙"], ["people_too_many"], []),
        (NEW, ["甲", "甲"], ["person_twice"], []),
        (NEW, ["甲", Named("乙", stage="probationary_member")], ["person_not_of_stage"], []),
        (NEW, ["甲", Named("乙", sanction="disciplinary_probation")], ["no_rights"], []),
        (NEW, ["甲", Named("乙", sanction="warning", sanction_on=D(2025, 5, 12))], [], ["in_period"]),
        (NEW, ["甲", Named("乙", sanction="warning", sanction_on=D(2025, 5, 11))], [], []),
        (D(2026, 5, 10), ["甲", Named("乙", sanction="warning", sanction_on=D(2026, 5, 1))], [], []),
    ],
)
def test_who_may_be_named(day, people, refused, warned):
    named = tuple(each if isinstance(each, Named) else Named(each) for each in people)
    tried = attempt(SPONSORS, case(), Taken("s", day, people=named))
    assert (codes(tried), cautions(tried)) == (refused, warned)


def test_effects_belong_to_an_outcome_and_to_the_rules_of_a_day():
    made = plan(
        step("a", "review", effects=(
            Effect(EffectKind.SET_STAGE, "prospect", last=NEW - timedelta(days=1)),
            Effect(EffectKind.END_MEMBERSHIP, outcome="failed"),
        ))
    )  # fmt: skip
    taken = {
        (day, outcome): [
            each.kind.value for each in attempt(made, case(), Taken("a", day, outcome=outcome)).effects
        ]
        for day in (OLD, NEW)
        for outcome in ("passed", "failed")
    }
    assert taken == {
        (OLD, "passed"): ["set_stage"], (OLD, "failed"): ["end_membership"], (NEW, "passed"): [],
        (NEW, "failed"): ["end_membership"],
    }  # fmt: skip


def test_a_step_that_does_not_apply_hands_on():
    when = Never(Compared("case.local", Comparison.IS, literals=(True,)))
    made = plan(
        step("a"), step("b", after=("a",), when=when), step("c", after=("b",)),
        fields=(Field("local", text("本地"), FieldKind.FLAG),),
    )  # fmt: skip
    local = case(("a", D(2026, 1, 1)), fields={"local": True})
    assert codes(attempt(made, local, Taken("c", D(2026, 1, 2)))) == []
    assert codes(attempt(made, local, Taken("b", D(2026, 1, 2)))) == ["not_applicable"]
    away = case(("a", D(2026, 1, 1)), fields={"local": False})
    assert codes(attempt(made, away, Taken("c", D(2026, 1, 2)))) == ["step_missing"]


def test_the_whole_future_is_projected():
    made = plan(
        step("a"),
        step("n", "notice", after=("a",), rows={OLD: {"working_days": 5}}),
        step("b", after=("n",), waits=(Timing("a", Unit.MONTHS, "n", MUST),), due=(Timing("a", Unit.MONTHS, "m", SHOULD),), rows={OLD: {"n": 1, "m": 3}}),
        step("c", after=("b",), due=(Timing("b", Unit.MONTHS, "m", SHOULD),), rows={OLD: {"m": 1}}),
    )  # fmt: skip
    seen = project(made, case(("a", D(2026, 3, 2))), D(2026, 3, 2))
    assert [(each.step, each.state.value, each.earliest, each.latest) for each in seen.steps] == [
        ("a", "done", None, None),
        ("n", "possible", D(2026, 3, 2), None),
        ("b", "blocked", D(2026, 4, 2), D(2026, 6, 2)),
        ("c", "blocked", D(2026, 4, 2), D(2026, 7, 2)),
    ]
    assert seen.finishes_on == D(2026, 4, 2)
    assert CALENDAR.nth(D(2026, 3, 2), 5).day == D(2026, 3, 6)
