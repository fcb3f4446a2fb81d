"""One text for one content, whatever the order in which it was put together."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.record.canonical import canonical, digest_of, masked, merkle_root, moment, plain

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


class Colour(Enum):
    RED = "red"


@given(values)
def test_what_is_written_can_be_read_and_written_again_to_the_same_text(value):
    once = canonical(plain(value))
    assert canonical(plain(json.loads(once))) == once
    once.encode()


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(mapping):
    backwards = dict(reversed(mapping.items()))
    assert canonical(plain(mapping)) == canonical(plain(backwards))


@given(values, values)
def test_different_contents_have_different_digests(one, other):
    one, other = plain(one), plain(other)
    same = canonical(one) == canonical(other)
    assert (digest_of("", [one]) == digest_of("", [other])) == same


def test_plain_values():
    china = timezone(timedelta(hours=8))
    assert plain(
        {
            "day": date(2026, 7, 3),
            "at": datetime(2026, 7, 3, 8, tzinfo=china),
            "money": Decimal("1.50"),
            "colour": Colour.RED,
            "people": (3, 1),
            "kinds": {"b", "a"},
            7: None,
        }
    ) == {
        "day": "2026-07-03",
        "at": "2026-07-03T00:00:00.000000Z",
        "money": "1.50",
        "colour": "red",
        "people": [3, 1],
        "kinds": ["a", "b"],
        "7": None,
    }


@pytest.mark.parametrize("wrong", [object(), b"bytes", float("nan"), float("inf")])
def test_what_has_no_place_in_a_record_is_refused(wrong):
    with pytest.raises(TypeError):
        plain({"x": wrong})


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 7, 3))
    assert moment(datetime(2026, 7, 3, 1, 2, 3, 4, tzinfo=UTC)) == "2026-07-03T01:02:03.000004Z"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("11010519491231002X", "110105********002X"),
        ("身份证110105194912310021已核对", "身份证110105********0021已核对"),
        ("a3f13812345678bc", "a3f13812345678bc"),
        ("学时 12 小时，第 138 号", "学时 12 小时，第 138 号"),
        ("1234567890123", "1234567890123"),
    ],
)
def test_numbers_of_persons_are_masked_in_free_text(text, shown):
    assert masked(text) == shown


def test_the_root_depends_on_every_leaf_and_on_their_order():
    roots = {
        merkle_root(leaves)
        for leaves in (["a"], ["a", "b"], ["b", "a"], ["a", "b", "c"], ["a", "b", "c", "c"], [])
    }
    assert len(roots) == 6
