"""Letters to an organisation, by kind: who may write one, who reads it, by when it is answered, whether it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text

from .documents import Level, Source


class Handling(StrEnum):
    """Which act answers a letter; whoever may do the act may read the letter, and nobody else."""

    OPENLY = "answer_letter"
    IN_CONFIDENCE = "answer_complaint"


@dataclass(frozen=True, slots=True)
class LetterRule:
    """One kind of letter. `publishable`: question and answer may be published, worded anew and without names.

    `to_superior`: it goes past the organisation at whose door it is handed in, to the one above.
    `register`: it is taken up, adopted or not, and followed to its benefit.
    """

    id: str
    title: Text
    door: Text
    handling: Handling
    from_public: bool
    publishable: bool
    to_superior: bool
    register: bool
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...]

    def answer_days(self, day: date) -> int:
        """The working days in which one received on the day is answered."""
        found = self.rows[0][1] if self.rows else 0
        for since, number in self.rows:
            if since <= day:
                found = number
        return found
