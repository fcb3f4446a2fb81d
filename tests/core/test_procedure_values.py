"""What steps may ask of several takings and of several people: surplus, sums, averages, once each, of those named."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.procedures import case, plan, step, text
from zhibu.core.norms.procedures import (
    Compared,
    Comparison,
    Field,
    FieldKind,
    Outcome,
    People,
    Repeats,
    Requirement,
    Timing,
    Unit,
)
from zhibu.core.procedure import Named, Taken, attempt, replay
from zhibu.core.refusal import Force

DAY = date(2026, 3, 1)
MUST = Force.MUST


def field(name, kind="number", **given):
    choices = {"a": text("a"), "b": text("b"), "c": text("c")} if kind == "choice" else {}
    return Field(name, text(name), FieldKind(kind), choices=choices, **given)


def asks(code, name, test, against):
    return Requirement(code, Compared(name, Comparison(test), against), MUST, text(code))


def codes(tried):
    return [each.code for each in tried.refusals]


# ------------------------------------------------------------------------------------------ as many as the seats
NAMED = plan(
    step(
        "named", "name_people", rows={DAY: {"more": 20}},
        people=People(text("named"), "", "", (), (), seats="case.seats", surplus="more"),
    ),
    fields=(field("seats"),),
)  # fmt: skip


def named(count):
    return Taken("named", DAY, people=tuple(Named(f"n{each}") for each in range(count)))


@pytest.mark.parametrize(
    ("seats", "least"), [(1, 2), (3, 4), (4, 5), (5, 6), (6, 8), (7, 9), (10, 12), (11, 14)]
)
def test_a_surplus_is_rounded_up(seats, least):
    here = case(fields={"seats": seats})
    assert codes(attempt(NAMED, here, named(least - 1))) == ["people_too_few"]
    assert codes(attempt(NAMED, here, named(least))) == []


@given(st.integers(1, 200), st.integers(0, 200))
def test_a_surplus_is_the_share_and_no_more(seats, count):
    lawful = attempt(NAMED, case(fields={"seats": seats}), named(count)).lawful
    assert lawful == (count >= Fraction(6, 5) * seats)


# ---------------------------------------------------------------------------------------------- sums and averages
LEDGER = plan(
    step("line", repeats=Repeats(once_per="of"), fields=(field("of", "choice"), field("amount", "money"))),
    step(
        "spend", "spend", after=("line",), repeats=Repeats(until="close"),
        fields=(field("of", "choice"), field("amount", "money")),
        requires=(
            asks("over", "spend.total_amount", "at_most", "line.total_amount"),
            asks("line_over", "spend.total_amount_by_of", "at_most", "line.total_amount_by_of"),
        ),
    ),
    step("close", after=("spend",)),
)  # fmt: skip
LINES = (
    Taken("line", DAY, values={"of": "a", "amount": 600}),
    Taken("line", DAY, values={"of": "b", "amount": 400}),
)


def spend(of, amount):
    return Taken("spend", DAY, values={"of": of, "amount": amount})


def test_spending_is_held_against_its_line_and_the_whole():
    here = case(*LINES, spend("a", 500))
    assert codes(attempt(LEDGER, here, spend("a", 101))) == ["line_over"]
    assert codes(attempt(LEDGER, here, spend("a", 100))) == []
    assert codes(attempt(LEDGER, here, spend("b", 501))) == ["over", "line_over"]
    assert codes(attempt(LEDGER, here, spend("b", 400))) == []
    assert codes(attempt(LEDGER, here, spend("c", 1))) == ["line_over"]
    assert codes(attempt(LEDGER, case(*LINES, spend("a", 500), Taken("close", DAY)), spend("a", 1))) == [
        "case_ended"
    ]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 700)), max_size=6))
def test_no_order_of_spending_comes_above_the_budget(tries):
    spent = []
    for of, amount in tries:
        if attempt(LEDGER, case(*LINES, *spent), spend(of, amount)).lawful:
            spent.append(spend(of, amount))
    by = {name: sum(each.values["amount"] for each in spent if each.values["of"] == name) for name in "ab"}
    assert (by["a"] <= 600, by["b"] <= 400) == (True, True)


SCORED = plan(
    step("jury", "name_people"),
    step(
        "score", "score", after=("jury",), rows={DAY: {"least": 2}},
        repeats=Repeats(at_least="least", until="decide", once_per="who"),
        fields=(field("who", "person", of="jury"), field("points")),
    ),
    step(
        "decide", after=("score",), rows={DAY: {"pass": 60}}, outcomes=(Outcome("again", text("again"), False, "score"),),
        requires=(asks("too_low", "score.average_points", "at_least", "pass"),),
    ),
)  # fmt: skip
JURY = Taken("jury", DAY, people=(Named("甲", 1), Named("乙"), Named("丙")))


def score(who, points):
    return Taken("score", DAY, values={"who": who, "points": points})


def test_only_those_named_score_and_once_each():
    here = case(JURY, score("甲", 50))
    assert codes(attempt(SCORED, here, score("丁", 50))) == ["person_not_among"]
    assert codes(attempt(SCORED, here, score("甲", 60))) == ["taken_already"]
    assert codes(attempt(SCORED, here, score("乙", 60))) == []
    assert codes(attempt(SCORED, here, score(1, 60))) == [], "a person may be given by number too"


def test_too_few_scores_decide_nothing():
    assert codes(attempt(SCORED, case(JURY, score("甲", 90)), Taken("decide", DAY))) == ["not_often_enough"]


@given(st.lists(st.integers(0, 100), min_size=2, max_size=3))
def test_an_average_is_exact(points):
    rows = [score(who, each) for who, each in zip(("甲", "乙", "丙"), points, strict=False)]
    tried = attempt(SCORED, case(JURY, *rows), Taken("decide", DAY))
    assert tried.lawful == (sum(points) >= 60 * len(points))


def test_sent_back_the_scores_are_given_anew():
    again = Taken("decide", DAY, outcome="again")
    standing = replay(SCORED, case(JURY, score("甲", 90), score("乙", 80), again))
    assert (standing.value("score.count"), standing.value("score.average_points")) == (0, None)
    assert codes(attempt(SCORED, case(JURY, score("甲", 90), again), score("甲", 70))) == []


# ------------------------------------------------------------------------------- votes, people, days of the step
def test_counts_of_a_vote_and_of_people_are_values():
    asked = asks("other_number", "vote_expected", "equals", "named.people")
    here = plan(
        step("named", "name_people"), step("vote", "ballot", after=("named",), vote="v", requires=(asked,))
    )
    done = case(Taken("named", DAY, people=(Named("甲"), Named("乙"), Named("丙"))))
    assert codes(attempt(here, done, Taken("vote", DAY, vote={"expected": 4, "yes": 3}))) == ["other_number"]
    assert codes(attempt(here, done, Taken("vote", DAY, vote={"expected": 3, "yes": 3}))) == []


def test_a_word_equals_a_word_and_nothing_else():
    asked = asks("other", "step.of", "equals", "case.of")
    here = plan(
        step("step", fields=(field("of", "text"),), requires=(asked,)),
        fields=(field("of", "text"), field("number")),
    )
    assert codes(attempt(here, case(fields={"of": "x"}), Taken("step", DAY, values={"of": "y"}))) == ["other"]
    assert codes(attempt(here, case(fields={"of": "x"}), Taken("step", DAY, values={"of": "x"}))) == []
    assert codes(attempt(here, case(), Taken("step", DAY, values={"of": "x"}))) == ["other"]


def test_a_day_entered_at_the_step_is_waited_for():
    wait = Timing("since", Unit.YEARS, "year", MUST)
    here = plan(
        step("named", rows={date(2020, 1, 1): {"year": 1}}, fields=(field("since", "day"),), waits=(wait,))
    )
    early = Taken("named", date(2025, 2, 27), values={"since": date(2024, 2, 29)})
    assert codes(attempt(here, case(), early)) == ["too_early"]
    assert codes(attempt(here, case(), replace(early, on=date(2025, 2, 28)))) == []


def test_examples_take_for_done_what_applies_and_was_not_sent_back():
    never = Compared("case.other", Comparison.IS, literals=(True,))
    here = plan(
        step("a"), step("b", after=("a",), when=never), step("c", after=("b",)),
        step("d", after=("c",), outcomes=(Outcome("again", text("again"), False, "c"),)), step("e", after=("d",)),
        fields=(field("other", "flag", required=False),),
    )  # fmt: skip
    back = replay(here, case(Taken("d", DAY, outcome="again"), assumes=True))
    assert back.assumed == {"a"}
    assert replay(here, case(Taken("d", DAY), assumes=True)).assumed == {"a", "c"}


def test_a_refusal_tells_amounts_in_yuan():
    asked = replace(
        asks("low", "step.amount", "at_least", "least"), message=text("{least_yuan}/{most_yuan}/{least}")
    )
    here = plan(
        step(
            "step",
            rows={DAY: {"least": 100_000, "most": 99_999}},
            fields=(field("amount", "money"),),
            requires=(asked,),
        )
    )
    (refused,) = attempt(here, case(), Taken("step", DAY, values={"amount": 1})).refusals
    assert refused.message.zh.format(**refused.params) == "1000/999.99/100000"
