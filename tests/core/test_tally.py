"""The count of votes, held against an independent plain counter that knows nothing of the code under test."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.norms import (
    Cited,
    Comparison,
    Denominator,
    ElectionTerms,
    Level,
    Portion,
    Slate,
    Threshold,
    VoteKind,
    VoteRow,
    VoteRule,
)
from zhibu.core.tally import (
    Candidate,
    Paper,
    Round,
    RunOffKind,
    Vote,
    VoteDataError,
    Written,
    add_up,
    count,
    ready,
    vote_from,
    why_void,
)
from zhibu.core.wording import Text

DAY = date(2026, 6, 1)
CITED = Cited("rules", "19", Text("《细则》第 19 条", "Rules, art. 19"), verified=True)
MORE_THAN_HALF = Threshold(None, Comparison.GT, Portion(1, 2), Denominator.EXPECTED_VOTERS, CITED)


def quorum(comparison, parts, whole):
    return Threshold(
        Denominator.PRESENT_VOTERS, comparison, Portion(parts, whole), Denominator.EXPECTED_VOTERS, CITED
    )


def rule(kind, *, quorum=None, election=None, written=False):
    row = VoteRow(date(2020, 1, 1), CITED, quorum, MORE_THAN_HALF, written, election, None)
    return VoteRule("rule", kind, Text("表决", "Vote"), Level.LOCAL, True, (row,), {}, (), "shipped")


ADMISSION = rule(VoteKind.MOTION, quorum=quorum(Comparison.GT, 1, 2), written=True)
ELECTION = rule(
    VoteKind.ELECTION,
    quorum=quorum(Comparison.GE, 4, 5),
    election=ElectionTerms(Slate.CONTESTED, Portion(1, 5), write_ins=True, reduced_seats=None),
)
ROW = ELECTION.terms[0]


# ------------------------------------------------------------------------------------------ motions
@given(st.data())
def test_an_admission_is_carried_exactly_when_a_plain_count_says_so(data):
    expected = data.draw(st.integers(1, 60))
    present = data.draw(st.integers(0, expected))
    marks = data.draw(
        st.lists(st.sampled_from(["yes", "no", "abstain", "spoiled"]), min_size=present, max_size=present)
    )
    opinions = data.draw(st.lists(st.sampled_from(["yes", "no", "abstain"]), max_size=expected - present))
    vote = Vote(
        expected=expected,
        present=present,
        issued=present,
        returned=present,
        void=marks.count("spoiled"),
        yes=marks.count("yes"),
        no=marks.count("no"),
        abstain=marks.count("abstain"),
        written=Written(*(opinions.count(each) for each in ("yes", "no", "abstain"))),
    )
    outcome = count(ADMISSION, DAY, vote)
    there = Fraction(present, expected) > Fraction(1, 2)
    for_it = (marks + opinions).count("yes")
    assert outcome.quorum_reached == there
    assert outcome.carried == (there and Fraction(for_it, expected) > Fraction(1, 2))
    assert outcome.void == (not there)


@given(st.integers(1, 500), st.integers(1, 9), st.integers(1, 9))
def test_the_least_count_that_is_enough_is_the_boundary_itself(number, parts, whole):
    share = Portion(min(parts, whole), whole)
    for comparison in Comparison:
        threshold = Threshold(None, comparison, share, Denominator.EXPECTED_VOTERS, CITED)
        needed = threshold.needed(number)
        assert threshold.reached(needed, number)
        assert not threshold.reached(needed - 1, number)


def test_numbers_that_cannot_be_void_the_vote():
    assert count(ADMISSION, DAY, Vote(expected=5, present=6)).codes == ("more_present_than_expected",)
    assert count(ADMISSION, DAY, Vote(expected=9, present=5, issued=6)).codes == ("more_issued_than_present",)
    too_many = Vote(expected=9, present=8, yes=8, written=Written(yes=2))
    assert count(ADMISSION, DAY, too_many).codes == ("more_written_than_absent",)
    disagree = Vote(expected=9, present=8, issued=8, returned=8, yes=7)
    assert count(ADMISSION, DAY, disagree).codes == ("votes_do_not_add_up",)
    assert count(ADMISSION, DAY, Vote(expected=9, present=8, yes=9)).codes == ("votes_do_not_add_up",)
    assert count(ADMISSION, DAY, Vote(expected=9, present=8, returned=8, void=9)).codes == (
        "more_void_than_returned",
    )
    assert all(count(ADMISSION, DAY, each).void for each in (too_many, disagree))


def test_a_rule_does_not_count_before_its_first_day():
    outcome = count(ADMISSION, date(2019, 12, 31), Vote(expected=3, present=3, yes=3))
    assert (outcome.codes, outcome.void, outcome.carried) == (("rule_not_in_force",), True, False)
    assert [each.code for each in ready(ADMISSION, date(2019, 12, 31))] == ["rule_not_in_force"]


def test_it_explains_itself():
    vote = Vote(all_members=23, expected=21, present=18, issued=18, returned=18, yes=10, no=5, abstain=3)
    outcome = count(ADMISSION, DAY, vote)
    assert outcome.told() == (
        "全体 23，应到会有表决权 21，实到 18：达到法定人数（超过应到会有表决权人数的 1/2，应多于 10；《细则》第 19 条）\n"
        "发出 18，收回 18，有效 18，无效 0\n"
        "赞成 10，不赞成 5，弃权 3\n"
        "赞成 10：未通过（超过应到会有表决权人数的 1/2，应多于 10；《细则》第 19 条）"
    )
    assert outcome.told("en").splitlines()[0] == (
        "23 in all, 21 voters expected, 18 present: the quorum is reached "
        "(more than 1/2 of voters expected, more than 10 needed; Rules, art. 19)"
    )


# ------------------------------------------------------------------------------------------ elections
def plain_election(expected, seats, votes):
    """Who is elected and who must be voted on again, the slow way: names in groups of equal votes, best first."""
    enough = {name: number for name, number in votes.items() if Fraction(number, expected) > Fraction(1, 2)}
    seated, again = set(), set()
    for number in sorted(set(enough.values()), reverse=True):
        group = {name for name, each in enough.items() if each == number}
        if len(seated) + len(group) <= seats:
            seated |= group
        else:
            again = group if len(seated) < seats else set()
            break
    if not again and len(seated) < seats:
        again = set(votes) - seated
    return seated, again


@given(st.data())
def test_an_election_comes_out_as_a_plain_count_of_its_papers(data):
    seats = data.draw(st.integers(1, 5))
    names = [f"候选人{number}" for number in range(seats + -(-seats // 5) + data.draw(st.integers(0, 2)))]
    expected = data.draw(st.integers(1, 15))
    present = data.draw(st.integers(-(-4 * expected // 5), expected))
    mark = st.sampled_from(["yes", "no", "abstain"])
    papers = data.draw(
        st.lists(
            st.builds(
                Paper,
                st.dictionaries(st.sampled_from(names), mark),
                st.lists(st.sampled_from(["另甲", "另乙"]), max_size=2, unique=True).map(tuple),
                st.booleans() if data.draw(st.booleans()) else st.just(False),
            ),
            min_size=present,
            max_size=present,
        )
    )
    frame = Vote(
        expected=expected,
        present=present,
        issued=present,
        seats=seats,
        candidates=tuple(map(Candidate, names)),
    )
    vote = add_up(ROW, VoteKind.ELECTION, frame, papers)
    tally = dict.fromkeys(names, 0)
    void = 0
    for paper in papers:
        chosen = [name for name, each in paper.marks.items() if each == "yes"] + list(paper.write_ins)
        crossed = [name for name, each in paper.marks.items() if each == "no"]
        if paper.spoiled or len(chosen) > seats or len(paper.write_ins) > len(crossed):
            void += 1
            continue
        for name in chosen:
            tally[name] = tally.get(name, 0) + 1
    assert (vote.void, {each.name: each.yes for each in vote.candidates}) == (void, tally)
    outcome = count(ELECTION, DAY, vote)
    seated, again = plain_election(expected, seats, tally)
    assert not outcome.void
    assert (set(outcome.elected), set(outcome.run_off.among if outcome.run_off else ())) == (seated, again)
    assert outcome.carried == (not again)


@pytest.mark.parametrize(("seats", "needed"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (10, 12)])
def test_candidates_exceed_seats_by_a_fifth_rounded_up(seats, needed):
    assert [each.code for each in ready(ELECTION, DAY, seats=seats, candidates=needed - 1)] == [
        "candidates_do_not_fit"
    ]
    assert ready(ELECTION, DAY, seats=seats, candidates=needed) == ()


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (Paper({}), ""),
        (Paper({"王": "yes"}), ""),
        (Paper({"王": "yes", "李": "yes"}), "too_many_chosen"),
        (Paper({"王": "yes"}, ("钱",)), "too_many_chosen"),
        (Paper({"王": "abstain"}, ("钱",)), "write_in_without_no"),
        (Paper({"王": "no"}, ("钱",)), ""),
        (Paper({"王": "no", "李": "no"}, ("王",)), "name_twice"),
        (Paper({"孙": "yes"}), "spoiled"),
        (Paper({"王": "maybe"}), "spoiled"),
        (Paper({}, spoiled=True), "spoiled"),
    ],
)
def test_what_makes_a_paper_void(paper, why):
    assert why_void(ROW, VoteKind.ELECTION, paper, ["王", "李"], 1) == why


def test_the_vote_among_those_tied_needs_no_majority():
    frame = {"expected": 20, "present": 20, "issued": 20, "returned": 20, "seats": 1, "round": Round.REVOTE}
    names = (Candidate("张", 3, 0, 17), Candidate("赵", 2, 0, 18))
    assert count(ELECTION, DAY, Vote(candidates=names, **frame)).elected == ("张",)
    tied = (Candidate("张", 3, 0, 17), Candidate("赵", 3, 0, 17))
    again = count(ELECTION, DAY, Vote(candidates=tied, **frame)).run_off
    assert (again.kind, again.seats, again.among) == (RunOffKind.TIE, 1, ("张", "赵"))


# ------------------------------------------------------------------------------------------ plain data
@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "vote"),
        ({"present": 3}, "expected"),
        ({"expected": 3}, "present"),
        ({"expected": True, "present": 1}, "expected"),
        ({"expected": -1, "present": 1}, "expected"),
        ({"expected": 3, "present": 1, "yess": 1}, "yess"),
        ({"expected": 3, "present": 1, "round": "third"}, "round"),
        ({"expected": 3, "present": 1, "candidates": {"王": {"ja": 1}}}, "candidates.王.ja"),
        ({"expected": 3, "present": 1, "candidates": ["王", "王"]}, "candidates"),
        ({"expected": 3, "present": 1, "grades": {"王": {"good": 1}}}, "grades.王"),
        ({"expected": 3, "present": 1, "papers": [], "void": 1}, "void"),
        ({"expected": 3, "present": 1, "papers": {}}, "papers"),
        ({"expected": 3, "present": 1, "written": {"maybe": 1}}, "written.maybe"),
        ({"roll": [{"name": "甲", "present": True, "written": "yes"}]}, "roll[0].written"),
        ({"roll": [{"nmae": "甲"}]}, "roll[0].nmae"),
        ({"roll": [{"votes": 1}]}, "roll[0].votes"),
    ],
)
def test_data_that_cannot_be_read_says_where(data, where):
    with pytest.raises(VoteDataError) as caught:
        vote_from(data, ROW, VoteKind.ELECTION)
    assert caught.value.where == where


def test_a_roll_gives_the_numbers():
    roll = [
        {"name": "甲", "present": True},
        {"name": "乙", "written": "no"},
        {"name": "丙", "votes": False, "why": "probationary", "present": True},
    ]
    vote = vote_from({"roll": roll, "yes": 1}, ROW, VoteKind.MOTION)
    assert vote == Vote(expected=2, present=1, yes=1, written=Written(no=1))
