"""Rows of the database as Arrow batches: through ADBC where it can see them, else through Django's cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

from .needs import KNOWN, Need
from .refusals import ExtraMissingError

_ROWS_A_BATCH = 65_536
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

    def __init__(self, adbc: Any | None) -> None:
        self._adbc = adbc

    def batches(self, need: Need, sql: str) -> Iterator[Any]:
        """Record batches of a query whose columns are `columns_text(need)`; the query carries its values itself."""
        arrow = required("pyarrow")
        schema = schema_of(need)
        found = self._through_adbc(sql) if self._adbc is not None else _through_cursor(need, sql)
        for batch in found:
            yield _fitted(arrow, batch, schema)

    def _through_adbc(self, sql: str) -> Iterator[Any]:
        if self._adbc is None:
            raise ExtraMissingError("adbc_driver_manager")
        with closing(self._adbc.cursor()) as cursor:
            if connection.vendor == "sqlite":
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_ROWS_A_BATCH)})
            cursor.execute(sql)
            yield from cursor.fetch_record_batch()


@contextmanager
def opened() -> Iterator[Source]:
    """A source of rows. Uncommitted rows and databases in memory are seen by Django's connection only."""
    address = _address()
    if address is None:
        yield Source(None)
        return
    driver = required(
        "adbc_driver_sqlite.dbapi" if connection.vendor == "sqlite" else "adbc_driver_postgresql.dbapi"
    )
    with closing(driver.connect(address)) as adbc:
        yield Source(adbc)


def _address() -> str | None:
    if connection.in_atomic_block:
        return None
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        name = str(settings["NAME"])
        return None if name == ":memory:" or "mode=memory" in name else f"file:{name}?mode=ro"
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
