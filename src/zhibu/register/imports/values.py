"""Reading the cells of a roster: each function turns what was typed into a value or says which rule it breaks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from zhibu.core.days import parse_day

_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_NOTHING = frozenset({"", "/", "-", "—", "无"})
_YES = frozenset({"是", "√", "y", "yes", "1", "有", "流动", "流动党员", "外出"})
_NO = frozenset({"否", "×", "x", "n", "no", "0", "无", "不是", "/", "-", "—"})
_MALE = frozenset({"男", "1", "男性", "m", "male"})
_FEMALE = frozenset({"女", "2", "女性", "f", "female"})


class CellFault(ValueError):
    """A cell that cannot be read; `code` names the rule it breaks."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text_of(value: object) -> str:
    """A cell as text, in compatibility form and without blanks at its ends; a whole number without `.0`."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(int(value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    return unicodedata.normalize("NFKC", str(value)).replace("\u200b", "").strip()


def tight(value: object) -> str:
    """A cell as text without any blank, for words that are compared."""
    return re.sub(r"\s+", "", text_of(value))


def is_error(value: object) -> bool:
    """Whether the cell shows an error of a formula (`#REF!`)."""
    return isinstance(value, str) and value.strip().upper() in _ERRORS


def read_day(value: object) -> tuple[date, bool] | None:
    """A day as (day, exact), or None for an empty cell; a month alone gives its first day and `exact` False.

    Raises CellFault(`date_not_readable`): also for a year alone or a year of two digits, which would be a guess.
    """
    if tight(value) in _NOTHING:
        return None
    try:
        return parse_day(value), True
    except ValueError as problem:
        if str(problem) != "no day":
            raise CellFault("date_not_readable") from None
    try:
        return parse_day(value, missing_day=1), False
    except ValueError:
        raise CellFault("date_not_readable") from None


def read_sex(value: object) -> str:
    """`1`, `2`, or empty for an empty cell. Raises CellFault(`sex_not_known`)."""
    word = tight(value).lower()
    if not word:
        return ""
    if word in _MALE:
        return "1"
    if word in _FEMALE:
        return "2"
    raise CellFault("sex_not_known")


def read_flag(value: object) -> bool | None:
    """Yes, no, or None for an empty cell. Raises CellFault(`yes_or_no_not_known`)."""
    word = tight(value).lower()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault("yes_or_no_not_known")


def read_fen(value: object) -> int | None:
    """Yuan as whole fen, or None for an empty cell. Raises CellFault(`money_not_valid`)."""
    word = re.sub(r"[,，￥¥元]|/月|每月", "", tight(value))
    if word in _NOTHING:
        return None
    try:
        # a float is written out first: 0.2 is the 0.2 that was typed, not its nearest binary fraction
        fen = Decimal(word) * 100
    except InvalidOperation:
        raise CellFault("money_not_valid") from None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= 100_000_000:
        raise CellFault("money_not_valid")
    return int(fen)


_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff〇·•.]{2,40}|[A-Za-z\u3400-\u9fff][A-Za-z\u3400-\u9fff·.' -]{1,58}"
)


def read_name(value: object) -> str:
    """A person's name without the blanks that only widen it (`李 红`). Raises CellFault(`name_missing`, `name_not_valid`)."""
    text = text_of(value)
    if re.search(r"[\u3400-\u9fff]", text):
        text = re.sub(r"\s+", "", text)
    text = re.sub(r"[•・‧∙]", "·", re.sub(r"\s+", " ", text))
    if not text:
        raise CellFault("name_missing")
    if not _NAME.fullmatch(text):
        raise CellFault("name_not_valid")
    return text
