"""A case as the engine sees it: the steps taken, in order, and what happened to the case itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

Value: TypeAlias = str | int | bool | date | Fraction | None
"""Something given, or worked out from it: an average is kept as a fraction."""

PERSON_KEYS = ("name", "person", "stage", "sanction", "sanction_on")


class EventKind(StrEnum):
    """What may happen to a case apart from its steps."""

    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TRANSFERRED = "transferred"
    EXTENDED = "extended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Named:
    """A person named at a step: the stage, and a sanction that may bar the person, with its day."""

    name: str
    person: int | None = None
    stage: str = ""
    sanction: str = ""
    sanction_on: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A step taken on a day; one that lasts (a notice, a course) is done on the day `until`.

    `outcome` may be left empty where it follows from the kind: the vote counted, the reply received, or the outcome
    that passes. `vote` holds the counts of a ballot.
    """

    step: str
    on: date
    until: date | None = None
    outcome: str = ""
    by: str = ""
    reply: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    people: tuple[Named, ...] = ()
    vote: Mapping[str, Any] | None = None
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the case: `detail` is the ending, or the step whose time was extended."""

    kind: EventKind
    on: date
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case: what was given when it was opened, and everything since. Reversed steps are left out by the caller.

    With `assumes`, steps that precede a done step count as done with it: worked examples are written so.
    """

    fields: Mapping[str, Value] = field(default_factory=dict)
    subject: Mapping[str, Value] = field(default_factory=dict)
    branch: Mapping[str, Value] = field(default_factory=dict)
    taken: tuple[Taken, ...] = ()
    events: tuple[Event, ...] = ()
    papers: frozenset[str] = frozenset()
    assumes: bool = False
