"""What is published, by kind: the sheet's wording, whether objections are taken, how long it must stay, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text

from .documents import Level, Source


class Reply(StrEnum):
    """What a reader of the board may answer: an objection is examined before the end, a comment only answered."""

    OBJECTION = "objection"
    COMMENT = "comment"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Publication:
    """One kind of notice or disclosure. `text` may name {name}, {branch}, {opens}, {closes}, {days} and nothing else.

    `places`: where else than on the board it must hang ("unit", "residence"); `mobile_places` when the person it is
    about works away.
    """

    id: str
    title: Text
    text: Text
    reply: Reply
    about_person: bool
    exclude_start_day: bool
    places: tuple[str, ...]
    mobile_places: tuple[str, ...]
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...]

    def least_on(self, day: date) -> int:
        """The working days a notice opened on the day must stay at least; 0 when no rule asks."""
        found = 0
        for since, number in self.rows:
            if since <= day:
                found = number
        return found
