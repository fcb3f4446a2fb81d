"""What may be told of a survey, held against what anybody could compute from it."""

from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.norms.surveys import Asked, Question
from zhibu.core.opinions import GROUP, Group, Told, results
from zhibu.core.wording import Text

NAME = Text("问", "Asked")
STATE = Question("state", Asked.ONE, NAME, (("good", NAME), ("hard", NAME)))
MANY = Question("many", Asked.SEVERAL, NAME, (("pay", NAME), ("rest", NAME), ("food", NAME)))
WORDS = Question("words", Asked.WORDS, NAME)
ASKED = (STATE, MANY, WORDS)
LIMITS = {"fewest": 5, "fewest_words": 10}

answers = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(["good", "hard", "forged"]),
            "many": st.lists(st.sampled_from(["pay", "rest", "food", "forged"]), unique=True),
            "words": st.sampled_from(["", "热水", "班车"]),
            GROUP: st.sampled_from(["members", "masses"]),
        },
    ),
    max_size=24,
)


def test_four_are_too_few_and_five_are_enough():
    four = [{"state": "good"}] * 4
    assert results(ASKED, four, **LIMITS) is None
    found = results(ASKED, [*four, {"state": "hard"}], **LIMITS)
    assert (found.answers, found.told, found.words) == (
        5, (Told("state", 5, {"good": 4, "hard": 1}, {}),), {},
    )  # fmt: skip


def test_a_group_of_four_hides_every_group_and_so_does_one_who_says_no_group():
    def by(members, masses, unsaid=0):
        given = [{"state": "good", GROUP: "members"}] * members + [
            {"state": "hard", GROUP: "masses"}
        ] * masses
        return results(ASKED, given + [{"state": "hard"}] * unsaid, **LIMITS).told[0].by

    assert by(9, 4) == {} == by(9, 5, 1)
    assert by(9, 5) == {
        "masses": Group(5, {"good": 0, "hard": 5}),
        "members": Group(9, {"good": 9, "hard": 0}),
    }
    assert by(12, 0) == {}


def test_a_unanimous_answer_is_called_one():
    assert results(ASKED, [{"state": "good"}] * 5, **LIMITS).told[0].unanimous


def test_words_need_ten_answers_not_ten_words():
    given = [{"state": "good"}] * 8 + [{"words": "热水"}]
    assert results(ASKED, given, **LIMITS).words == {}
    assert results(ASKED, [*given, {"words": "班车"}], **LIMITS).words == {"words": ("热水", "班车")}


@given(answers)
def test_nothing_told_is_of_few(given):
    found = results(ASKED, given, **LIMITS)
    assert (found is None) == (len(given) < 5)
    for told in found.told if found else ():
        assert told.answered >= 5
        assert max(told.counts.values()) <= told.answered
        for group in told.by.values():
            assert group.answered >= 5
            assert all(group.counts[name] <= told.counts[name] for name in told.counts)
        # taking the groups from the whole leaves nobody, so nobody by himself
        assert not told.by or sum(group.answered for group in told.by.values()) == told.answered
    if found and found.words:
        assert len(given) >= 10


@given(answers, st.randoms())
def test_the_order_of_answers_changes_nothing(given, random):
    shuffled = list(given)
    random.shuffle(shuffled)
    assert results(ASKED, shuffled, **LIMITS) == results(ASKED, given, **LIMITS)
