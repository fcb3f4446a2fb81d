"""Rows of the database as Arrow batches: through ADBC where it can see them, else through Django's cursor.

A file of SQLite is never opened by two SQLites in one process: ADBC's reads it in another.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from django.db import connection

from .needs import KNOWN, Need
from .refusals import ExtraMissingError

_ROWS_A_BATCH = 65_536
_CHILD = Path(__file__).with_name("reading_child.py")
# ADBC guesses the types of SQLite's columns from the first batch; a text column without any text would become a number
_ABSENT = "\x01"
_WIDTHS = {KNOWN: "int64", "key": "int64", "fen": "int64", "day": "int32", "int": "int32", "flag": "int8"}


def required(module: str) -> Any:
    """An optional package, or a refusal that says how to get it."""
    try:
        return import_module(module)
    except ImportError as missing:
        raise ExtraMissingError(module.partition(".")[0]) from missing


def schema_of(need: Need) -> Any:
    """The Arrow schema a table is exported in: days and counts in 32 bits, flags in 8, texts as texts."""
    arrow = required("pyarrow")
    return arrow.schema(
        [(name, getattr(arrow, _WIDTHS.get(kind, "string"))()) for name, kind in need.columns.items()]
    )


def columns_text(need: Need) -> str:
    """The columns of a SELECT, in the order of the schema."""
    return ", ".join(
        f"t.{name}" if kind in _WIDTHS else f"COALESCE(t.{name}, '{_ABSENT}') AS {name}"
        for name, kind in need.columns.items()
    )


class Source:
    """An open way to the rows; `batches` gives those of one query. Use `opened()`."""

    def __init__(self, read: Callable[[str], Iterator[Any]] | None) -> None:
        self._read = read

    def batches(self, need: Need, sql: str) -> Iterator[Any]:
        """Record batches of a query whose columns are `columns_text(need)`; the query carries its values itself."""
        arrow = required("pyarrow")
        schema = schema_of(need)
        for batch in self._read(sql) if self._read is not None else _through_cursor(need, sql):
            yield _fitted(arrow, batch, schema)


@contextmanager
def opened() -> Iterator[Source]:
    """A source of rows. Uncommitted rows and databases in memory are seen by Django's connection only."""
    name = str(connection.settings_dict["NAME"])
    lite = connection.vendor == "sqlite"
    if connection.in_atomic_block or (lite and (name == ":memory:" or "mode=memory" in name)):
        yield Source(None)
    elif lite:
        with _apart(name) as source:
            yield source
    else:
        driver = required("adbc_driver_postgresql.dbapi")
        with closing(driver.connect(_address())) as adbc:
            yield Source(lambda sql: _through_adbc(adbc, sql))


def _through_adbc(adbc: Any, sql: str) -> Iterator[Any]:
    with closing(adbc.cursor()) as cursor:
        cursor.execute(sql)
        yield from cursor.fetch_record_batch()


@contextmanager
def _apart(file: str) -> Iterator[Source]:
    """A file of SQLite, read by a process of its own: see reading_child."""
    required("adbc_driver_sqlite")
    ipc = required("pyarrow.ipc")
    command = [sys.executable, "-P", str(_CHILD), file, str(_ROWS_A_BATCH)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        asking, answering = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)

        def read(sql: str) -> Iterator[Any]:
            asking.write(json.dumps(sql).encode() + b"\n")
            asking.flush()
            with ipc.open_stream(answering) as found:
                yield from found

        try:
            yield Source(read)
        except BaseException:
            child.kill()
            raise


def _address() -> str:
    make_conninfo = required("psycopg.conninfo").make_conninfo
    given: Mapping[str, Any] = connection.get_connection_params()
    known = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    return str(make_conninfo(**{name: value for name, value in given.items() if name in known and value}))


def _through_cursor(need: Need, sql: str) -> Iterator[Any]:
    arrow = required("pyarrow")
    names = list(need.columns)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_ROWS_A_BATCH):
            columns = [arrow.array(column) for column in zip(*rows, strict=True)]
            yield arrow.RecordBatch.from_arrays(columns, names=names)


def _fitted(arrow: Any, batch: Any, schema: Any) -> Any:
    compute = required("pyarrow.compute")
    columns = []
    for field, column in zip(schema, batch.columns, strict=True):
        fitted = column.cast(field.type)
        if arrow.types.is_string(field.type):
            absent = compute.equal(fitted, _ABSENT)
            fitted = compute.if_else(absent, arrow.scalar(None, field.type), fitted)
        columns.append(fitted)
    return arrow.RecordBatch.from_arrays(columns, schema=schema)
