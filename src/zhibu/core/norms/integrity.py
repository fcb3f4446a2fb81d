"""The yearly promise on integrity and the list of duties: what is promised by whom until when, and who answers for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text

from .documents import Level, Source


class Signers(StrEnum):
    """Who signs the yearly promise: those with a seat in the committee, or every member."""

    COMMITTEE = "committee"
    MEMBERS = "members"


class Every(StrEnum):
    """How often a duty is answered for."""

    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PromiseLetter:
    """The letter of a year. `rows`: by which day of the year it is signed (month times a hundred plus day), dated."""

    title: Text
    words: Text
    signed_by: Signers
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...]

    def sign_by(self, year: int) -> date:
        """The day by which the letter of a year is signed; the last of the year when no rule says."""
        found = 1231
        for since, number in self.rows:
            if since <= date(year, 1, 1):
                found = number
        return date(year, found // 100, found % 100)


@dataclass(frozen=True, slots=True)
class IntegrityDuty:
    """A line of the list of duties. `posts`: who answers for it, the first post that is held."""

    id: str
    title: Text
    posts: tuple[str, ...]
    every: Every
    level: Level
    sources: tuple[Source, ...]
    verified: bool

    def days(self, year: int) -> tuple[date, ...]:
        """The days of a year by which it is answered for."""
        halves = (date(year, 6, 30),) if self.every is Every.HALF_YEAR else ()
        return (*halves, date(year, 12, 31))
