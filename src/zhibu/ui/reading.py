"""Reading days, times, money and points the way people in an office write them."""

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation, Overflow

from django.utils.translation import gettext as _

_WIDE = str.maketrans("０１２３４５６７８９．，：－／", "0123456789.,:-/")
_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s*[(（]?(?:周|星期).[)）]?)?"
)
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_TIME = re.compile(r"(上午|早上|中午|下午|晚上)?\s*(\d{1,2})\s*(?:[:点时]\s*(\d{1,2}|半)?\s*分?)?")
# more has no column to be kept in, and 1e999999 would take minutes to write out
MOST_DIGITS = 15
_AFTERNOON = {"下午", "晚上"}


class Unreadable(ValueError):
    """What was written cannot be read; the message says how to write it."""


def _plain(text: str) -> str:
    return text.translate(_WIDE).strip()


def parse_day(text: str) -> date:
    """A day from 2026-07-03, 2026.7.3, 2026/7/3, 20260703 or 2026年7月3日. Raises Unreadable."""
    plain = _plain(text)
    found = _DAY.fullmatch(plain) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise Unreadable(_("没有“%(text)s”这一天。") % {"text": text}) from error
    raise Unreadable(_("“%(text)s”不是日期，请写成 2026-07-03 或 2026年7月3日。") % {"text": text})


def parse_month(text: str) -> tuple[int, int]:
    """A month as (year, month) from 2026-07, 2026.7, 202607 or 2026年7月. Raises Unreadable."""
    plain = _plain(text)
    found = _MONTH.fullmatch(plain) or re.fullmatch(r"(\d{4})(\d{2})", plain)
    if found and int(found[1]) >= 1 and 1 <= int(found[2]) <= 12:
        return int(found[1]), int(found[2])
    raise Unreadable(_("“%(text)s”不是月份，请写成 2026-07 或 2026年7月。") % {"text": text})


def parse_time(text: str) -> time:
    """A time of day from 16:00, 1600, 16点, 16点半, 下午4点. Raises Unreadable."""
    plain = _plain(text)
    four = re.fullmatch(r"(\d{2})(\d{2})", plain)
    found = _TIME.fullmatch(plain)
    try:
        if four:
            return time(int(four[1]), int(four[2]))
        if found:
            hour = int(found[2])
            if found[1] in _AFTERNOON and hour < 12:
                hour += 12
            return time(hour, 30 if found[3] == "半" else int(found[3] or 0))
        hour, minute, *_seconds = (int(part) for part in plain.split(":"))
        return time(hour, minute)
    except ValueError as error:
        raise Unreadable(_("“%(text)s”不是时间，请写成 16:00。") % {"text": text}) from error


def parse_hundredths(text: str) -> int:
    """Points or yuan with at most two decimals, as hundredths (72.5 is 7250; 1,234.50元 is 123450)."""
    plain = _plain(text).replace(",", "").removesuffix("元").removesuffix("分").removeprefix("¥").strip()
    try:
        number = Decimal(plain) * 100
    except (InvalidOperation, Overflow) as error:
        raise Unreadable(_("“%(text)s”不是数字，请写成 72.5。") % {"text": text}) from error
    if number.is_finite() and number.adjusted() >= MOST_DIGITS:
        raise Unreadable(_("“%(text)s”太大，请核对。") % {"text": text[:20]})
    if not number.is_finite() or number != number.to_integral_value():
        raise Unreadable(_("“%(text)s”的小数多于两位，请四舍五入到两位。") % {"text": text})
    return int(number)
