"""What an undertaking begins from, as the rooms above hand it down: values, no rows of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LONGEST = 1000
"""Characters of what is undertaken; a pledge may need them, the forms of the other kinds ask for less."""


SOURCE = "undertakings.undertaking"
"""The kind of source one is itself, for what follows from it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The meeting, judgement or suggestion it follows from: what it is, which one, and how it is called."""

    kind: str = ""
    id: int | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Undertaken:
    """What is undertaken: persons by id; `whom`: somebody who is not of the register, as the branch calls them.

    `problem` and `resolution` are words, kept as they were.
    """

    kind: str
    text: str
    owner: int
    due_on: date | None = None
    helpers: Sequence[int] = ()
    about: int | None = None
    whom: str = ""
    problem: str = ""
    resolution: str = ""
    source: Source = Source()
