"""A vote held on the platform for a step: its counts arrive at the step, and are judged like counts typed by hand."""

import json
from datetime import date

import pytest

from tests.rooms.procedures.conftest import at
from zhibu.ballots.models import Ballot
from zhibu.procedures import actions, queries
from zhibu.procedures.forms import typed_of
from zhibu.procedures.forms.votes import vote_of

COUNTED = {
    "expected": 20,
    "present": 18,
    "issued": 18,
    "returned": 18,
    "void": 0,
    "yes": 17,
    "no": 1,
    "abstain": 0,
}
DAY = date(2026, 7, 1)


@pytest.fixture
def decision(cast):
    """A decision of the committee, at its vote."""
    return actions.open_case(
        cast.li, organisation=cast.mining, procedure="committee_decision", title="添置电教设备", opened_on=DAY,
        fields={"matter": "添置电教设备"}, now=at(DAY),
    )  # fmt: skip


def voted(case, **changes):
    step = queries.plan_of("committee_decision").steps["decided"]
    given = {
        "organisation": case.organisation, "code": "x" * 22, "rule": step.vote, "rule_text": "{}", "title": "表决",
        "way": "paper", "voted_on": DAY, "origin": f"procedures.case:{case.pk}:{step.id}",
    }  # fmt: skip
    return step, Ballot.objects.create(**(given | changes))


def test_a_vote_of_another_case_or_step_or_cancelled_is_not_this_one(decision):
    step, ballot = voted(decision, origin=f"procedures.case:{decision.pk + 1}:decided")
    assert queries.held_for(decision, step) is None
    Ballot.objects.filter(pk=ballot.pk).update(
        origin=f"procedures.case:{decision.pk}:decided", state="cancelled"
    )
    assert queries.held_for(decision, step) is None


def test_before_the_count_and_when_too_few_answered_nothing_is_known(decision):
    step, ballot = voted(decision)
    assert queries.held_for(decision, step).counts is None
    Ballot.objects.filter(pk=ballot.pk).update(vote=json.dumps({"withheld": True}), issued=3, returned=3)
    found = queries.held_for(decision, step)
    sums = {"expected": 0, "present": 0, "all_members": 0, "round": "first", "issued": 3, "returned": 3}
    assert (found.withheld, found.counts, found.told) == (True, sums, "")


def test_where_to_open_one_knows_the_rule_and_where_it_came_from(decision):
    step = queries.plan_of("committee_decision").steps["decided"]
    address = queries.opening_of(decision, step)
    assert f"rule={step.vote}" in address
    assert f"procedures.case%3A{decision.pk}%3Adecided" in address


@pytest.mark.parametrize(
    ("kind", "grades", "vote"),
    [
        ("motion", (), COUNTED | {"written": {"yes": 1, "no": 0, "abstain": 0}}),
        ("election", (), {"expected": 20, "present": 18, "seats": 3, "candidates": {"甲": {"yes": 15, "no": 3, "abstain": 0}}}),
        ("appraisal", ("excellent", "qualified"), {"expected": 9, "present": 9, "grades": {"甲": {"excellent": 3, "qualified": 6}}}),
    ],
)  # fmt: skip
def test_counts_are_typed_and_read_back_the_same(kind, grades, vote):
    cleaned = {f"n_{name}": None for name in COUNTED} | typed_of(kind, grades, vote)
    back = vote_of(kind, grades, cleaned)
    if "written" in vote:
        vote = vote | {"written": {"yes": 1}}
    assert back == vote
