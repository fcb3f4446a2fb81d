"""Sealed values open with their key and in their column only."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.record import vault

COLUMN = "zb_person.id_sealed"


@given(st.text())
def test_what_is_sealed_opens(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert vault.open_sealed(vault.seal(text, COLUMN), COLUMN) == text


def test_equal_texts_are_sealed_differently_and_hide_the_text():
    one, other = vault.seal("110105194912310021", COLUMN), vault.seal("110105194912310021", COLUMN)
    assert one != other
    assert "110105" not in one


def test_a_value_does_not_open_in_another_column():
    token = vault.seal("13812345678", "zb_person.phone_sealed")
    with pytest.raises(vault.SealBroken):
        vault.open_sealed(token, COLUMN)


def test_every_altered_token_is_refused():
    token = vault.seal("13812345678", COLUMN)
    for place in range(len(token)):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(vault.SealBroken):
            vault.open_sealed(altered, COLUMN)


@pytest.mark.parametrize("wrong", ["", "z1", "z1..", "z1.abc.", "13812345678", "z1.abc.!!!!"])
def test_what_is_no_token_is_refused(wrong):
    with pytest.raises(vault.SealBroken):
        vault.open_sealed(wrong, COLUMN)


def test_a_retired_key_still_opens_and_a_lost_one_does_not(settings):
    old, new = settings.ZHIBU_DATA_KEY, os.urandom(32)
    token = vault.seal("13812345678", COLUMN)
    assert vault.is_current(token)
    settings.ZHIBU_DATA_KEY = new
    with pytest.raises(vault.SealBroken):
        vault.open_sealed(token, COLUMN)
    settings.ZHIBU_RETIRED_DATA_KEYS = (old,)
    assert vault.open_sealed(token, COLUMN) == "13812345678"
    assert not vault.is_current(token)
    assert vault.is_current(vault.seal("1", COLUMN))


def test_a_blind_index_is_stable_keyed_and_bound_to_its_column(settings):
    one = vault.blind("13812345678", "zb_person.phone_index")
    assert one == vault.blind("13812345678", "zb_person.phone_index")
    assert len(one) == 64
    others = {
        vault.blind("13812345679", "zb_person.phone_index"),
        vault.blind("13812345678", "zb_user.phone_index"),
    }
    settings.ZHIBU_DATA_KEY = os.urandom(32)
    others.add(vault.blind("13812345678", "zb_person.phone_index"))
    assert len(others | {one}) == 4


def test_a_context_names_table_and_column():
    with pytest.raises(ValueError, match=r"table\.column"):
        vault.seal("x", "phone")
