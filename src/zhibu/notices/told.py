"""What acts and queries of this room tell each other and the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a notice was opened for: a row of a room above, and the step of it; kept as values."""

    table: str
    id: int
    step: str = ""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """How a notice ended that hung on paper only, as whoever hung it says."""

    result: str
    objections: int = 0
    affects: bool = False


class Phase(StrEnum):
    """Where a notice stands on a day."""

    PLANNED = "planned"
    OPEN = "open"
    OVER = "over"
    OBJECTIONS_OPEN = "objections_open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice on a day, as a procedure needs it. `earliest_last_day` is the last day of the shortest lawful window."""

    notice: int
    phase: Phase
    opens_on: date
    closes_on: date
    working_days: int
    least: int
    earliest_last_day: date
    provisional: bool
    objections: int
    objections_unanswered: int
    places_missing: tuple[str, ...]
    outcome: str
    result_on: date | None

    @property
    def long_enough(self) -> bool:
        """Whether the window has the working days its rule asks."""
        return self.working_days >= self.least

    @property
    def passed(self) -> bool:
        """Closed with a result that does not change what was published, after a window long enough, at every place."""
        return (
            self.phase is Phase.CLOSED
            and self.outcome != "affected"
            and self.long_enough
            and not self.places_missing
        )
