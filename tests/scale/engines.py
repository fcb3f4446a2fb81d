"""The three engines, each with the same rows in tables of plain integers and texts."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from zhibu.analytics.compiler import Compiled
from zhibu.analytics.placeholders import Style

Rows = Mapping[str, list[dict[str, Any]]]
Ask = Callable[[Compiled, Mapping[str, Any]], list[Any]]
TEXTS = {"path", "kind", "unit_type", "state", "stage", "standard", "part"}


def stored(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


def fill(execute: Any, rows: Rows, shape: Mapping[str, list[str]]) -> None:
    """Tables with the columns of `shape`, filled by one statement each."""
    for name, given in rows.items():
        columns = shape[name]
        kinds = ", ".join(f"{c} {'VARCHAR(80)' if c in TEXTS else 'BIGINT'}" for c in columns)
        execute(f"CREATE TABLE {name} ({kinds})")
        if given:
            listed = (", ".join(written(row[column]) for column in columns) for row in given)
            execute(f"INSERT INTO {name} VALUES {', '.join(f'({row})' for row in listed)}")


def written(value: Any) -> str:
    """A value of the made-up rows as SQL: none of them has a quotation mark."""
    return "NULL" if value is None else json.dumps(stored(value)).replace('"', "'")


def named(compiled: Compiled, binds: Mapping[str, Any]) -> dict[str, Any]:
    return {name: binds[name] for name in compiled.binds}


@contextmanager
def sqlite(rows: Rows, shape: Mapping[str, list[str]]) -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as engine:
        fill(engine.execute, rows, shape)
        yield lambda compiled, binds: engine.execute(
            compiled.texts[Style.COLON], named(compiled, binds)
        ).fetchall()


@contextmanager
def duckdb(rows: Rows, shape: Mapping[str, list[str]]) -> Iterator[Ask]:
    from zhibu.analytics.batch import connected

    with closing(connected()) as engine:
        fill(engine.execute, rows, shape)
        yield lambda compiled, binds: engine.execute(
            compiled.texts[Style.DOLLAR], named(compiled, binds)
        ).fetchall()


@contextmanager
def postgres(address: str, rows: Rows, shape: Mapping[str, list[str]]) -> Iterator[Ask]:
    import psycopg

    with psycopg.connect(address) as engine, engine.cursor() as cursor:
        cursor.execute("CREATE SCHEMA parity")
        cursor.execute("SET search_path = parity")
        cursor.execute("SET jit = off")
        fill(cursor.execute, rows, shape)
        yield lambda compiled, binds: cursor.execute(
            compiled.texts[Style.PYFORMAT], named(compiled, binds)
        ).fetchall()
        engine.rollback()
