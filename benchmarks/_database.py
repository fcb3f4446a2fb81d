# ruff: noqa: S608 - a benchmark writes SQL from its own constants
"""A database of Django's in the benchmark's home, filled with made-up records."""

from datetime import UTC, datetime
from typing import Any

import django

from benchmarks import _records

_FILL = {"CharField": "", "TextField": "", "DateTimeField": datetime(2026, 1, 1, tzinfo=UTC)}


def prepare() -> None:
    """Django set up, and every table there without running migrations."""
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)


def fill(engine: Any) -> int:
    """Copy the tables of a DuckDB connection into Django's database; number of rows."""
    from django.apps import apps
    from django.db import connection

    models = {model._meta.db_table: model for model in apps.get_models()}
    rows = 0
    with connection.cursor() as cursor:
        # persons and superiors of meetings are left out: no fact reads them
        unchecked = {
            "sqlite": "PRAGMA foreign_keys = OFF",
            "postgresql": "SET session_replication_role = replica",
        }
        cursor.execute(unchecked[connection.vendor])
        cursor.execute("BEGIN")
        for name in _records.TABLES:
            given = engine.execute(f"SELECT * FROM {name}")
            columns = [each[0] for each in given.description]
            constants = _constants(models[name], set(columns))
            listed = ", ".join([*columns, *constants])
            marks = ", ".join(["%s"] * (len(columns) + len(constants)))
            values = given.fetchall()
            tail = tuple(constants.values())
            _insert(
                cursor,
                name,
                f"INSERT INTO {name} ({listed}) VALUES ({marks})",
                [(*row, *tail) for row in values],
                columns,
            )
            rows += len(values)
        cursor.execute("COMMIT")
        cursor.execute("ANALYZE")
    return rows


def _insert(cursor: Any, name: str, text: str, rows: list[tuple[Any, ...]], columns: list[str]) -> None:
    if name == "zb_organisation":
        # codes and names must differ
        text = text.replace("(id,", "(code, name, id,").replace("VALUES (", "VALUES (%s, %s, ")
        rows = [(str(row[0]), f"支部 {row[0]}", *row) for row in rows]
    cursor.executemany(text, rows)


def _constants(model: Any, given: set[str]) -> dict[str, Any]:
    """Values for the columns the records leave out and the database demands."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.column in given or field.null or field.primary_key or field.column in {"code", "name"}:
            continue
        if field.has_default():
            found[field.column] = field.get_default()
        else:
            found[field.column] = _FILL.get(field.get_internal_type(), 1)
    return found
