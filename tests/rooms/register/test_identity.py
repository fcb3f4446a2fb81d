"""Numbers of persons: what is accepted however it is typed, and what is refused with which reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.register import names
from zhibu.register.identity import (
    NumberFault,
    check_digit,
    mask_id,
    mask_phone,
    read_id,
    read_phone,
    runs_of,
)

from .rosters import id_number

BORN = st.dates(date(1920, 1, 1), date(2008, 12, 31))
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@given(BORN, st.integers(0, 999))
def test_a_valid_number_tells_birth_and_sex(born, sequence):
    read = read_id(id_number(born, sequence))
    assert (read.born_on, read.sex) == (born, "1" if sequence % 2 else "2")


@given(BORN, st.integers(0, 999), st.sampled_from(["lower", "wide", "blanks", "quote", "ends"]))
def test_the_same_number_however_it_is_typed(born, sequence, way):
    number = id_number(born, sequence)
    typed = {
        "lower": number.lower(),
        "wide": number.translate(WIDE),
        "blanks": f"{number[:6]} {number[6:14]}\u3000{number[14:]}",
        "quote": f"'{number}",
        "ends": f" {number}\u00a0",
    }[way]
    assert read_id(typed).number == number


@given(BORN, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born, sequence, place, by):
    number = id_number(born, sequence)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(NumberFault):
        read_id(wrong)


@given(BORN, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbours_swapped_are_always_found(born, sequence, place):
    number = id_number(born, sequence)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(NumberFault):
            read_id(swapped)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_missing"),
        (None, "id_missing"),
        ("  ", "id_missing"),
        (1.1010519491231e17, "id_stored_as_number"),
        ("1.10105E+17", "id_stored_as_number"),
        ("110105491231002", "id_legacy"),
        ("11010519491231002", "id_length"),
        ("1101051949123100X2", "id_characters"),
        ("99010519491231002X", "id_area"),
        ("11010519490231002X", "id_birth"),
        ("110105194912310021", "id_checksum"),
    ],
)
def test_each_fault_has_its_code(typed, code):
    with pytest.raises(NumberFault) as fault:
        read_id(typed)
    assert fault.value.code == code


def test_the_textbook_numbers():
    assert check_digit("11010519491231002") == "X"
    assert read_id("11010519491231002X").born_on == date(1949, 12, 31)
    assert read_id("440524188001010014").sex == "1"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("178-6252-7725", "17862527725"),
        ("+86 178 6252 7725", "17862527725"),
        ("００８６17862527725", "17862527725"),
        (17862527725.0, "17862527725"),
        ("0891-6321234", "08916321234"),
        ("", ""),
    ],
)
def test_phones_in_every_form(typed, digits):
    assert read_phone(typed) == digits


@pytest.mark.parametrize(
    "typed", ["13800", "12345678901", "138001380001", "13800138000/13900139000", "无", "abc"]
)
def test_what_is_no_phone(typed):
    with pytest.raises(NumberFault):
        read_phone(typed)


def test_masks_and_runs():
    assert mask_id("130203198011013831") == "1302**********3831"
    assert mask_phone("17862527725") == "178****7725"
    assert mask_phone("13800") == "*****"
    assert runs_of("17862527725") == ["1786", "7862", "8625", "6252", "2527", "5277", "2772", "7725"]


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇和", "qiuhe", "qh"),
        ("曾国", "zengguo", "zg"),
        ("解红", "xiehong", "xh"),
        ("查明", "zhaming", "zm"),
        ("欧阳雨静", "ouyangyujing", "oyyj"),
        ("尉迟辉芳", "yuchihuifang", "ychf"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("王芳", "wangfang", "wf"),
        ("覃芳平", "qinfangping tanfangping", "qfp tfp"),
    ],
)
def test_names_as_they_are_typed(name, pinyin, initials):
    assert names.person_pinyin(name) == (pinyin, initials)
