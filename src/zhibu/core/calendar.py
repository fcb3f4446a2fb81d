"""Months, quarters, and the working days of a calendar that is published one year at a time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .wording import Text

ONE_DAY = timedelta(days=1)


def has_days(year: int) -> bool:
    """Whether a year, the one before and the one after can be counted with: what is typed may say 0000 or 9999."""
    return date.min.year < year < date.max.year


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included, with the code it is known by ("2026-07", "2026Q3", "2026H2", "2026")."""

    first: date
    last: date
    code: str

    def holds(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"a month is 1 to 12, not {self.number}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, code: str) -> Month:
        """The month of a code like "2026-07". Raises ValueError for anything else."""
        year, dash, number = code.partition("-")
        if not (
            dash and len(year) == 4 and len(number) == 2 and (year + number).isdigit() and has_days(int(year))
        ):
            raise ValueError(f"not a month like 2026-07: {code!r}")
        return cls(int(year), int(number))

    @classmethod
    def from_key(cls, key: int) -> Month:
        """The month of a running number (see `key`)."""
        return cls(key // 12, key % 12 + 1)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def key(self) -> int:
        """A running number: year * 12 + number - 1, so that neighbours differ by one."""
        return self.year * 12 + self.number - 1

    @property
    def code(self) -> str:
        """The code, "2026-07"."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def span(self) -> Span:
        """The days of the month."""
        return Span(self.first, self.last, self.code)

    def previous(self) -> Month:
        """The month before."""
        return Month.from_key(self.key - 1)

    def next(self) -> Month:
        """The month after."""
        return Month.from_key(self.key + 1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, the period of an assessment."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a quarter is 1 to 4, not {self.number}")

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of a day."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, code: str) -> Quarter:
        """The quarter of a code like "2026Q3". Raises ValueError for anything else."""
        year, letter, number = code.partition("Q")
        if not (
            letter
            and len(year) == 4
            and len(number) == 1
            and (year + number).isdigit()
            and has_days(int(year))
        ):
            raise ValueError(f"not a quarter like 2026Q3: {code!r}")
        return cls(int(year), int(number))

    @classmethod
    def from_key(cls, key: int) -> Quarter:
        """The quarter of a running number (see `key`)."""
        return cls(key // 4, key % 4 + 1)

    @property
    def months(self) -> tuple[Month, Month, Month]:
        """The three months in order."""
        end = self.number * 3
        return (Month(self.year, end - 2), Month(self.year, end - 1), Month(self.year, end))

    @property
    def first(self) -> date:
        """The first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """The last day."""
        return self.months[2].last

    @property
    def key(self) -> int:
        """A running number: year * 4 + number - 1, so that neighbours differ by one."""
        return self.year * 4 + self.number - 1

    @property
    def code(self) -> str:
        """The code, "2026Q3"."""
        return f"{self.year:04d}Q{self.number}"

    @property
    def span(self) -> Span:
        """The days of the quarter."""
        return Span(self.first, self.last, self.code)

    @property
    def half_first(self) -> date:
        """The first day of the half-year the quarter belongs to."""
        return date(self.year, 1 if self.number <= 2 else 7, 1)

    @property
    def half_last(self) -> date:
        """The last day of the half-year the quarter belongs to."""
        return date(self.year, 6, 30) if self.number <= 2 else date(self.year, 12, 31)

    @property
    def half_year(self) -> Span:
        """The half-year the quarter belongs to, "2026H2"."""
        return Span(self.half_first, self.half_last, f"{self.year:04d}H{1 if self.number <= 2 else 2}")

    @property
    def year_first(self) -> date:
        """1 January of the quarter's year."""
        return date(self.year, 1, 1)

    @property
    def year_last(self) -> date:
        """31 December of the quarter's year."""
        return date(self.year, 12, 31)

    @property
    def whole_year(self) -> Span:
        """The year the quarter belongs to, "2026"."""
        return Span(self.year_first, self.year_last, f"{self.year:04d}")

    @property
    def ends_half_year(self) -> bool:
        """Whether a half-year ends with this quarter."""
        return self.number in (2, 4)

    @property
    def ends_year(self) -> bool:
        """Whether the year ends with this quarter."""
        return self.number == 4

    def previous(self) -> Quarter:
        """The quarter before."""
        return Quarter.from_key(self.key - 1)

    def next(self) -> Quarter:
        """The quarter after."""
        return Quarter.from_key(self.key + 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier), clamped to the last day of a shorter month.

    31 January plus one month is 28 or 29 February; the clamp is not undone by adding on.
    """
    month = Month.from_key(Month.of(day).key + months)
    return date(month.year, month.number, min(day.day, month.last.day))


def whole_months(first: date, last: date) -> int:
    """Calendar months lying wholly within the days `first` to `last`, both included; never negative."""
    begin = Month.of(first).key + (first.day > 1)
    end = Month.of(last).key + (Month.of(last).last == last)
    return max(0, end - begin)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A published stretch of days off, both ends included."""

    name: Text
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One published year: the days off, and the weekend days worked instead (调休)."""

    year: int
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked; `provisional` when its year is not published and weekends alone were looked at."""

    working: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of working days; `provisional` when an unpublished year was touched."""

    days: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A day found by counting working days; `provisional` when an unpublished year was touched."""

    day: date
    provisional: bool


class WorkingDays:
    """Working days by the published years; in any other year Monday to Friday, marked provisional."""

    __slots__ = ("_off", "_on", "years")

    def __init__(self, years: Mapping[int, HolidayYear]) -> None:
        self.years = years
        self._off = frozenset(
            holiday.first + ONE_DAY * step
            for year in years.values()
            for holiday in year.holidays
            for step in range((holiday.last - holiday.first).days + 1)
        )
        self._on = frozenset(day for year in years.values() for day in year.workdays)

    def is_working(self, day: date) -> Day:
        """Whether the day is a working day."""
        working = day in self._on or (day.weekday() < 5 and day not in self._off)
        return Day(working, day.year not in self.years)

    def count(self, first: date, end: date) -> Counted:
        """Working days from `first` up to but not including `end`; additive, and 0 when `end` is not later."""
        days, provisional = 0, False
        for step in range((end - first).days):
            found = self.is_working(first + ONE_DAY * step)
            days += found.working
            provisional = provisional or found.provisional
        return Counted(days, provisional)

    def add(self, day: date, number: int) -> Found:
        """The working day `number` working days after `day` (before it, when negative); `day` itself is not counted.

        With 0 the day itself is returned, worked or not.
        """
        step = ONE_DAY if number > 0 else -ONE_DAY
        left, provisional = abs(number), day.year not in self.years
        while left:
            day += step
            found = self.is_working(day)
            left -= found.working
            provisional = provisional or found.provisional
        return Found(day, provisional)

    def nth(self, first: date, number: int) -> Found:
        """The `number`-th working day from `first` on, `first` counting as the first when it is worked (number >= 1)."""
        if number < 1:
            raise ValueError("the working days of a window are counted from 1")
        return self.add(first - ONE_DAY, number)
