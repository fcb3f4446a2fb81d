"""What a collected row means: which fact and which part stands in which place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

NOT_APPLICABLE, AWAITING_REVIEW, NOT_MET, PARTLY, MET = range(5)
STATES = ("not_applicable", "awaiting_review", "not_met", "partly", "met")
"""Verdicts by the code the SQL gives; from `NOT_MET` on a part is decided and counts in the denominator."""


class PartKey(NamedTuple):
    """A part of a standard, and its weight in micro-points that quarter."""

    standard: str
    part: str
    weight: int


class Part(NamedTuple):
    """The verdict on one part of one branch; `points` in micro-points, None while nothing is decided."""

    state: str
    points: int | None
    weight: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of facts and parts in every row of one compiled text."""

    facts: tuple[str, ...]
    parts: tuple[PartKey, ...]
    fact_places: dict[str, int] = field(compare=False, repr=False)
    part_places: dict[tuple[str, str], int] = field(compare=False, repr=False)

    @classmethod
    def of(cls, facts: tuple[str, ...], parts: tuple[PartKey, ...]) -> Layout:
        """A layout with its places looked up once."""
        places = {(each.standard, each.part): i for i, each in enumerate(parts)}
        return cls(facts, parts, {name: i for i, name in enumerate(facts)}, places)


class BranchRow(NamedTuple):
    """One branch in one quarter: its facts, the verdict on every part, its total and place.

    `earned`, `decided` and `applicable` are micro-points; `hundredths` (of a point, out of 10000) is None when nothing
    was decided or the branch was not assessed (it existed in no whole month of the quarter). `place` of `of` is None
    when no places were asked for, and in peer groups below the minimum.
    """

    layout: Layout
    branch: int
    path: str
    kind: str
    unit_type: str
    parent: int | None
    assessed: bool
    facts: tuple[int, ...]
    codes: tuple[int, ...]
    scored: tuple[int, ...]
    earned: int
    decided: int
    applicable: int
    hundredths: int | None
    place: int | None
    of: int | None

    @property
    def states(self) -> tuple[str, ...]:
        """The verdict on every part, in the order of `layout.parts`."""
        return tuple([STATES[code] for code in self.codes])

    @property
    def points(self) -> tuple[int | None, ...]:
        """Micro-points of every part; None where it is not applicable or awaits a reviewer."""
        return tuple(
            [x if code >= NOT_MET else None for code, x in zip(self.codes, self.scored, strict=True)]
        )

    def fact(self, name: str) -> int:
        """The value of a fact. Raises KeyError for a fact no standard names."""
        return self.facts[self.layout.fact_places[name]]

    def as_facts(self) -> dict[str, int]:
        """All facts by name, as `core.evaluate.judge` takes them."""
        return dict(zip(self.layout.facts, self.facts, strict=True))

    def part(self, standard: str, part: str) -> Part:
        """The verdict on one part. Raises KeyError for a part that has no terms that quarter."""
        place = self.layout.part_places[standard, part]
        code = self.codes[place]
        points = self.scored[place] if code >= NOT_MET else None
        return Part(STATES[code], points, self.layout.parts[place].weight)
