"""Django's `flush`, for tests only: an installation keeps its record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections
from django.test import utils


class Command(Flush):
    """Empty all tables between two test cases.

    The triggers of append-only tables (of every room) are put aside meanwhile; nothing else in the platform can do so.
    """

    def handle(self, **options: Any) -> None:
        # Django has no public word for "set_up_test_environment was called"
        if not hasattr(utils._TestState, "saved_data"):  # noqa: SLF001
            raise CommandError(
                "This database keeps an append-only record and is not emptied. Move it away instead."
            )
        with _without_triggers(options["database"]):
            super().handle(**options)


@contextmanager
def _without_triggers(alias: str) -> Iterator[None]:
    connection = connections[alias]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute(
                "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
            )
            tables = [connection.ops.quote_name(row[0]) for row in cursor.fetchall()]
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _sql in triggers]
            after = [sql for _name, sql in triggers]
        for statement in before:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in after:
                cursor.execute(statement)
