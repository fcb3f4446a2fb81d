"""The days an assessment looks at, as the integers the SQL compares.

A fact reads one of three stretches that all end on the last day assessed: the period itself, the half-year and the
year. Months are never computed in SQL (engines disagree about date functions); their first days are bound instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from zhibu.core.calendar import Month
from zhibu.core.norms import Window

FOREVER = 9_223_372_036_854_775_807
"""The largest instant (epoch milliseconds): no cut-off. A number and not NULL, so that one comparison serves both."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of days and the calendar months it touches.

    `start` is the bind of its first day, `prefix` the stem of the binds of its month starts: month number i runs from
    `{prefix}{i}` up to, not including, `{prefix}{i + 1}`. `whole` says which months lie wholly within the stretch,
    `order` which of the three begins first (0): a period may begin before the year it ends in.
    """

    start: str
    prefix: str
    whole: tuple[bool, ...]
    order: int

    @property
    def months(self) -> int:
        """How many calendar months the stretch touches."""
        return len(self.whole)


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a timeframe shapes the SQL text: how many months, not which. Equal shapes share one text."""

    period: Stretch
    half_year: Stretch
    year: Stretch

    def of(self, window: Window) -> Stretch:
        """The stretch a window counts months in; spells and unbounded facts count in the period."""
        if window is Window.HALF_YEAR:
            return self.half_year
        return self.year if window is Window.YEAR else self.period


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The first and last day assessed, both included. Raises ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends on {self.last}, before it begins on {self.first}")

    @property
    def half_first(self) -> date:
        """First day of the half-year that holds the last day."""
        return date(self.last.year, 1 if self.last.month <= 6 else 7, 1)

    @property
    def year_first(self) -> date:
        """1 January of the year that holds the last day."""
        return date(self.last.year, 1, 1)

    def _stretches(self) -> tuple[tuple[str, str, date], ...]:
        return (("p0", "m", self.first), ("h0", "hm", self.half_first), ("y0", "ym", self.year_first))

    def _months(self, first: date) -> Iterator[Month]:
        month = Month.of(first)
        while month.first <= self.last:
            yield month
            month = month.next()

    @property
    def shape(self) -> Shape:
        """The part of the timeframe that shapes the text."""
        return _shape(self)

    def written(self) -> Shape:
        """The shape, reckoned anew."""
        begun = sorted({first for _start, _prefix, first in self._stretches()})
        period, half_year, year = (
            Stretch(
                start,
                prefix,
                tuple(first <= month.first and month.last <= self.last for month in self._months(first)),
                begun.index(first),
            )
            for start, prefix, first in self._stretches()
        )
        return Shape(period, half_year, year)

    def binds(self) -> dict[str, int]:
        """Every bind a text of this shape may name, as ordinals of days."""
        values = {"p1": self.last.toordinal()}
        for start, prefix, first in self._stretches():
            values[start] = first.toordinal()
            months = list(self._months(first))
            for number, month in enumerate([*months, months[-1].next()]):
                values[f"{prefix}{number}"] = month.first.toordinal()
        return values


@lru_cache(maxsize=256)
def _shape(timeframe: Timeframe) -> Shape:
    return timeframe.written()
