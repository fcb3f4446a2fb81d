"""From verdicts to a score, from scores to places, from quarters to a year.

Places are of branches, never of persons. A place is only given in a group large enough for it to say something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .evaluate import Shortfall, StandardVerdict
from .points import half_up

Key = TypeVar("Key", bound=Hashable)

WHOLE = 10_000
"""A full score in hundredths of a point."""


@dataclass(frozen=True, slots=True)
class Score:
    """A branch's total. Micro-points, but `hundredths` (0 to 10000): earned of decided; None when nothing is decided.

    `applicable_total` counts the parts still awaiting review too: `decided` of it is settled.
    """

    earned: int
    decided: int
    applicable_total: int
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place among `of` branches, shared by `shared`; equal points share the better place and the next is skipped."""

    place: int
    of: int
    shared: int = 1

    @property
    def is_last(self) -> bool:
        """Whether nobody stands below, and somebody stands above."""
        return self.place > 1 and self.place + self.shared - 1 == self.of


@dataclass(frozen=True, slots=True)
class Gain:
    """What closing the gaps of one part would add: micro-points, and hundredths of the total."""

    standard: str
    part: str
    points: int
    hundredths: int
    missing: tuple[Shortfall, ...]


def total(verdicts: Iterable[StandardVerdict]) -> Score:
    """The score over all standards; parts not applicable or not yet judged leave the denominator."""
    earned = decided = applicable = 0
    for verdict in verdicts:
        earned += verdict.points
        decided += verdict.decided
        applicable += verdict.applicable
    return Score(earned, decided, applicable, half_up(earned * WHOLE, decided) if decided else None)


def rank(entries: Iterable[tuple[Key, int | None]], minimum_size: int = 1) -> dict[Key, Place | None]:
    """Places by points, more points first, ties share (1, 1, 3).

    An entry without points has no place and is not counted; with fewer than `minimum_size` counted, nobody has one.
    """
    given = dict(entries)
    sizes = Counter(points for points in given.values() if points is not None)
    of = sizes.total()
    if of < minimum_size:
        return dict.fromkeys(given)
    place_of: dict[int, Place] = {}
    above = 0
    for points in sorted(sizes, reverse=True):
        place_of[points] = Place(above + 1, of, sizes[points])
        above += sizes[points]
    return {key: None if points is None else place_of[points] for key, points in given.items()}


def year_average(points: Sequence[int | None]) -> int | None:
    """The mean of the four quarters in hundredths, half up; None unless all four are there."""
    known = [each for each in points if each is not None]
    return half_up(sum(known), 4) if len(points) == len(known) == 4 else None


def last_places(places: Iterable[Place | None]) -> int:
    """How many times the place was the last: a reason to look closer, never to act by itself."""
    return sum(1 for each in places if each is not None and each.is_last)


def improvements(verdicts: Iterable[StandardVerdict]) -> tuple[Gain, ...]:
    """What would raise the total most, first: computed parts with gaps, by what closing them would add."""
    judged = tuple(verdicts)
    score = total(judged)
    if score.hundredths is None:
        return ()
    gains = [
        Gain(
            verdict.standard,
            part.id,
            part.gain,
            half_up((score.earned + part.gain) * WHOLE, score.decided) - score.hundredths,
            part.missing,
        )
        for verdict in judged
        for part in verdict.parts
        if part.gain and part.missing
    ]
    return tuple(sorted(gains, key=lambda gain: (-gain.points, gain.standard, gain.part)))
