"""Days as people write them into a sheet."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

EXCEL_EPOCH = date(1899, 12, 30)
SERIAL_FROM, SERIAL_TO = 10_000, 80_000
"""Day numbers of a spreadsheet read as days: 1927 to 2119. Below that a bare number is a year, or a slip."""

_SEPARATED = re.compile(
    r"(\d{4})\s*[-./年\\、。]\s*(\d{1,2})(?:\s*[-./月\\、。]\s*(\d{1,2})\s*[日号]?|\s*月?)"
)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?(?!\d)")
_AFTER = re.compile(
    r"(?:\s|T|\((?:星期|周)?[一二三四五六日天]\)|(?:星期|周)[一二三四五六日天]|上午|下午|晚上?|中午"
    r"|\d{1,2}[:时点]\d{0,2}分?(?::\d{1,2})?(?:\.\d+)?|整|半)*"
)


def parse_day(value: object, *, missing_day: int | None = None) -> date:
    """The day a cell holds: a date, 2025-01-13, 2025/1/13, 2025.01.13, 20250113, 2025年1月13日, a serial number.

    Full-width digits and a weekday or hour behind the day are understood. "2001年7月" is a day only when
    `missing_day` says which. Raises ValueError, whose text is one of "empty", "no day", "unknown", "impossible".
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, missing_day)
    text = unicodedata.normalize("NFKC", str(value or "")).strip()
    if not text:
        raise ValueError("empty")
    found = _SEPARATED.match(text) or _SOLID.match(text)
    if found is None or not _AFTER.fullmatch(text[found.end() :]):
        raise ValueError("unknown")
    return _dated(found.group(1), found.group(2), found.group(3), missing_day)


def _from_number(value: float, missing_day: int | None) -> date:
    """20250113 as a number, or the day number a spreadsheet keeps."""
    if SERIAL_FROM <= value < SERIAL_TO:
        return EXCEL_EPOCH + timedelta(days=int(value))
    if value != int(value):
        raise ValueError("unknown")
    found = _SOLID.fullmatch(str(int(value)))
    if found is None:
        raise ValueError("unknown")
    return _dated(found.group(1), found.group(2), found.group(3), missing_day)


def _dated(year: str, month: str, day: str | None, missing_day: int | None) -> date:
    """The parts put together; a date that no calendar has is impossible."""
    if day is None and missing_day is None:
        raise ValueError("no day")
    try:
        return date(int(year), int(month), int(day) if day else int(missing_day or 1))
    except ValueError:
        raise ValueError("impossible") from None
