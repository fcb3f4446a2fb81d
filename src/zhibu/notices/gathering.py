"""What rooms above tell on the public board besides notices: each gives its lines at this door, the board knows none of them.

A provider is asked for one organisation and one day, and answers with what stands there on that day: windows are its own
to keep, what has ended is not given. Words are those already public elsewhere, without anything more of a person. Pages
are made anew when the record grows, so whatever a provider tells must change by an act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from zhibu import rulebook
from zhibu.notices.models import Board


class Heading(StrEnum):
    """Under which heading of the board a line stands."""

    RESULTS = "results"
    ANSWERS = "answers"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Told:
    """A line: what, since when, until when, and where it is read in full ("" when the line is all there is)."""

    heading: Heading
    title: str
    kind: str
    since: date
    until: date
    url: str = ""

    @property
    def name(self) -> str:
        """What tells it from others in the feed: from the line itself, so nothing of a number of ours is in it."""
        return sha256(f"{self.heading}|{self.since.isoformat()}|{self.title}".encode()).hexdigest()[:16]


Provider = Callable[[Board, date], Iterable[Told]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let a room above tell something; called once, when the room is made ready."""
    if provider not in _providers:
        _providers.append(provider)


def told_on(board: Board, today: date) -> list[Told]:
    """What every room tells on the board of an organisation on a day, newest first under each heading."""
    found = [each for provider in _providers for each in provider(board, today)]
    found = [each for each in found if each.since <= today <= each.until]
    return sorted(
        found, key=lambda each: (list(Heading).index(each.heading), -each.since.toordinal(), each.title)
    )


def days_shown(name: str, day: date) -> int:
    """For how many days the board tells such a line: a number of notices.yaml."""
    return rulebook.load().limit(f"notices.{name}", day) or 0
