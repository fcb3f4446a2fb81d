"""The window of a notice: which working days count, and the first day on which it may end."""

from __future__ import annotations

from datetime import date, timedelta

from .calendar import Counted, Found, WorkingDays

ONE_DAY = timedelta(days=1)


def counted(
    calendar: WorkingDays, opens_on: date, closes_on: date, *, exclude_start: bool = False
) -> Counted:
    """Working days from the opening to the last day, both included; without the opening day when it is excluded."""
    first = opens_on + ONE_DAY if exclude_start else opens_on
    return calendar.count(first, closes_on + ONE_DAY)


def earliest_last_day(
    calendar: WorkingDays, opens_on: date, least: int, *, exclude_start: bool = False
) -> Found:
    """The last day of the shortest window with `least` working days; the opening day itself when none are asked."""
    if least < 1:
        return Found(opens_on, calendar.is_working(opens_on).provisional)
    return calendar.nth(opens_on + ONE_DAY if exclude_start else opens_on, least)
