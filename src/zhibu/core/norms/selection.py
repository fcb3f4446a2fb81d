"""What weighs in the selection of advanced branches beside the average of the quarters: results of finished cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.core.wording import Text

from .documents import Level, Source
from .standards import Terms

MOST = "most"
"""The name of the number beyond which nothing more weighs."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that may be said of a case: a step was taken, and a field of it holds a value (empty: whatever it holds)."""

    id: str
    title: Text
    step: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the cases of one procedure weigh, in hundredths of a point, in the year of their step `accepted`.

    The weight stands beside the points of the quarters and never in them.
    """

    id: str
    title: Text
    about: Text
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    procedure: str
    accepted: str
    results: Mapping[str, Result]
    terms: Terms

    def numbers(self, day: date) -> Mapping[str, int]:
        """The numbers in force on a day; none before the first row: nothing weighs."""
        row = self.terms.row_on(day)
        return row.numbers if row else {}

    def weight(self, results: Collection[str], day: date) -> int:
        """What the results of one case weigh."""
        numbers = self.numbers(day)
        return sum(numbers.get(name, 0) for name in set(results))

    def total(self, cases: Collection[Collection[str]], day: date) -> int:
        """What the cases of a branch weigh together in one year, no more than the most there may be."""
        found = sum(self.weight(results, day) for results in cases)
        return min(found, self.numbers(day).get(MOST, 0))
