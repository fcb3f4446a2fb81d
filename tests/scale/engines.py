"""The three engines, each with the same rows in tables of plain integers and texts."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from typing import Any

from zhibu.analytics.compiler import Compiled
from zhibu.analytics.placeholders import Style

Rows = Mapping[str, list[dict[str, Any]]]
TEXTS = {"path", "kind", "unit_type", "state", "stage", "standard", "part"}


def stored(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


def columns_of(rows: list[dict[str, Any]], name: str) -> list[str]:
    return list(rows[0]) if rows else ["id"]


def fill(execute: Any, insert: Any, rows: Rows, mark: str, columns: Mapping[str, list[str]]) -> None:
    for name, given in rows.items():
        kinds = ", ".join(f"{c} {'VARCHAR(80)' if c in TEXTS else 'BIGINT'}" for c in columns[name])
        execute(f"CREATE TABLE {name} ({kinds})")
        if given:
            marks = ", ".join([mark] * len(columns[name]))
            insert(
                f"INSERT INTO {name} VALUES ({marks})",
                [[stored(row[c]) for c in columns[name]] for row in given],
            )


def on_sqlite(
    rows: Rows, columns: Mapping[str, list[str]], compiled: Compiled, binds: Mapping[str, Any]
) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as engine:
        fill(engine.execute, engine.executemany, rows, "?", columns)
        return engine.execute(
            compiled.texts[Style.COLON], {name: binds[name] for name in compiled.binds}
        ).fetchall()


def on_duckdb(
    rows: Rows, columns: Mapping[str, list[str]], compiled: Compiled, binds: Mapping[str, Any]
) -> list[Any]:
    import duckdb

    with closing(duckdb.connect(":memory:")) as engine:
        fill(engine.execute, engine.executemany, rows, "?", columns)
        return engine.execute(
            compiled.texts[Style.DOLLAR], {name: binds[name] for name in compiled.binds}
        ).fetchall()


def on_postgres(
    address: str, rows: Rows, columns: Mapping[str, list[str]], compiled: Compiled, binds: Mapping[str, Any]
) -> list[Any]:
    import psycopg

    with psycopg.connect(address) as engine, engine.cursor() as cursor:
        cursor.execute("CREATE SCHEMA parity")
        cursor.execute("SET search_path = parity")
        fill(cursor.execute, cursor.executemany, rows, "%s", columns)
        cursor.execute(compiled.texts[Style.PYFORMAT], {name: binds[name] for name in compiled.binds})
        found = cursor.fetchall()
        engine.rollback()
        return found
