"""A PostgreSQL database into a backup and out of it, by COPY: no other program is needed, of no other version.

A backup made from SQLite goes in as well: its rows are written as the columns here ask for. The other way does not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhibu.project.spoken import BAD_DATA, REFUSED, Fault
from zhibu.record import past

from .archive import Manifest, Reader, Writer
from .places import DATABASE, SESSIONS

COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
SEQUENCES = """
SELECT t.relname || '.' || a.attname, s.oid::regclass::text FROM pg_class s
JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE s.relkind = 'S' AND n.nspname = current_schema() ORDER BY 1
"""


def member(table: str) -> str:
    """Where a table lies in the archive."""
    return f"{DATABASE}/{table}.copy"


# ------------------------------------------------------------------------------------------- out
def dump(writer: Writer, manifest: Manifest) -> None:
    """Write every table as it is at one moment. Rows hidden by row security raise an error, never leave a gap."""
    own = connection.copy()
    try:
        with transaction_of(own) as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL row_security = off")
            cursor.execute("SET LOCAL TimeZone = 'UTC'")
            for table in _column(cursor, TABLES):
                columns = [name for name, _type in _rows(cursor, COLUMNS, [quoted(table)])]
                manifest.columns[table] = columns
                manifest.rows[table] = _copy_out(cursor, writer, table, columns)
            manifest.migrations = [
                list(row) for row in _rows(cursor, "SELECT app, name FROM django_migrations ORDER BY id")
            ]
            for place, sequence in _rows(cursor, SEQUENCES):
                cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - a name from the catalogue
                manifest.sequences[place] = list(cursor.fetchone())
    finally:
        own.close()


def transaction_of(own: Any) -> Any:
    """A cursor in a transaction of a connection of our own."""
    own.ensure_connection()
    own.connection.autocommit = False
    return own.connection.cursor()


def _copy_out(cursor: Any, writer: Writer, table: str, columns: list[str]) -> int:
    where = " WHERE false" if table in SESSIONS else ""
    text = f"COPY (SELECT {listed(columns)} FROM {quoted(table)}{where}) TO STDOUT"  # noqa: S608 - names from the catalogue
    count = 0
    with writer.writing(member(table)) as put, cursor.copy(text) as copy:
        for chunk in copy:
            # a line break within a value is written \\n, so every line is one row
            count += bytes(chunk).count(b"\n")
            put(chunk)
    return count


# ------------------------------------------------------------------------------------------- in
def tables() -> list[str]:
    """The tables of the database the installation uses."""
    with connection.cursor() as cursor:
        return _column(cursor, TABLES)


def load(reader: Reader, database: Path | None = None) -> None:
    """Make the tables as they were and fill them, within the caller's transaction. Raises Fault.

    `database` is the unpacked SQLite file of a backup made from SQLite.
    """
    manifest = reader.manifest
    if tables():
        raise Fault(
            "database_not_empty",
            "数据库里已有表",
            "新建一个空数据库，改 ZHIBU_DATABASE_URL 指向它",
            exit_code=REFUSED,
        )
    migrate_as(manifest)
    past.establish(connection)
    with connection.cursor() as cursor:
        here = set(_column(cursor, TABLES))
        if here != set(manifest.rows):
            other = "、".join(sorted(here ^ set(manifest.rows)))
            raise Fault(
                "tables_differ", f"备份与本版本的表不同：{other}", "用制作它的版本恢复", exit_code=REFUSED
            )
        for table in sorted(here):
            cursor.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - what migrations wrote is in the backup too
        if database is None:
            _copy_in(cursor, reader)
            sequences = {place: (last, used) for place, (last, used) in manifest.sequences.items()}
        else:
            sequences = _bring_over(cursor, database, manifest)
        _set_sequences(cursor, sequences)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _compare(cursor, manifest)


def migrate_as(manifest: Manifest) -> None:
    """Bring the schema to where the backup's was."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    had = {(app, name) for app, name in manifest.migrations} & set(graph.nodes)
    last = [
        node
        for node in sorted(had)
        if not any(child.key in had and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]
    executor.migrate(last)


def refuse_if_unknown(manifest: Manifest, known: set[tuple[str, str]]) -> None:
    """Refuse a backup of a later version."""
    unknown = sorted({(app, name) for app, name in manifest.migrations} - known)
    if unknown:
        told = "、".join(f"{app}.{name}" for app, name in unknown[:3])
        raise Fault(
            "backup_newer", f"备份由更新的版本（{manifest.zhibu}）制作：{told}", f"安装 zhibu {manifest.zhibu} 后再恢复",
            exit_code=REFUSED,
        )  # fmt: skip


def _copy_in(cursor: Any, reader: Reader) -> None:
    for table, columns in reader.manifest.columns.items():
        with cursor.copy(f"COPY {quoted(table)} ({listed(columns)}) FROM STDIN") as copy:
            for chunk in reader.chunks(member(table)):
                copy.write(chunk)


def _bring_over(cursor: Any, file: Path, manifest: Manifest) -> dict[str, tuple[int, bool]]:
    """Rows of a SQLite database as PostgreSQL's columns want them; the numbers given out so far, by column."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
        for table in sorted(manifest.rows):
            columns = _rows(cursor, COLUMNS, [quoted(table)])
            names = [name for name, _type in columns]
            tellers = [_teller(kind) for _name, kind in columns]
            with cursor.copy(f"COPY {quoted(table)} ({listed(names)}) FROM STDIN") as copy:
                for row in source.execute(f"SELECT {listed(names)} FROM {quoted(table)}"):  # noqa: S608 - names from the catalogue
                    copy.write_row(
                        [
                            None if value is None else tell(value)
                            for tell, value in zip(tellers, row, strict=True)
                        ]
                    )
        given = dict(source.execute("SELECT name, seq FROM sqlite_sequence"))
    return {place: (given[table], True) for place, table in _numbered(cursor) if given.get(table)}


def _numbered(cursor: Any) -> Iterator[tuple[str, str]]:
    for place, _sequence in _rows(cursor, SEQUENCES):
        yield place, place.partition(".")[0]


def _teller(kind: str) -> Callable[[Any], Any]:
    """How a value SQLite keeps is written for a column of this type."""
    if kind == "boolean":
        return bool
    if kind == "timestamp with time zone":
        # Django keeps instants in SQLite as UTC without saying so
        return lambda value: f"{value}+00"
    return lambda value: value


def _set_sequences(cursor: Any, given: dict[str, tuple[int, bool]]) -> None:
    """Go on counting where it was left: a number once given is never given again, even if its row was deleted."""
    names = dict(_rows(cursor, SEQUENCES))
    for place, (last, used) in given.items():
        if place in names:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [names[place], last, used])


def _compare(cursor: Any, manifest: Manifest) -> None:
    for table, rows in manifest.rows.items():
        cursor.execute(f"SELECT COUNT(*) FROM {quoted(table)}")  # noqa: S608 - names checked above
        (found,) = cursor.fetchone()
        if found != rows:
            raise Fault(
                "rows_differ", f"{table} 应有 {rows} 行，恢复出 {found} 行", "换一份备份", exit_code=BAD_DATA
            )


# ------------------------------------------------------------------------------------------- words
def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: list[str]) -> str:
    """Names as SQL lists them."""
    return ", ".join(map(quoted, names))


def _rows(cursor: Any, text: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    cursor.execute(text, values)
    return list(cursor.fetchall())


def _column(cursor: Any, text: str) -> list[str]:
    return [row[0] for row in _rows(cursor, text)]
