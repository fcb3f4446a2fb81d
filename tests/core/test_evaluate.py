from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import ALL_YEAR, DAY, at_least, at_most, check, reviewed, standard
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import (
    NOT_COUNTED,
    NOT_DUE,
    NOT_THIS_KIND,
    NOTHING_TO_MEASURE,
    REVIEWER_SAYS,
    Shortfall,
    State,
    holds,
    judge,
    share_points,
    shortfalls,
)
from zhibu.core.norms import (
    MICRO,
    AllOf,
    AnyOf,
    Cadence,
    Compare,
    Not,
    Operator,
    Terms,
    TermsRow,
    Unless,
    due_in,
)
from zhibu.core.wording import Text

TOO_YOUNG = Text("新建支部首季不评", "The branch is too new")
COUNTS = st.integers(0, 50)


def verdict(norm, facts, **rest):
    return judge(norm, DAY, facts, rest.pop("due", ALL_YEAR), rest.pop("review", None), **rest)


def test_a_check_that_holds_earns_all_its_points_and_one_that_does_not_earns_none():
    norm = standard(check("lesson", met=at_least("life.lessons", "one")))
    done, missed = verdict(norm, {"life.lessons": 1}), verdict(norm, {"life.lessons": 0})
    assert (done.state, done.points, done.hundredths, done.missing) == (State.MET, MICRO, 100, ())
    assert (missed.state, missed.points, missed.missing) == (State.NOT_MET, 0, ("life.lessons",))
    assert missed.part("lesson").missing == (Shortfall("life.lessons", 0, Operator.AT_LEAST, "one", 1, 1),)
    assert missed.part("lesson").gain == MICRO


def test_a_share_earns_in_proportion_rounded_down():
    norm = standard(check("months", share=("life.months", "three")))
    part = verdict(norm, {"life.months": 2}).part("months")
    assert (part.state, part.points) == (State.PARTLY, 666_666)
    assert part.missing == (Shortfall("life.months", 2, Operator.AT_LEAST, "three", 3, 1),)
    assert verdict(norm, {"life.months": 9}).part("months").points == MICRO
    assert verdict(norm, {"life.months": 0}).state is State.NOT_MET
    assert verdict(norm, {"life.months": -4}).part("months").points == 0


def test_a_share_of_nothing_is_not_applicable():
    norm = standard(check("talks", share=("life.talks", "register.activists")))
    part = verdict(norm, {"life.talks": 0, "register.activists": 0}).part("talks")
    assert (part.state, part.because, part.applicable) == (State.NOT_APPLICABLE, NOTHING_TO_MEASURE, False)


def test_parts_not_applicable_leave_the_denominator():
    norm = standard(
        check("lesson", met=at_least("life.lessons", "one")),
        check("talks", share=("life.talks", "register.activists")),
    )
    found = verdict(norm, {"life.lessons": 1, "life.talks": 0, "register.activists": 0})
    assert (found.state, found.points, found.decided, found.applicable) == (State.MET, MICRO, MICRO, MICRO)


def test_what_is_not_due_this_quarter_is_not_applicable():
    norm = standard(check("plan", met=at_least("life.plans", "one"), cadence=Cadence.HALF_YEAR))
    spring, summer = due_in(Quarter(2026, 1)), due_in(Quarter(2026, 2))
    assert verdict(norm, {"life.plans": 0}, due=spring).part("plan").because == NOT_DUE
    assert verdict(norm, {"life.plans": 0}, due=summer).state is State.NOT_MET


def test_a_part_of_no_weight_waits_for_its_row_of_terms():
    """A later row of terms brings a part in; until then it is shown as not counted and takes nothing."""
    norm = standard(
        check("lesson", met=at_least("life.lessons", "one")),
        check("plan", met=at_least("life.plans", "one"), weight="later"),
        reviewed("effect", weight="later"),
        terms={"later": 0},
    )
    found = verdict(norm, {"life.lessons": 1, "life.plans": 0}, review={"effect": 0})
    assert (found.state, found.decided, found.applicable) == (State.MET, MICRO, MICRO)
    assert [found.part(name).because for name in ("plan", "effect")] == [NOT_COUNTED, NOT_COUNTED]


def test_cadences_due_by_quarter():
    always = {Cadence.MONTH, Cadence.QUARTER, Cadence.CONTINUOUS}
    assert [due_in(Quarter(2026, number)) for number in (1, 2, 3, 4)] == [
        always,
        always | {Cadence.HALF_YEAR},
        always,
        always | {Cadence.HALF_YEAR, Cadence.YEAR},
    ]


def test_another_kind_of_organisation_is_not_asked():
    norm = standard(check("lesson", met=at_least("life.lessons", "one")))
    found = verdict(norm, {"life.lessons": 0}, kind="mobile_branch")
    assert (found.state, found.because) == (State.NOT_APPLICABLE, NOT_THIS_KIND)
    narrow = standard(
        check("lesson", met=at_least("life.lessons", "one"), applies_to=("branch",)),
        applies_to=("branch", "mobile_branch"),
    )
    assert verdict(narrow, {"life.lessons": 0}, kind="mobile_branch").part("lesson").because == NOT_THIS_KIND


def test_exceptions_of_the_standard_and_of_the_check_give_their_reason():
    young = Unless(at_most("register.days", "three"), TOO_YOUNG)
    for norm in (
        standard(check("lesson", met=at_least("life.lessons", "one")), unless=[young]),
        standard(check("lesson", met=at_least("life.lessons", "one"), unless=[young])),
    ):
        assert verdict(norm, {"life.lessons": 0, "register.days": 3}).part("lesson").because == TOO_YOUNG
        assert verdict(norm, {"life.lessons": 0, "register.days": 4}).state is State.NOT_MET
    whole = standard(reviewed("effect"), unless=[young])
    assert verdict(whole, {"register.days": 1}, review={"effect": 5}).state is State.NOT_APPLICABLE


