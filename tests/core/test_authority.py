import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.authority import (
    END,
    Actor,
    Mandate,
    Reach,
    may,
    may_for_self,
    merged,
    ranges,
    reaches,
    span_of,
    successor,
)

LEVEL = st.integers(0, 9999).map(lambda number: f"{number:04d}")
PATHS = st.lists(LEVEL, min_size=1, max_size=4).map("".join)
NEAR = st.lists(st.sampled_from(["0001", "0002", "9998", "9999"]), min_size=1, max_size=4).map("".join)
POSTS = st.sampled_from(["secretary", "committee_officer", "member"])
MANDATES = st.builds(
    Mandate,
    post=POSTS,
    organisation=st.just(1),
    path=NEAR,
    verbs=st.sampled_from([frozenset({"life.view"}), frozenset({"life.*"}), frozenset({"dues.view"})]),
    reach=st.sampled_from(Reach),
)
ACTORS = st.lists(MANDATES, max_size=5).map(lambda each: Actor(1, 1, "Li", tuple(each)))


def actor(reach, *, post="secretary", path="00010003", verbs=("life.*",), person=7):
    return Actor(1, person, "Li", (Mandate(post, 3, path, frozenset(verbs), reach),))


def test_a_stranger_may_nothing():
    nobody = Actor(1, None, "Qian", ())
    assert not may(nobody, "life.view", "0001")
    assert ranges(nobody, "life.view") == ()
    assert reaches(nobody, "life.view") == frozenset()


def test_a_verb_is_granted_by_its_name_or_by_a_prefix_and_by_nothing_else():
    assert may(actor(Reach.OWN, verbs=("life.view",)), "life.view", "00010003")
    assert not may(actor(Reach.OWN, verbs=("life.view",)), "life.view_talks", "00010003")
    assert may(actor(Reach.OWN, verbs=("register.import_*",)), "register.import_roster", "00010003")
    assert not may(actor(Reach.OWN), "lifeguard.view", "00010003")


def test_own_of_a_committee_officer_is_the_committee_alone():
    officer = actor(Reach.OWN, post="committee_officer", path="0001")
    assert may(officer, "life.view", "0001")
    assert not may(officer, "life.view", "00010003")


def test_own_of_a_branch_secretary_holds_the_party_groups_below():
    assert may(actor(Reach.OWN), "life.view", "000100030001")
    assert not may(actor(Reach.OWN), "life.view", "00010004")
    assert not may(actor(Reach.OWN), "life.view", "0001")


def test_below_reaches_the_node_and_everything_under_it():
    officer = actor(Reach.BELOW, post="committee_officer", path="0001")
    assert ranges(officer, "life.view") == (("0001", "0002"),)


def test_everywhere_reaches_every_path():
    assert ranges(actor(Reach.EVERYWHERE), "life.view") == (("", END),)
    assert may(actor(Reach.EVERYWHERE), "life.view", "9999")


def test_self_gives_no_path_but_the_own_person():
    member = actor(Reach.SELF)
    assert ranges(member, "life.view") == ()
    assert may_for_self(member, "life.view")
    assert not may_for_self(member, "dues.view")
    assert not may_for_self(actor(Reach.SELF, person=None), "life.view")


@pytest.mark.parametrize(
    ("path", "next_path"),
    [("0001", "0002"), ("00010009", "00010010"), ("00019999", "0002"), ("99999999", END), ("9999", END)],
)
def test_successor(path, next_path):
    assert successor(path) == next_path


@pytest.mark.parametrize("path", ["", "1", "00010", "abcd", "０００１", "-001"])
def test_successor_refuses_what_is_no_path(path):
    with pytest.raises(ValueError, match="not a path"):
        successor(path)


@given(PATHS | NEAR, PATHS | NEAR)
def test_a_path_lies_in_the_range_of_a_node_exactly_when_the_node_is_its_prefix(node, path):
    assert (node <= path < successor(node)) == path.startswith(node)


@given(NEAR, NEAR)
def test_the_range_of_a_node_alone_holds_the_node_alone(node, path):
    lowest, end = span_of(Mandate("committee_secretary", 1, node, frozenset(), Reach.OWN))
    assert (lowest <= path < end) == (path == node)


@given(ACTORS, NEAR)
def test_one_may_exactly_where_some_range_holds_the_path(someone, path):
    assert may(someone, "life.view", path) == any(
        lowest <= path < end for lowest, end in ranges(someone, "life.view")
    )


@given(st.lists(st.tuples(NEAR, NEAR).map(lambda pair: (min(pair), max(pair))), max_size=8), NEAR)
def test_merged_ranges_are_sorted_disjoint_and_hold_the_same_paths(spans, path):
    joined = merged(spans)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(joined))
    assert any(low <= path < end for low, end in spans) == any(low <= path < end for low, end in joined)
