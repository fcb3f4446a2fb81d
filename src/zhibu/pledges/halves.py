"""Half-years and when their marks are asked: pure, the numbers come from the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Half:
    """Half a year whose marks may be given from `opens_on`, and are late after `due_on`."""

    year: int
    half: int
    opens_on: date
    ends_on: date
    due_on: date

    @property
    def code(self) -> str:
        """2026H1."""
        return f"{self.year}H{self.half}"


def half_of(year: int, half: int, before: int, after: int) -> Half:
    """A half-year; its marks open so many days before its end and are due so many after it."""
    ends = date(year, 6, 30) if half == 1 else date(year, 12, 31)
    return Half(year, half, ends - timedelta(days=before), ends, ends + timedelta(days=after))


def half_on(day: date, before: int, after: int) -> Half:
    """The half-year whose marks may be given on a day: the last one that has opened. There is always one."""
    each = ((year, half) for year in (day.year, day.year - 1) for half in (2, 1))
    found = (half_of(year, half, before, after) for year, half in each)
    return next(half for half in found if half.opens_on <= day)


def earlier(half: Half, before: int, after: int) -> tuple[Half, ...]:
    """The half-years before one whose marks may still be entered late: of its year, and of the year before."""
    each = ((year, number) for year in (half.year, half.year - 1) for number in (2, 1))
    return tuple(half_of(*one, before, after) for one in each if one < (half.year, half.half))
