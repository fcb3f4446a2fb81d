"""What was found when the votes were counted: numbers only, no voter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhibu.core.norms import Denominator


class Round(StrEnum):
    """The first vote; a vote again among those tied (the most votes win); one for the seats still open."""

    FIRST = "first"
    REVOTE = "revote"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Written:
    """Written opinions of absent voters, received before the meeting."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name and its votes; `written_in` when the paper did not print it."""

    name: str
    yes: int = 0
    no: int = 0
    abstain: int = 0
    written_in: bool = False

    @property
    def total(self) -> int:
        """How many papers said anything of the name."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Subject:
    """A person appraised: how many gave each grade, and the grade decided upon afterwards, when there is one."""

    name: str
    grades: Mapping[str, int] = field(default_factory=dict)
    given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One question put to the vote, as counted.

    `expected` are the voters who should attend, `present` those who did (in a vote without a meeting: who took a
    paper). `issued` and `returned` are None where no papers are used. `written` holds written opinions of absent
    voters. `reduce` is how many agreed that fewer seats are filled.
    """

    expected: int
    present: int
    all_members: int | None = None
    committee_size: int | None = None
    issued: int | None = None
    returned: int | None = None
    void: int = 0
    yes: int = 0
    no: int = 0
    abstain: int = 0
    written: Written = Written()
    seats: int = 0
    candidates: tuple[Candidate, ...] = ()
    round: Round = Round.FIRST
    reduce: int | None = None
    subjects: tuple[Subject, ...] = ()

    @property
    def valid(self) -> int:
        """Valid papers; without papers, the votes given in the room."""
        if self.returned is not None:
            return self.returned - self.void
        return self.yes + self.no + self.abstain if not self.candidates else self.present

    def number(self, of: Denominator) -> int | None:
        """The number a denominator names; None when the vote does not know it."""
        return {
            Denominator.EXPECTED_VOTERS: self.expected,
            Denominator.PRESENT_VOTERS: self.present,
            Denominator.ALL_MEMBERS: self.all_members,
            Denominator.COMMITTEE_SIZE: self.committee_size,
            Denominator.PAPERS_ISSUED: self.issued,
            Denominator.PAPERS_RETURNED: self.returned,
            Denominator.VALID_PAPERS: self.valid,
            Denominator.SEATS: self.seats,
        }[of]
