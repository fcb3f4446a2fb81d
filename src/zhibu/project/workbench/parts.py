"""The parts of a desk, each kept by the rooms whose rows it is read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps

from zhibu import record, rulebook
from zhibu.ui.language import current

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

from .lines import Waiting

Value = TypeVar("Value")
WITH = {"undertakings": ("pledges",)}
"""Rooms that write into the tables of another: a look at a zone is noted with the undertaking of its holder."""


@dataclass(frozen=True)
class Parts:
    """One actor's desk on a day: its parts are found again only after an act of their own rooms where the desk looks.

    Who has recorded a meeting waits for what comes of meetings, and not for everything else as well.
    """

    actor: Actor
    today: date
    places: record.Places | None = None
    """Where an act can change this desk; None for anywhere."""
    arrived: tuple[Waiting, ...] = ()
    """What came in without an act."""

    def __hash__(self) -> int:
        # asked a hundred times for one page; of mandates and places it takes longer than some of the parts
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.actor, self.today, self.places, self.arrived))

    def of(self, rooms: str, find: Callable[..., Value], *given: object) -> Value:
        """What `find` gives for these arguments.

        `rooms`: those of the tables it reads, by name and separated by blanks; the register, whose names and posts
        every part shows, need not be named. Arguments must be hashable; nothing else may change what is found.
        """
        return record.kept(
            (find.__module__, find.__qualname__, given, self, rulebook.load().digest, current()),
            lambda: find(*given),
            within=record.Rooms.of(*_whole(rooms), at=self.places),
        )


@lru_cache(maxsize=256)
def _whole(rooms: str) -> tuple[str, ...]:
    """The rooms with those that write into their tables, and the register."""
    named = rooms.split()
    return ("register", *named, *(each for name in named for each in WITH.get(name, ())))


def rooms_of_facts(book: Rulebook) -> str:
    """The rooms whose tables the facts of a rulebook are read from."""
    return _rooms_with(frozenset(each.table for each in book.tables.values()))


@lru_cache(maxsize=8)
def _rooms_with(tables: frozenset[str]) -> str:
    return " ".join(
        sorted({each._meta.app_label for each in apps.get_models() if each._meta.db_table in tables})
    )
