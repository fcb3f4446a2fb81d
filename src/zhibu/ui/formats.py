"""How days, points, money and names are written. Plain functions; the tag library registers them."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.ui.language import current

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
QUARTERS_ZH = ("一", "二", "三", "四")
NOTHING = "—"


def day(value: date | None) -> str:
    """A day as tables show it: 2026-07-03."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value.isoformat()


def official_day(value: date | None) -> str:
    """A day as official documents write it: 2026年8月1日, no zeros (GB/T 9704-2012); in English 1 August 2026."""
    if value is None:
        return ""
    if current() == "en":
        return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def near(value: date | None, today: date | None = None) -> str:
    """A day as one says it: 7月3日 周五, with its year when that is not the year of `today`."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    other_year = today is not None and today.year != value.year
    if current() == "en":
        text = f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}"
        return f"{text} {value.year}" if other_year else text
    text = f"{value.month}月{value.day}日 {WEEKDAYS_ZH[value.weekday()]}"
    return f"{value.year}年{text}" if other_year else text


def instant(value: datetime | None) -> str:
    """An instant in local time to the minute: 2026-07-03 16:05."""
    if value is None or value == "":
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M")


def clock(value: time | datetime | None) -> str:
    """A time of day: 16:00."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%H:%M")


def days_left(value: date | None, today: date) -> str:
    """How far a due day is from `today`, in words, for use beside the day itself."""
    if value is None or value == "":
        return ""
    days = (value - today).days
    if days == 0:
        return _("今天")
    if days < 0:
        return overdue(-days)
    return ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days}


def overdue(days: int) -> str:
    """How long something has been due, in words."""
    return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", days) % {"days": days}


def _trimmed(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points(hundredths: int | None) -> str:
    """Points kept in hundredths: 7250 is written 72.5."""
    if hundredths is None or hundredths == "":
        return NOTHING
    return _trimmed(Decimal(hundredths) / 100)


def micro_points(micro: int | None) -> str:
    """Points kept in millionths, to two decimals: 3_333_333 is written 3.33."""
    if micro is None or micro == "":
        return NOTHING
    return _trimmed((Decimal(micro) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP))


def change(hundredths: int | None) -> str:
    """A difference of points with its sign: +4, −1.5, 0."""
    if hundredths is None or hundredths == "":
        return NOTHING
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else ""
    return sign + points(abs(hundredths))


def fen(value: int | None) -> str:
    """Money kept in fen: 123450 is written 1,234.50."""
    if value is None or value == "":
        return NOTHING
    yuan, rest = divmod(abs(int(value)), 100)
    return f"{'−' if value < 0 else ''}{yuan:,}.{rest:02d}"


def quarter(value: Any) -> str:
    """A quarter in words: 2026年第三季度. Takes a core Quarter or its code "2026Q3"."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        year, number = int(value[:4]), int(value[-1])
    else:
        year, number = value.year, value.number
    if current() == "en":
        return f"Q{number} {year}"
    return f"{year}年第{QUARTERS_ZH[number - 1]}季度"


def recurring(week: int, weekday: int) -> str:
    """A recurring day in words: 每月第二个周四; week 5 is the last."""
    if current() == "en":
        return f"{('first', 'second', 'third', 'fourth', 'last')[week - 1]} {WEEKDAYS_EN[weekday]}"
    weeks = ("第一个", "第二个", "第三个", "第四个", "最后一个")
    return f"每月{weeks[week - 1]}{WEEKDAYS_ZH[weekday]}"


def month(value: Any) -> str:
    """A month in words: 2026年7月. Takes a core Month, a date, (year, month) or "2026-07"."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        year, number = int(value[:4]), int(value[5:7])
    elif isinstance(value, date):
        year, number = value.year, value.month
    elif isinstance(value, tuple):
        year, number = value
    else:
        year, number = value.year, value.number
    return f"{MONTHS_EN[number - 1]} {year}" if current() == "en" else f"{year}年{number}月"


def masked(value: str | None) -> str:
    """Hide the middle of a name or number: 张*, 1101**********1234, 138****5678."""
    text = str(value or "")
    if len(text) <= 1:
        return text
    if len(text) <= 4:
        return text[0] + "*" * (len(text) - 1)
    head, tail = (3, 4) if len(text) == 11 else (4, 4) if len(text) > 11 else (1, 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def share(part: int | None, whole: int | None) -> str:
    """A part of a whole in per cent, whole numbers; never 100% unless it is all of it."""
    if part is None or not whole:
        return NOTHING
    percent = part * 100 // whole if part < whole else round(part * 100 / whole)
    return f"{percent}%"


def people(names: list[str], limit: int = 5) -> str:
    """Names in one line: 张三、李四等 23 人."""
    listed = [str(name) for name in names]
    joint = ", " if current() == "en" else "、"
    if len(listed) <= limit:
        return joint.join(listed) or NOTHING
    return _("%(names)s等 %(count)d 人") % {"names": joint.join(listed[:limit]), "count": len(listed)}
