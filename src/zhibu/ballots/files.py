"""A file of its own for what nobody may put in order: places of one length, full of random bytes, overwritten where they lie.

Neither rows nor pages nor free space grow in the order of arrival; nothing is inserted, moved or deleted. The rollback
journal (not a WAL) holds one old page for the length of one transaction. Not a Django database on purpose: no ORM, no
signals, no query log, no middleware reaches it, and backups leave it out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock

from django.conf import settings

TIMEOUT = 30.0
TURN = RLock()
"""Threads of a process stand in line here, processes before the file beside the box."""


def path_of(code: str) -> Path:
    """Where the box of a vote or a survey lies."""
    return Path(settings.ZHIBU_PAPERS) / f"{code}.box"


def create(code: str) -> Path:
    """An empty file that only this user reads; the one who comes second fails."""
    path = path_of(code)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def fill(box: sqlite3.Connection, places: int, length: int) -> None:
    """Every place from the start, full of what says nothing."""
    box.execute("BEGIN")
    box.execute("CREATE TABLE place (at INTEGER PRIMARY KEY, used INT NOT NULL, body BLOB NOT NULL)")
    box.executemany(
        "INSERT INTO place VALUES (?, 0, ?)", ((at, secrets.token_bytes(length)) for at in range(places))
    )
    box.execute("COMMIT")


def connect(path: Path) -> sqlite3.Connection:
    """The box opened; never made by opening it."""
    box = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=TIMEOUT, isolation_level=None)
    # emptied after every transaction; a WAL would keep the order of casting
    box.execute("PRAGMA journal_mode=TRUNCATE")
    box.execute("PRAGMA synchronous=FULL")
    box.execute("PRAGMA secure_delete=ON")
    return box


@contextmanager
def _in_line(code: str) -> Iterator[None]:
    """Writers stand in line, threads of a process first, then processes: asking SQLite again and again is slower by far."""
    with TURN, path_of(code).with_suffix(".line").open("w") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


@contextmanager
def writing(code: str) -> Iterator[sqlite3.Connection]:
    """One transaction, alone."""
    with _in_line(code), closing(connect(path_of(code))) as box:
        box.execute("BEGIN IMMEDIATE")
        try:
            yield box
        except BaseException:
            box.execute("ROLLBACK")
            raise
        box.execute("COMMIT")


def beside(code: str) -> tuple[Path, ...]:
    """The box and what lies beside it."""
    path = path_of(code)
    return path, path.with_suffix(".line"), path.with_name(f"{path.name}-journal")


def destroy(code: str) -> bool:
    """Overwrite the file and remove it; whether there was one."""
    path = path_of(code)
    if not path.exists():
        return False
    # whoever writes has ended: with a file that is closed here the locks of another thread's connection would fall
    with _in_line(code):
        was_there = path.exists()
        if was_there:
            _overwrite(path)
        for each in beside(code):
            each.unlink(missing_ok=True)
    return was_there


def _overwrite(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, 1 << 20):
            file.write(secrets.token_bytes(min(1 << 20, size - start)))
        file.flush()
        os.fsync(file.fileno())
