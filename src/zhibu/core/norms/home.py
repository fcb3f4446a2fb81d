"""What the home of a branch has: one standard for all units, a room, a sign, a cabinet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.core.wording import Text

from .documents import Level, Source


@dataclass(frozen=True, slots=True)
class HomeItem:
    """One thing a branch has. `rows`: for how many days a look at it stands, dated. `keeper`: who is named for it."""

    id: str
    title: Text
    about: Text
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...]
    keeper: Text | None = None

    def stands_on(self, day: date) -> int:
        """For how many days a look on the day stands; 0 when no rule says, and it stands for ever."""
        found = 0
        for since, number in self.rows:
            if since <= day:
                found = number
        return found
