"""A SQLite database into a backup and out of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import DatabaseError, connection

from zhibu.project.spoken import BAD_DATA, Fault

from .places import SESSIONS

FILE = "database/zhibu.sqlite3"


def snapshot(target: Path) -> dict[str, int]:
    """Copy the database as it is at one moment, whoever writes meanwhile; the number of rows by table."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
    except DatabaseError as error:
        if not isinstance(error.__cause__, sqlite3.OperationalError):
            raise unsound("数据库", str(error)) from None
        raise
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        there = tables(copy)
        for table in SESSIONS:
            if table in there:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of ours
        copy.commit()
        refuse_if_unsound(copy, "数据库")
        return rows(copy)


def tables(database: sqlite3.Connection) -> list[str]:
    """Tables with records, by name; what an index of words keeps for itself is no record."""
    found = dict(
        database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    )
    virtual = tuple(name for name, sql in found.items() if sql.upper().startswith("CREATE VIRTUAL"))
    inner = tuple(f"{name}_" for name in virtual)
    return [name for name in found if name not in virtual and not (inner and name.startswith(inner))]


def rows(database: sqlite3.Connection) -> dict[str, int]:
    """The number of rows by table."""
    counted = {}
    for name in tables(database):
        (counted[name],) = database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()  # noqa: S608 - names from the schema
    return counted


def migrations(file: Path) -> list[list[str]]:
    """Which migrations the database has had, as (app, name)."""
    with closing(sqlite3.connect(file)) as database:
        return [list(row) for row in database.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def refuse_if_unsound(database: sqlite3.Connection, what: str) -> None:
    """Refuse a database whose pages, indexes or references do not agree."""
    try:
        (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        dangling = database.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        answer, dangling = str(error), None
    if answer != "ok" or dangling is not None:
        told = answer if answer != "ok" else f"{dangling[0]} 第 {dangling[1]} 行引用了不存在的 {dangling[2]}"
        raise unsound(what, told)


def unsound(what: str, why: str) -> Fault:
    """The fault of a database that cannot be trusted."""
    return Fault("database_unsound", f"{what}不完好：{why}", "恢复最近一份完好的备份", exit_code=BAD_DATA)


def check(file: Path, expected: dict[str, int]) -> None:
    """Refuse an unpacked database that is unsound or has other rows than the backup says."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        refuse_if_unsound(database, "备份中的数据库")
        found = rows(database)
    if found != expected:
        other = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
        raise Fault("rows_differ", f"行数与清单不符：{'、'.join(other)}", "换一份备份", exit_code=BAD_DATA)
