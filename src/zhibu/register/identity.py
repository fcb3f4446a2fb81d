"""Numbers that identify a person: the ID number (GB 11643-1999) and the telephone number.

Pure functions. They read what people really type (full-width digits, a small x, blanks inside) and say which rule a
number breaks; nothing here writes, seals or looks anything up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
ID_LENGTH = 18
LEGACY_LENGTH = 15

IDENTITY_WITHIN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
"""What seems to be an identity number in a text that people write."""

NUMBERS_WITHIN = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
"""The same, or a mobile number."""

_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'’‘`]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)


class NumberFault(ValueError):
    """A number that cannot be accepted; `code` names the rule it breaks."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked ID number with what it says of its holder; `sex` as in GB/T 2261.1 ("1" male, "2" female)."""

    number: str
    born_on: date
    sex: str


def read_id(value: object) -> Identity:
    """Check an ID number as typed and read birth day and sex from it.

    Raises NumberFault: `id_missing`; `id_stored_as_number` (a spreadsheet keeps 15 digits of a number: the last ones
    are lost for good); `id_legacy` (15 digits, no longer valid since 2013); `id_length`; `id_characters`; `id_area`;
    `id_birth`; `id_checksum`.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise NumberFault("id_stored_as_number")
    number = compact(str(value or "")).upper()
    if not number:
        raise NumberFault("id_missing")
    if _SCIENTIFIC.fullmatch(number):
        raise NumberFault("id_stored_as_number")
    if len(number) == LEGACY_LENGTH and number.isdigit():
        raise NumberFault("id_legacy")
    if len(number) != ID_LENGTH:
        raise NumberFault("id_length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise NumberFault("id_characters")
    return _judged(number)


def _judged(number: str) -> Identity:
    if number[:2] not in PROVINCES:
        raise NumberFault("id_area")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise NumberFault("id_birth") from None
    if number[-1] != check_digit(number[:-1]):
        raise NumberFault("id_checksum")
    return Identity(number, born_on, "1" if int(number[16]) % 2 else "2")


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character that belongs to the first seventeen digits."""
    return CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, first_seventeen, strict=True)) % 11]


def read_phone(value: object) -> str:
    """A telephone number as its digits: a mobile number, or a landline with its area code; empty when none.

    Raises NumberFault(`phone_not_valid`).
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    digits = re.sub(r"[-()（）—–.]", "", compact(str(value if value is not None else "")))
    digits = _COUNTRY.sub("", digits)
    if not digits:
        return ""
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise NumberFault("phone_not_valid")


def compact(text: str) -> str:
    """The text in its compatibility form (full-width digits become plain ones) without any blank."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def mask_id(number: str) -> str:
    """`1301**********3831`: the first and last four stay; a short text is hidden entirely."""
    text = compact(str(number))
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) >= 12 else "*" * len(text)


def mask_phone(number: str) -> str:
    """`178****7725`: the first three and last four stay; a short text is hidden entirely."""
    text = compact(str(number))
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) >= 10 else "*" * len(text)


def runs_of(digits: str, length: int = 4) -> list[str]:
    """Every run of `length` digits in a number, once each and in order."""
    return list(dict.fromkeys(digits[at : at + length] for at in range(len(digits) - length + 1)))
