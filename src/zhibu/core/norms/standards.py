"""A work standard: its dated numbers, the parts computed from facts, the parts a person judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .conditions import Condition, facts_of, is_fact
from .documents import Level, Source

MICRO = 1_000_000
"""Micro-points of one point."""

MICRO_PER_HUNDREDTH = 10_000
"""Micro-points of one hundredth of a point, the unit weights are written in."""


class Cadence(StrEnum):
    """When a check is due; `continuous` is due at every moment and judged every quarter."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    CONTINUOUS = "continuous"


def due_in(quarter: Quarter) -> frozenset[Cadence]:
    """The cadences judged in a quarter: half-years and years only in the quarter that ends them."""
    due = {Cadence.MONTH, Cadence.QUARTER, Cadence.CONTINUOUS}
    if quarter.ends_half_year:
        due.add(Cadence.HALF_YEAR)
    if quarter.ends_year:
        due.add(Cadence.YEAR)
    return frozenset(due)


@dataclass(frozen=True, slots=True)
class TermsRow:
    """The numbers in force from a day on; every row of a standard has the same names."""

    since: date
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """The dated numbers of a standard, oldest row first."""

    rows: tuple[TermsRow, ...]

    def row_on(self, day: date) -> TermsRow | None:
        """The row in force on the day; `None` before the first row."""
        found = None
        for row in self.rows:
            if row.since <= day:
                found = row
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """Points in proportion: weight × min(1, fact / of), rounded down; `of` names a term or a fact."""

    fact: str
    of: str


@dataclass(frozen=True, slots=True)
class Act:
    """The one step that answers the check: a URL name ("life:record") and its query."""

    name: str
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unless:
    """When the condition holds, the standard or check is not applicable, for this reason."""

    when: Condition
    because: Text


@dataclass(frozen=True, slots=True)
class Check:
    """A part computed from facts: either `met` (all its points or none) or `share` (points in proportion).

    `weight` names a term (hundredths of a point). `applies_to`, `level` and `sources` are the standard's unless the
    file says otherwise. `was` holds earlier ids.
    """

    id: str
    title: Text
    weight: str
    force: Force
    cadence: Cadence
    met: Condition | None
    share: Share | None
    act: Act | None
    unless: tuple[Unless, ...]
    applies_to: tuple[str, ...]
    level: Level
    sources: tuple[Source, ...]
    was: tuple[str, ...] = ()

    def facts(self) -> tuple[str, ...]:
        """Every fact the check reads, once, in the order written (exceptions last)."""
        named: list[str] = []
        if self.share is not None:
            named += [self.share.fact, *([self.share.of] if is_fact(self.share.of) else [])]
        if self.met is not None:
            named += facts_of(self.met)
        for each in self.unless:
            named += facts_of(each.when)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A part a person judges: never computed. `supported_by` are facts shown beside the question."""

    id: str
    title: Text
    weight: str
    asks: Text
    cadence: Cadence
    supported_by: tuple[str, ...]
    unless: tuple[Unless, ...]
    was: tuple[str, ...] = ()


Part: TypeAlias = Check | Reviewed


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case that must come out as written, or the rulebook does not load.

    `facts` not named are the fact's `empty`. `points` and `review` are hundredths of a point; expectations left out
    are not compared.
    """

    name: str
    as_of: date
    kind: str
    facts: Mapping[str, int]
    review: Mapping[str, int]
    verdict: str
    points: int | None
    checks: Mapping[str, str]
    missing: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of standards (A to H)."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Disabled:
    """A standard switched off by an overlay, and why."""

    layer: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Standard:
    """One work standard: what is asked, of whom, by which source, in which numbers, by which parts."""

    id: str
    group: str
    title: Text
    asks: Text
    level: Level
    applies_to: tuple[str, ...]
    sources: tuple[Source, ...]
    units: Mapping[str, Text]
    terms: Terms
    checks: tuple[Check, ...]
    reviewed: tuple[Reviewed, ...]
    unless: tuple[Unless, ...]
    examples: tuple[Example, ...]
    layer: str
    was: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Computed parts, then reviewed parts, in the order written."""
        return (*self.checks, *self.reviewed)

    def part(self, name: str) -> Part:
        """The part with this id (or an earlier id of it). Raises KeyError."""
        for each in self.parts:
            if each.id == name or name in each.was:
                return each
        raise KeyError(name)

    def facts(self) -> tuple[str, ...]:
        """Every fact the standard is judged by, once; facts only shown beside a question are not among them."""
        named = [fact for check in self.checks for fact in check.facts()]
        for each in (*self.unless, *(one for part in self.reviewed for one in part.unless)):
            named += facts_of(each.when)
        return tuple(dict.fromkeys(named))

    def weight(self, part: Part, day: date) -> int | None:
        """Weight of a part in hundredths of a point on a day; `None` before the first terms row."""
        row = self.terms.row_on(day)
        return None if row is None else row.numbers[part.weight]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the assessment itself is done: averages, groups, bands, as dated numbers with a title each."""

    title: Text
    level: Level
    sources: tuple[Source, ...]
    names: Mapping[str, Text]
    terms: Terms

    def number(self, name: str, day: date) -> int:
        """The number in force on the day; before the first row, the first. Raises KeyError for an unknown name."""
        return (self.terms.row_on(day) or self.terms.rows[0]).numbers[name]


@dataclass(frozen=True, slots=True)
class Limit:
    """A dated number of a regulation that a room asks for by name ("register.joining_age")."""

    id: str
    cited: Text
    source: Source
    verified: bool
    rows: tuple[tuple[date, int], ...]

    def on(self, day: date) -> int | None:
        """The number in force on the day; None before the first."""
        found = None
        for since, number in self.rows:
            if since <= day:
                found = number
        return found
