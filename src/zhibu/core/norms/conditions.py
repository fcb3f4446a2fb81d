"""What a standard asks of facts: comparisons with dated terms, joined by all, any and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Operator(StrEnum):
    """How a fact is compared with a term or another fact."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUALS = "equals"


@dataclass(frozen=True, slots=True)
class Compare:
    """`fact` compared with `against`: the name of a term, or of a fact (which has a dot)."""

    fact: str
    operator: Operator
    against: str

    @property
    def against_fact(self) -> bool:
        """Whether `against` names a fact rather than a term."""
        return is_fact(self.against)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition


Condition: TypeAlias = Compare | AllOf | AnyOf | Not


def is_fact(name: str) -> bool:
    """Whether a name in a condition is a fact (`life.general_meetings`) rather than a term (`general`)."""
    return "." in name


def compares(condition: Condition) -> Iterator[Compare]:
    """Every comparison within a condition, in the order written."""
    match condition:
        case Compare():
            yield condition
        case Not(part=part):
            yield from compares(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from compares(part)


def facts_of(condition: Condition) -> list[str]:
    """Every fact named in a condition, in the order written."""
    return [
        name
        for each in compares(condition)
        for name in (each.fact, *([each.against] if each.against_fact else []))
    ]
