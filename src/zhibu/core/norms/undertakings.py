"""Kinds of undertaking: who may open one, who confirms its end by what evidence, who sees it, by when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text

from .documents import Level, Source


class Opener(StrEnum):
    """Who opens one: the branch, the superior, or the owner alone."""

    BRANCH = "branch"
    SUPERIOR = "superior"
    OWNER = "owner"


class Closer(StrEnum):
    """Who confirms that it is done. Whoever did it never does, unless the kind says so."""

    BRANCH = "branch"
    SUPERIOR = "superior"
    OWNER = "owner"


class Proof(StrEnum):
    """What is shown with "done": what came of it in words, or a file beside the words."""

    WORDS = "words"
    FILE = "file"


class Sight(StrEnum):
    """Who sees it: the branch, its committee, the persons concerned, or everyone on the public board."""

    BRANCH = "branch"
    COMMITTEE = "committee"
    PERSONS = "persons"
    PUBLIC = "public"


class Area(StrEnum):
    """What a kind belongs to, where there are too many kinds for one row."""

    DECISIONS = "decisions"
    WORK = "work"
    MEMBERS = "members"
    MASSES = "masses"
    INTEGRITY = "integrity"


@dataclass(frozen=True, slots=True)
class UndertakingKind:
    """One kind. `meetings`: kinds of meeting whose next agenda an overdue one is proposed for.

    `lists`: fields of meetings each line of which becomes one of this kind; `reports`: fields in which the next meeting
    is told what came of those.
    `standing`: it runs until it is ended, is never done, and nobody is reminded of it (an area somebody answers for).
    `answers_problem`: it begins from a problem that is written down with it. `about_person`: it concerns someone.
    `lapses`: it is over with its day: nobody is reminded, it is never late and never reported done (a promise of a year).
    `claimed`: it stands open until someone of the branch claims it. `closing`: what whoever confirms it writes with that.
    `agreed`: nothing is done before whom it concerns agrees. `alone`: its owner has no helpers. `kept`: it is deleted so
    many days after it ended, or after the day it was due; it takes no files. `outside`: it may concern somebody who is not
    of the register, of whom what the branch calls them is kept; such a kind is always deleted after a time.
    `area`: which row of kinds it stands in. `asks` and `result`: what its form calls the thing to do and what came of it.
    `leads_to`: the kinds one begins from it in one step.
    """

    id: str
    title: Text
    about: Text
    opened_by: tuple[Opener, ...]
    closed_by: Closer
    proof: Proof
    sight: Sight
    due_needed: bool
    answers_problem: bool
    about_person: bool
    meetings: tuple[str, ...]
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    rows: tuple[tuple[date, int], ...]
    # a rulebook kept by an earlier version says nothing of what follows
    standing: bool = False
    lists: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    claimed: bool = False
    closing: Text | None = None
    agreed: bool = False
    alone: bool = False
    kept: tuple[tuple[date, int], ...] = ()
    lapses: bool = False
    outside: bool = False
    area: Area = Area.DECISIONS
    asks: Text | None = None
    result: Text | None = None
    leads_to: tuple[str, ...] = ()

    def days_on(self, day: date) -> int:
        """The days a term has by default when it is opened on the day; 0 when no rule says."""
        return _in_force(self.rows, day)

    def kept_on(self, day: date) -> int:
        """For how many days it is kept after its end; 0: it stays."""
        return _in_force(self.kept, day)


def _in_force(rows: tuple[tuple[date, int], ...], day: date) -> int:
    found = 0
    for since, number in rows:
        if since <= day:
            found = number
    return found
