from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import ALL_YEAR, DAY, at_least, check, reviewed, standard
from zhibu.core.evaluate import judge
from zhibu.core.points import half_up, hundredths_of, micro_of, shown
from zhibu.core.scoring import (
    Place,
    Score,
    improvements,
    last_places,
    rank,
    total,
    year_average,
)

POINTS = st.one_of(st.none(), st.integers(0, 10_000))
ENTRIES = st.dictionaries(st.integers(0, 99), POINTS, max_size=12)
NORM = standard(
    check("lesson", met=at_least("x.a", "two"), weight="w_lesson"),
    check("months", share=("x.b", "three"), weight="w_months"),
    reviewed("effect", weight="w_effect"),
    terms={"w_lesson": 300, "w_months": 500, "w_effect": 200},
)


def judged(a, b, effect=None, norm=NORM):
    return judge(norm, DAY, {"x.a": a, "x.b": b}, ALL_YEAR, {"effect": effect})


def test_the_total_is_earned_of_what_is_decided():
    assert total([judged(2, 1)]) == Score(3_000_000 + 1_666_666, 8_000_000, 10_000_000, 5_833)
    assert total([judged(2, 3, 2_000_000)]).hundredths == 10_000
    assert total([]) == Score(0, 0, 0, None)


def test_half_a_hundredth_goes_up():
    assert [half_up(1, 2), half_up(1, 3), half_up(3, 2), half_up(0, 7)] == [1, 0, 2, 0]
    assert [hundredths_of(14_999), hundredths_of(15_000)] == [1, 2]
    assert micro_of(350) == 3_500_000
    assert [shown(9567), shown(5), shown(10_000)] == ["95.67", "0.05", "100.00"]


@given(st.integers(0, 9), st.integers(0, 9), st.none() | st.integers(0, 2_000_000))
def test_a_total_lies_between_nothing_and_everything(a, b, effect):
    score = total([judged(a, b, effect)])
    assert 0 <= score.hundredths <= 10_000
    assert score.earned <= score.decided <= score.applicable_total


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(1, 9), st.integers(0, 3))
def test_redistribution_keeps_the_ratio_between_the_other_parts(one, two, times, months):
    """With a part gone, the rest counts as if its weights had been written larger in the same proportion."""
    terms = {"w_one": one, "w_two": two, "w_gone": 777}
    parts = (
        check("one", met=at_least("x.a", "two"), weight="w_one"),
        check("two", share=("x.b", "three"), weight="w_two"),
    )
    gone = check("gone", share=("x.b", "x.nothing"), weight="w_gone")
    facts = {"x.a": 2, "x.b": months, "x.nothing": 0}
    with_gone = total([judge(standard(*parts, gone, terms=terms), DAY, facts, ALL_YEAR)])
    larger = {name: number * times for name, number in terms.items()}
    without = total([judge(standard(*parts, terms=larger), DAY, facts, ALL_YEAR)])
    assert abs(with_gone.hundredths - without.hundredths) <= 1
    assert with_gone.decided * times == without.decided


def test_equal_points_share_the_better_place():
    assert rank([("a", 90), ("b", 95), ("c", 95), ("d", None)], 3) == {
        "a": Place(3, 3),
        "b": Place(1, 3, 2),
        "c": Place(1, 3, 2),
        "d": None,
    }


def test_a_group_too_small_is_not_ranked():
    assert rank([("a", 90), ("b", 95), ("c", None)], 3) == {"a": None, "b": None, "c": None}
    assert rank([], 1) == {}


@given(ENTRIES, st.randoms())
def test_the_order_of_the_entries_does_not_matter(entries, random):
    shuffled = list(entries.items())
    random.shuffle(shuffled)
    assert rank(shuffled, 2) == rank(entries.items(), 2)


@given(ENTRIES)
def test_a_place_is_one_more_than_the_number_of_better_ones(entries):
    places = rank(entries.items())
    known = [points for points in entries.values() if points is not None]
    for key, points in entries.items():
        if points is None:
            assert places[key] is None
        else:
            better = sum(1 for other in known if other > points)
            assert places[key] == Place(better + 1, len(known), known.count(points))


@given(ENTRIES, st.integers(0, 99), st.integers(0, 10_000))
def test_more_points_never_lower_the_place(entries, key, more):
    entries[key] = entries.get(key) or 0
    before = rank(entries.items())[key]
    entries[key] = min(10_000, entries[key] + more)
    assert rank(entries.items())[key].place <= before.place


@given(ENTRIES)
def test_somebody_is_last_only_when_somebody_is_better(entries):
    places = [place for place in rank(entries.items()).values() if place]
    last = [place for place in places if place.is_last]
    assert bool(last) == (len({place.place for place in places}) > 1)
    assert len({place.place for place in last}) <= 1


def test_last_places_are_counted_over_the_years():
    assert last_places([Place(3, 3), Place(2, 3), None, Place(2, 3, 2), Place(1, 1), Place(1, 2, 2)]) == 2


def test_a_year_has_four_quarters_or_no_average():
    assert year_average([9000, 9000, 9001, 9001]) == 9001
    assert year_average([9000, 8999, 9000, 9000]) == 9000
    assert year_average([9000, None, 9000, 9000]) is None
    assert year_average([9000, 9000, 9000]) is None


def test_what_would_raise_the_total_most_comes_first():
    gains = improvements([judged(0, 2)])
    assert [(gain.part, gain.points, gain.hundredths) for gain in gains] == [
        ("lesson", 3_000_000, 3_750),
        ("months", 1_666_667, 2_083),
    ]
    assert [gap.more for gap in gains[0].missing] == [2]
    assert improvements([judged(2, 3)]) == ()
    assert improvements([]) == ()
