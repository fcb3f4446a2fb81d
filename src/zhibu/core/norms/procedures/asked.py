"""What procedures ask of named values: comparisons joined by all, any and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Comparison(StrEnum):
    """How a named value is tested. The first five take a term, or another value when it has a dot."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUALS = "equals"
    IS = "is"
    GIVEN = "given"
    AMONG = "among"


Literal: TypeAlias = str | bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One value tested: a field of the step ("hours"), of the case ("case.seats"), of a done step ("trained.hours").

    `against` is a term, or a value when it has a dot; `literals` are what `is` and `among` compare with.
    """

    name: str
    test: Comparison
    against: str = ""
    literals: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """Holds when every part holds."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Holds when at least one part holds."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """Holds when the part does not."""

    part: Asked


Asked: TypeAlias = Compared | Every | Some | Never


def compared_in(asked: Asked) -> Iterator[Compared]:
    """Every single test within what is asked, in the order written."""
    match asked:
        case Compared():
            yield asked
        case Never(part=part):
            yield from compared_in(part)
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from compared_in(part)
