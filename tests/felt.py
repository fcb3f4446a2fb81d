"""Watches where acts write: what `record.kept` relies on, held while all tests of the rooms run.

A sum of a place is kept until an act is recorded above it, at it or below it; one of a room until an act of the room is
recorded. So every row an act writes must be of an organisation in whose chain (or above or below it) the act has an
entry, and in a table of a room whose act it is. Triggers of SQLite note each row; an act is judged when its transaction
ends.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.transaction import Atomic

ELSEWHERE = {
    "zb_attendance.person_id": "asked for: life.queries.missed.attended_at",
    "zb_dues_posting.person_id": "asked for: dues.queries.balances.charged_at",
    "zb_undertaking.owner_id": "asked for: undertakings.queries.waiting.undertaken_at",
    "zb_undertaking_helper.person_id": "asked for: undertakings.queries.waiting.undertaken_at",
    "zb_undertaking.keeper_id": "whoever sets a task from above sees it by a mandate over the branch",
    "zb_invitation.person_id": "where one is told to come is asked at every look: life.queries.invited.invited_at",
    "zb_talk.talker_id": "no desk tells of talks one held",
    "zb_case.person_id": "no desk tells a person of the own case",
    "zb_organisation.parent_id": "places are asked for at every look, and these themselves are other ones now",
    "zb_placement.parent_id": "as above",
}
"""Columns whose organisation or person may be of another place, and why nothing kept is wrong then."""

MOVED_AWAY = frozenset({"zb_result"})
"""Rows that an act removes of a branch which was moved under another superior since."""

ANOTHERS = {
    (
        "pledges",
        "zb_undertaking",
    ): "a look at a zone is noted with the undertaking of its holder; its readers know",
    ("pledges", "zb_undertaking_step"): "as above",
    ("letters", "zb_board"): "an empty board, made when it is first needed",
    ("*", "zb_text"): "the words of anything, for the search; nothing kept comes of them",
}
"""(room of the act, table of another room), and why nothing kept is wrong then."""


class Row(NamedTuple):
    """A row as a trigger saw it: one for each column that names an organisation or a person."""

    table: str
    event: str
    column: str
    of: str
    key: int


class Mine(threading.local):
    """What one thread is in the middle of: its open transactions, outermost or not, and the acts in them."""

    def __init__(self) -> None:
        self.open: list[bool] = []
        self.acts: list[tuple[str, int]] = []


class Watch:
    """What acts wrote where they have no entry; `found` is emptied by whoever reads it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._columns = _columns()
        self._room = {model._meta.db_table: model._meta.app_label for model in apps.get_models()}
        self._mine = Mine()

    def install(self) -> None:
        """Triggers on every table, for this connection alone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE IF NOT EXISTS felt (n INTEGER PRIMARY KEY, t TEXT, e TEXT, c TEXT, o TEXT, k INTEGER)"
            )
            for table, columns in self._columns.items():
                for event, sides in (("insert", ("NEW",)), ("update", ("NEW", "OLD")), ("delete", ("OLD",))):
                    notes = "".join(
                        f"INSERT INTO felt (t, e, c, o, k) SELECT '{table}', '{event}', '{column}', '{of}', {side}.{column}"
                        f" WHERE {side}.{column} IS NOT NULL;"
                        for column, of in columns
                        for side in sides
                    )
                    cursor.execute(
                        f"CREATE TEMP TRIGGER IF NOT EXISTS felt_{table}_{event} AFTER {event} ON main.{table} BEGIN {notes} END"
                    )

    def remove(self) -> None:
        """The triggers again, and what they noted."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_temp_master WHERE type = 'trigger' AND name LIKE 'felt_%%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("DROP TABLE IF EXISTS felt")

    @contextmanager
    def watching(self, monkeypatch: Any) -> Iterator[None]:
        """While open, each outermost transaction with an act in it is judged at its end."""
        from zhibu.record import writing

        enter, leave, write = Atomic.__enter__, Atomic.__exit__, writing.write_many

        def entered(atomic: Any) -> None:
            enter(atomic)
            outermost = not any(self._mine.open) and not getattr(atomic, "_from_testcase", False)
            if outermost and _has_notes():
                _forget()
            self._mine.open.append(outermost)

        def left(atomic: Any, kind: Any, error: Any, trace: Any) -> None:
            outermost = self._mine.open.pop() if self._mine.open else False
            acts = self._mine.acts
            if outermost:
                self._mine.acts = []
            try:
                # what is taken back was never written
                if outermost and kind is None and acts and not connection.needs_rollback and _has_notes():
                    self._judge(acts)
            finally:
                leave(atomic, kind, error, trace)

        def written(drafts: Any) -> Any:
            drafts = list(drafts)
            self._mine.acts += [(draft.act, writing._chain(draft.organisation)) for draft in drafts]
            return write(drafts)

        with monkeypatch.context() as patch:
            patch.setattr(Atomic, "__enter__", entered)
            patch.setattr(Atomic, "__exit__", left)
            for module in _holders(write):
                patch.setattr(module, "write_many", written)
            yield

    def _judge(self, written: list[tuple[str, int]]) -> None:
        """Every row has an act of a room that may write it, felt where the row is of: not one of each, but one of both."""
        acts = "+".join(sorted({act for act, _chain in written}))
        paths, homes = _paths(), _homes()
        chains: dict[str, set[str]] = defaultdict(set)
        for act, chain in written:
            chains[act.partition(".")[0]].update({paths[chain]} if chain in paths else ())
        placed = any(chains.values())
        for row in _noted():
            room = self._room[row.table]
            if room == "register" and "register" not in chains:
                continue  # people and branches that the test itself put there
            by = [
                each
                for each in chains
                if each == room or {(each, row.table), ("*", row.table)} & ANOTHERS.keys()
            ]
            if not by:
                self.found.append(f"{acts} {row.event}s {row.table}: no act of the room {room}")
            if not by or not placed or f"{row.table}.{row.column}" in ELSEWHERE:
                continue  # accounts and addresses of persons stand in the chain of the installation
            if row.event == "delete" and row.table in MOVED_AWAY:
                continue
            felt = {chain for each in by for chain in chains[each]}
            for place in {row.key} if row.of == "organisation" else homes.get(row.key, set()):
                path = paths.get(place, "")
                if path and not any(path.startswith(chain) or chain.startswith(path) for chain in felt):
                    self.found.append(
                        f"{acts} {row.event}s {row.table}.{row.column} of a place without an entry of {room}"
                    )


def _columns() -> dict[str, list[tuple[str, str]]]:
    """Table -> its columns that name an organisation or a person."""
    from zhibu.register.models import Organisation, Person

    of = {Organisation: "organisation", Person: "person"}
    found = {}
    for model in apps.get_models():
        if not model.__module__.startswith("zhibu.") or model._meta.app_label == "record":
            continue
        columns = [
            (str(field.column), of[field.related_model])
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in of
        ]
        if model in of:
            columns.append(("id", of[model]))
        if model._meta.managed and columns:
            found[model._meta.db_table] = columns
    return found


def _holders(function: Any) -> list[Any]:
    import sys

    return [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("zhibu.") and module.__dict__.get("write_many") is function
    ]


def _has_notes() -> bool:
    """Whether this connection has the triggers: one that another thread opened has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'felt'")
        return cursor.fetchone() is not None


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM felt")


def _noted() -> set[Row]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t, e, c, o, k FROM felt")
        return {Row(*row) for row in cursor.fetchall()}


def _paths() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, path FROM zb_organisation")
        return dict(cursor.fetchall())


def _homes() -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, organisation_id FROM zb_membership WHERE until IS NULL")
        for person, organisation in cursor.fetchall():
            found[person].add(organisation)
    return found
