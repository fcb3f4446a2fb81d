"""How a vote is counted: quorum and majority with their named denominators, the rules of elections, grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .documents import Level


class VoteKind(StrEnum):
    """What is decided: one question, who holds a seat, or the grade of each person."""

    MOTION = "motion"
    ELECTION = "election"
    APPRAISAL = "appraisal"


class Denominator(StrEnum):
    """A number of a vote others are measured by; every rule names the one it means."""

    EXPECTED_VOTERS = "expected_voters"
    PRESENT_VOTERS = "present_voters"
    ALL_MEMBERS = "all_members"
    COMMITTEE_SIZE = "committee_size"
    PAPERS_ISSUED = "papers_issued"
    PAPERS_RETURNED = "papers_returned"
    VALID_PAPERS = "valid_papers"
    SEATS = "seats"


class Comparison(StrEnum):
    """超过、多于 (`gt`) excludes the boundary; 以上、不少于 (`ge`) includes it."""

    GT = "gt"
    GE = "ge"


@dataclass(frozen=True, slots=True)
class Portion:
    """A fraction as two whole numbers, so that no boundary is ever rounded."""

    parts: int
    whole: int

    def of(self, number: int) -> int:
        """The portion of a number, rounded up."""
        return -(-self.parts * number // self.whole)

    def within(self, number: int) -> int:
        """The portion of a number, rounded down."""
        return self.parts * number // self.whole


@dataclass(frozen=True, slots=True)
class Cited:
    """The place a number comes from, in words, and whether its wording was checked."""

    document: str
    article: str
    text: Text
    verified: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many of so many: `count` (yes votes when None) compared with a portion of `of`."""

    count: Denominator | None
    comparison: Comparison
    share: Portion
    of: Denominator
    cited: Cited

    def reached(self, count: int, number: int) -> bool:
        """Whether the count is enough, measured by the denominator's number."""
        found, asked = count * self.share.whole, self.share.parts * number
        return found > asked if self.comparison is Comparison.GT else found >= asked

    def needed(self, number: int) -> int:
        """The least count that is enough."""
        if self.comparison is Comparison.GT:
            return self.share.within(number) + 1
        return self.share.of(number)


class Slate(StrEnum):
    """Whether there must be more candidates than seats (差额), as many (等额), or either."""

    CONTESTED = "contested"
    SINGLE_SLATE = "single_slate"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class ElectionTerms:
    """Seats and candidates: by how much candidates exceed seats (rounded up), and what others may be written in.

    `reduced_seats`: who must agree that fewer are elected than planned; None when seats may not be reduced.
    """

    slate: Slate
    surplus: Portion
    write_ins: bool
    reduced_seats: Threshold | None

    def candidates_needed(self, seats: int) -> int:
        """The least number of candidates for so many seats."""
        return seats + (self.surplus.of(seats) if self.slate is Slate.CONTESTED else 0)


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """The grades in order, best first, and the cap on the best: at most this portion of `of`."""

    names: tuple[str, ...]
    cap: Portion
    of: Denominator
    force: Force


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A vote's terms in force from a day on."""

    since: date
    cited: Cited
    quorum: Threshold | None
    majority: Threshold | None
    written_opinions: bool
    election: ElectionTerms | None
    grades: GradeTerms | None


@dataclass(frozen=True, slots=True)
class VoteExample:
    """A worked vote: the data as `zhibu tally` takes it, as JSON text, and what must come of it."""

    name: str
    as_of: date
    vote: str
    expect: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VoteRule:
    """One way of deciding by vote, with its dated terms, oldest first."""

    id: str
    kind: VoteKind
    title: Text
    level: Level
    secret: bool
    terms: tuple[VoteRow, ...]
    grade_titles: Mapping[str, Text]
    examples: tuple[VoteExample, ...]
    layer: str

    def row_on(self, day: date) -> VoteRow | None:
        """The terms in force on the day; None before the first."""
        found = None
        for row in self.terms:
            if row.since <= day:
                found = row
        return found
