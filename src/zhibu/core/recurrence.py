"""Recurring days: "the second Thursday", "the last Friday", and where such a day moves when nobody works on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .calendar import ONE_DAY, Month, WorkingDays

LAST = 5
"""The week that means "the last one of the month": every month has one, not every month a fifth."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Recurring:
    """A weekday (0 Monday to 6 Sunday) of a week of the month: the first to the fourth, or the last (5)."""

    week: int
    weekday: int

    def __post_init__(self) -> None:
        if not 1 <= self.week <= LAST:
            raise ValueError(f"a week of the month is 1 to 4, or 5 for the last, not {self.week}")
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is 0 to 6, not {self.weekday}")

    @classmethod
    def of(cls, day: date) -> Recurring:
        """What a day is in its month; from the 29th on it is the last of its weekday."""
        return cls(min((day.day - 1) // 7 + 1, LAST), day.weekday())

    def on(self, month: Month) -> date:
        """The day it is in a month."""
        if self.week == LAST:
            return month.last - ONE_DAY * ((month.last.weekday() - self.weekday) % 7)
        return month.first + ONE_DAY * ((self.weekday - month.first.weekday()) % 7) + WEEK * (self.week - 1)

    def between(self, first: date, last: date) -> Iterator[date]:
        """Its days from `first` to `last`, both included, in order."""
        for key in range(Month.of(first).key, Month.of(last).key + 1):
            day = self.on(Month.from_key(key))
            if first <= day <= last:
                yield day


def worked(day: date, calendar: WorkingDays, *, first: date, last: date) -> date:
    """The day itself when it is worked; else the next worked day up to `last`, else the one before it from `first`.

    The day itself, too, when no day of the window is worked: better a day off that is seen than none.
    """
    if calendar.is_working(day).working:
        return day
    for step, end in ((ONE_DAY, last), (-ONE_DAY, first)):
        tried = day
        while tried != end:
            tried += step
            if calendar.is_working(tried).working:
                return tried
    return day
