"""Many rows at once: plain INSERTs with every column named, for the demo's half million rows."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK = 5000


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as database values in the order of ``names`` (field attnames).

    Columns not named get the field's default. Day fields take ordinals. Returns the row count.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = {
        name: field.get_db_prep_save(field.get_default(), connection)
        for name, field in fields.items()
        if name not in names and not field.primary_key
    }
    columns = [str(fields[name].column) for name in (*names, *rest)]
    tail = tuple(rest.values())
    moments = [
        place
        for place, name in enumerate(names)
        if isinstance(fields[name], models.DateTimeField | models.TimeField)
    ]
    if moments and connection.vendor == "sqlite":
        rows = (_adapted(row, moments) for row in rows)
    if connection.vendor == "postgresql":
        # a column of 0 and 1 takes no "f", and a yes-or-no column takes a 0
        plain = (
            tuple(int(each) if isinstance(each, bool) else each for each in (*row, *tail)) for row in rows
        )
        return _copy(model._meta.db_table, columns, plain)
    marks = ", ".join(["%s"] * len(columns))
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({marks})"
    count = 0
    chunk: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for row in rows:
            chunk.append(tuple(row) + tail)
            if len(chunk) == CHUNK:
                cursor.executemany(sql, chunk)
                count += len(chunk)
                chunk.clear()
        if chunk:
            cursor.executemany(sql, chunk)
            count += len(chunk)
    return count


def _adapted(row: Sequence[Any], moments: Sequence[int]) -> list[Any]:
    """A row with its instants and times as SQLite keeps them."""
    kept = list(row)
    for place in moments:
        value = kept[place]
        if isinstance(value, datetime):
            kept[place] = connection.ops.adapt_datetimefield_value(value)
        elif isinstance(value, time):
            kept[place] = connection.ops.adapt_timefield_value(value)
    return kept


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """The same through PostgreSQL's COPY."""
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def reset_sequences(models_used: Iterable[type[models.Model]]) -> None:
    """Let the next row made by hand get a free key after rows came in with keys of their own."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(models_used))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def learn() -> None:
    """Let PostgreSQL count what came in: its own counting sees nothing of a transaction before it ends.

    Without it, tables that were emptied earlier are taken for empty still, and half a minute becomes eight.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
