"""What came of a vote, and its explanation in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.norms import Cited, Threshold
from zhibu.core.refusal import Refusal
from zhibu.core.wording import Text


@dataclass(frozen=True, slots=True)
class Measured:
    """A count held against a threshold."""

    threshold: Threshold
    count: int
    number: int

    @property
    def reached(self) -> bool:
        """Whether it is enough."""
        return self.threshold.reached(self.count, self.number)

    @property
    def needed(self) -> int:
        """The least count that would be enough."""
        return self.threshold.needed(self.number)


class RunOffKind(StrEnum):
    """Why there is another vote: a tie at the last seat, or seats nobody won."""

    TIE = "tie"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class RunOff:
    """Another vote is needed: for so many seats, among these names (all that remain, for a gap)."""

    kind: RunOffKind
    seats: int
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One name of the result: its votes, whether enough, whether elected."""

    name: str
    yes: int
    no: int
    abstain: int
    enough: bool
    elected: bool
    written_in: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a vote. `carried` is False whenever it was not; `void` when the vote itself does not count.

    `reasons` holds what stands against it, the most useful first; `words` explains the whole, line by line.
    `excellent` is, for an appraisal, how many may have the best grade.
    """

    rule: str
    title: Text
    day: date
    cited: Cited | None
    quorum: Measured | None
    majority: Measured | None
    carried: bool
    void: bool
    elected: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    run_off: RunOff | None = None
    excellent: int | None = None
    reasons: tuple[Refusal, ...] = ()
    words: tuple[Text, ...] = ()

    @property
    def quorum_reached(self) -> bool:
        """Whether enough voters were there; True where the rule asks for no quorum."""
        return self.quorum is None or self.quorum.reached

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(each.code for each in self.reasons)

    def told(self, language: str = "zh") -> str:
        """The explanation, a line for each step."""
        return "\n".join(each[language] for each in self.words)