def test_a_person_judges_reviewed_parts_and_until_then_nothing_is_counted():
    norm = standard(check("lesson", met=at_least("life.lessons", "one")), reviewed("effect"))
    facts = {"life.lessons": 1}
    waiting = verdict(norm, facts)
    assert (waiting.state, waiting.decided, waiting.applicable) == (State.AWAITING_REVIEW, MICRO, 2 * MICRO)
    for points, state in ((MICRO, State.MET), (1, State.PARTLY), (0, State.NOT_MET)):
        part = verdict(norm, facts, review={"effect": points}).part("effect")
        assert (part.state, part.points) == (state, points)
    declared = verdict(norm, facts, review={"effect": -1}).part("effect")
    assert (declared.state, declared.because) == (State.NOT_APPLICABLE, REVIEWER_SAYS)
    for points in (MICRO + 1, -2):
        with pytest.raises(ValueError, match="between 0 and"):
            verdict(norm, facts, review={"effect": points})


def test_the_terms_in_force_on_the_day_are_used_and_before_them_there_is_no_standard():
    norm = standard(check("lesson", met=at_least("life.lessons", "one")))
    first = norm.terms.rows[0]
    later = TermsRow(date(2026, 2, 1), {**first.numbers, "one": 2})
    norm = replace(norm, terms=Terms((first, later)))
    facts = {"life.lessons": 1}
    assert judge(norm, date(2026, 1, 31), facts, ALL_YEAR).state is State.MET
    assert judge(norm, date(2026, 2, 1), facts, ALL_YEAR).state is State.NOT_MET
    assert judge(norm, date(2019, 12, 31), facts, ALL_YEAR) is None


def test_a_fact_that_is_not_given_is_an_error_and_never_a_zero():
    with pytest.raises(KeyError):
        verdict(standard(check("lesson", met=at_least("life.lessons", "one"))), {})


def test_a_check_without_measure_is_an_error():
    with pytest.raises(ValueError, match="neither met nor share"):
        verdict(standard(check("lesson")), {})


A, B = at_least("x.a", "two"), at_least("x.b", "one")
FEW = {"x.a": 0, "x.b": 0}


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        (AllOf((A, B)), ["x.a", "x.b"]),
        (AnyOf((A, B)), ["x.b"]),
        (AnyOf((AllOf((A, B)), A)), ["x.a"]),
        (Not(at_most("x.a", "one")), ["x.a"]),
        (Not(AnyOf((at_most("x.a", "one"), at_most("x.b", "none")))), ["x.a", "x.b"]),
        (Not(AllOf((at_most("x.a", "one"), at_most("x.b", "none")))), ["x.b"]),
        (Compare("x.a", Operator.EQUALS, "two"), ["x.a"]),
        (Compare("x.a", Operator.MORE_THAN, "x.b"), ["x.a"]),
        (AnyOf(()), []),
    ],
)
def test_the_shortest_way_to_fulfil_a_condition_is_told(condition, missing):
    terms = {"none": 0, "one": 1, "two": 2}
    assert [gap.fact for gap in shortfalls(condition, FEW, terms)] == missing


def test_how_much_is_missing_is_told_in_either_direction():
    terms = {"two": 2}
    told = {
        operator: shortfalls(Compare("x.a", operator, "two"), {"x.a": value}, terms)[0].more
        for operator, value in (
            (Operator.AT_LEAST, 0),
            (Operator.MORE_THAN, 0),
            (Operator.AT_MOST, 5),
            (Operator.LESS_THAN, 5),
            (Operator.EQUALS, 5),
        )
    }
    assert list(told.values()) == [2, 3, -3, -4, -3]
    (gap,) = shortfalls(Not(Compare("x.a", Operator.EQUALS, "two")), {"x.a": 2}, terms)
    assert gap.operator is Operator.MORE_THAN


LEAVES = st.builds(
    Compare,
    st.sampled_from(["x.a", "x.b"]),
    st.sampled_from(Operator),
    st.sampled_from(["none", "one", "two", "x.b"]),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda each: AllOf(tuple(each)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda each: AnyOf(tuple(each)))
        | inner.map(Not)
    ),
    max_leaves=6,
)
TERMS = {"none": 0, "one": 1, "two": 2}


@given(CONDITIONS, st.integers(-2, 4), st.integers(-2, 4))
def test_something_is_missing_exactly_when_a_condition_does_not_hold(condition, a, b):
    facts = {"x.a": a, "x.b": b}
    assert bool(shortfalls(condition, facts, TERMS)) == (not holds(condition, facts, TERMS))
    assert bool(shortfalls(condition, facts, TERMS, wanted=False)) == holds(condition, facts, TERMS)


@given(COUNTS, COUNTS, st.integers(1, 50), st.integers(0, 10_000))
def test_more_of_what_is_asked_never_lowers_the_points(less, more, of, weight):
    less, more = sorted((less, more))
    norm = standard(
        check("share", share=("x.a", "x.of"), weight="w2"),
        check("met", met=at_least("x.a", "two")),
        terms={"w2": weight},
    )
    low, high = (verdict(norm, {"x.a": count, "x.of": of}) for count in (less, more))
    assert low.points <= high.points
    assert low.decided == high.decided


@given(st.integers(0, 10**10), st.integers(-5, 10**6), st.integers(1, 10**6))
def test_a_share_is_the_exact_floor(weight, value, of):
    points = share_points(weight, value, of)
    counted = max(0, min(value, of))
    assert points * of <= weight * counted < (points + 1) * of
    assert 0 <= points <= weight
    assert (points == weight) == (value >= of or weight == 0 or weight * counted // of == weight)
