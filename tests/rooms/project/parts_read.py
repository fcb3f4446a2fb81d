"""Which tables the parts of a desk are read from, beside the rooms they say they are kept by."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import connection

from tests.felt import ANOTHERS
from zhibu.project.workbench import parts


def watched(monkeypatch: Any) -> list[str]:
    """From now on: every part that reads a table which an act of a room it does not name may change."""
    room_of = {model._meta.db_table: model._meta.app_label for model in apps.get_models()}
    # a room that writes into tables of another must be named by who reads these
    writers = {table: {room for room, each in ANOTHERS if each == table} for table in room_of}
    found: list[str] = []

    def of(self: Any, rooms: str, find: Any, *given: object) -> Any:
        read: set[str] = set()

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            read.update(each for each in re.findall(r"\bzb_\w+", sql) if each in room_of)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            value = find(*given)
        named = set(parts._whole(rooms))
        wanted = {room_of[table] for table in read}.union(*(writers[table] for table in read)) - {
            "record",
            "*",
        }
        found.extend(f"{find.__qualname__} is read from {room}" for room in sorted(wanted - named))
        return value

    monkeypatch.setattr(parts.Parts, "of", of)
    return found
