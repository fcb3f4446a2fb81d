"""Kinds of meeting as data: who is expected, how many must come, what is entered, written and needed at the close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .documents import Level, Source


class Expects(StrEnum):
    """Whose roll a meeting is held with; the list is closed, another circle of people is code."""

    MEMBERS = "members"
    COMMITTEE = "committee"
    GROUP = "group"
    MEMBERS_AND_ACTIVISTS = "members_and_activists"


class GivenKind(StrEnum):
    """What is entered in a field of a meeting. `lines`: a list, one entry to a line."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    PERSON = "person"
    PEOPLE = "people"
    LINES = "lines"


class Kept(StrEnum):
    """Records of their own that a meeting may need before its minutes are closed; the list is closed."""

    AGENDA = "agenda"
    MINUTES = "minutes"
    RESOLUTION = "resolution"
    ATTACHMENT = "attachment"
    TALKS = "talks"


@dataclass(frozen=True, slots=True)
class Given:
    """A field of a meeting; `needed` says how strongly it is asked for when the minutes are closed."""

    id: str
    title: Text
    kind: GivenKind
    needed: Force | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A record needed before the close; `within_days` before the meeting, where the record has a day of its own."""

    record: Kept
    force: Force
    because: Text
    within_days: int = 0


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item such meetings usually have."""

    title: Text
    tag: str


@dataclass(frozen=True, slots=True)
class SessionKind:
    """One kind of meeting. `vote` names the rule of votes/ its quorum and decisions are judged by.

    `study`: its length counts as study. `least`: dated rows of how many people must be there for it to count as one.
    `names`: what else ledgers call it. `stages`: the field whose choices are gone through one after another.
    `collects`: the field whose lines members send beforehand, from the notice until the meeting is held.
    """

    id: str
    title: Text
    short: Text
    expects: Expects
    order: int
    vote: str
    study: bool
    stages: str
    names: tuple[str, ...]
    fields: tuple[Given, ...]
    agenda: tuple[AgendaLine, ...]
    minutes: Text | None
    needs: tuple[Need, ...]
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...] = ()
    layer: str = ""
    collects: str = ""

    def least_on(self, day: date) -> int:
        """How many people must be there for a meeting on the day; 0 when no rule asks."""
        found = 0
        for since, number in self.rows:
            if since <= day:
                found = number
        return found

    def given(self, name: str) -> Given:
        """The field with this id. Raises KeyError."""
        for each in self.fields:
            if each.id == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is entered of an agenda item of a tag; `votes`: the rule it is decided by, where not that of the meeting."""

    tag: str
    title: Text
    kinds: tuple[str, ...]
    votes: Mapping[str, str]
    fields: tuple[Given, ...]
    sources: tuple[Source, ...]
