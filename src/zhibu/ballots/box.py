"""The ballot box: a file of its own for each secret vote, in which nothing tells who, when, or in what order.

The file is made full: every place holds random bytes of the one length from the start, and a paper overwrites the
place that its own tracker points to (the next free one, when two point to the same). So neither rows nor pages nor
free space grow in the order of casting; nothing is inserted, moved or deleted. The rollback journal (not a WAL) holds
one old page for the length of one transaction. Trackers are hashes of keys made on the voters' devices.

Not a Django database on purpose: no ORM, no signals, no query log, no middleware reaches it, and backups leave it out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock, RLock

from django.conf import settings

from . import envelope
from .envelope import Terms

ROOM = 4
"""Places for every ticket: the more, the less a collision says about which of two papers came first."""

TIMEOUT = 30.0


class Answer(StrEnum):
    """What became of a paper."""

    TAKEN = "taken"
    SAME = "same"
    OTHER = "other"
    CLOSED = "closed"
    NONE = "none"
    REFUSED = "refused"


_TURN = RLock()
_GUARD = Lock()
_WAITING: dict[str, list[tuple[bytes, Future[Answer]]]] = {}


def path_of(code: str) -> Path:
    """Where the box of a ballot lies."""
    return Path(settings.ZHIBU_PAPERS) / f"{code}.box"


def make(terms: Terms, tickets: int) -> None:
    """Make an empty box for so many tickets. It takes no paper until it is opened."""
    path = path_of(terms.code)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = max(64, ROOM * tickets)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(_connect(path)) as box, box:
        box.execute(
            "CREATE TABLE box (code TEXT, modulus TEXT, tellers INT, marks INT, places INT, open INT)"
        )
        box.execute(
            "INSERT INTO box VALUES (?, ?, ?, ?, ?, 0)",
            (terms.code, terms.modulus, terms.tellers, terms.marks, places),
        )
        box.execute("CREATE TABLE place (at INTEGER PRIMARY KEY, used INT NOT NULL, body BLOB NOT NULL)")
        box.executemany(
            "INSERT INTO place VALUES (?, 0, ?)",
            ((at, secrets.token_bytes(terms.length)) for at in range(places)),
        )


def set_open(code: str, *, is_open: bool) -> None:
    """Open the box for papers, or close it for good."""
    with _writing(code) as box:
        box.execute("UPDATE box SET open = ?", (1 if is_open else 2,))


def cast(code: str, body: bytes) -> Answer:
    """Put a paper in. The same paper again is answered as before; another of the same ticket is not taken."""
    terms = terms_of(code)
    if terms is None:
        return Answer.NONE
    if envelope.why_not(terms, body):
        return Answer.REFUSED
    mine: Future[Answer] = Future()
    with _GUARD:
        _WAITING.setdefault(code, []).append((body, mine))
    with _TURN:
        if not mine.done():
            _take_waiting(code)
    return mine.result()


def _take_waiting(code: str) -> None:
    """Put in all papers that wait, in one transaction: the disk is asked once for many, and they share their moment."""
    with _GUARD:
        waiting = _WAITING.pop(code, [])
    try:
        with _writing(code) as box:
            answers = [_put(box, body) for body, _answer in waiting]
    except BaseException as error:  # noqa: BLE001 - told to everyone who waits
        for _body, answer in waiting:
            answer.set_exception(error)
        return
    for (_body, answer), found in zip(waiting, answers, strict=True):
        answer.set_result(found)


def _put(box: sqlite3.Connection, body: bytes) -> Answer:
    tracker = envelope.tracker_of(body)
    is_open, places = box.execute("SELECT open, places FROM box").fetchone()
    at = int.from_bytes(tracker[:8], "big") % places
    for step in range(places):
        here = (at + step) % places
        used, held = box.execute("SELECT used, body FROM place WHERE at = ?", (here,)).fetchone()
        if used and envelope.tracker_of(held) == tracker:
            return Answer.SAME if held == body else Answer.OTHER
        if not used:
            if is_open != 1:
                return Answer.CLOSED
            box.execute("UPDATE place SET used = 1, body = ? WHERE at = ?", (body, here))
            return Answer.TAKEN
    return Answer.CLOSED


def count(code: str) -> int:
    """How many papers are in the box."""
    with closing(_connect(path_of(code))) as box:
        (found,) = box.execute("SELECT count(*) FROM place WHERE used = 1").fetchone()
        return int(found)


def papers(code: str) -> list[bytes]:
    """All papers, sorted by tracker."""
    with closing(_connect(path_of(code))) as box:
        found = [body for (body,) in box.execute("SELECT body FROM place WHERE used = 1")]
    return sorted(found, key=envelope.tracker_of)


def exists(code: str) -> bool:
    """Whether the box is there (it is not after its destruction)."""
    return path_of(code).exists()


def destroy(code: str) -> None:
    """Overwrite the file and remove it."""
    path = path_of(code)
    if not path.exists():
        return
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, 1 << 20):
            file.write(secrets.token_bytes(min(1 << 20, size - start)))
        file.flush()
        os.fsync(file.fileno())
    for each in (path, path.with_suffix(".line"), path.with_name(f"{path.name}-journal")):
        each.unlink(missing_ok=True)
    _terms.cache_clear()


@lru_cache(maxsize=64)
def _terms(path: Path, made: int) -> Terms:
    with closing(_connect(path)) as box:
        row = box.execute("SELECT code, modulus, tellers, marks FROM box").fetchone()
    return Terms(*row)


def terms_of(code: str) -> Terms | None:
    """What the box asks of papers; None when there is no such box."""
    if not code.isalnum():
        return None
    path = path_of(code)
    try:
        return _terms(path, path.stat().st_ino)
    except (FileNotFoundError, sqlite3.OperationalError):
        return None


def _connect(path: Path) -> sqlite3.Connection:
    box = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=TIMEOUT, isolation_level=None)
    # emptied after every transaction; a WAL would keep the order of casting
    box.execute("PRAGMA journal_mode=TRUNCATE")
    box.execute("PRAGMA synchronous=FULL")
    box.execute("PRAGMA secure_delete=ON")
    return box


@contextmanager
def _in_line(code: str) -> Iterator[None]:
    """Writers stand in line, threads of a process first, then processes: asking SQLite again and again is slower by far."""
    with _TURN, path_of(code).with_suffix(".line").open("w") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


@contextmanager
def _writing(code: str) -> Iterator[sqlite3.Connection]:
    with _in_line(code), closing(_connect(path_of(code))) as box:
        box.execute("BEGIN IMMEDIATE")
        try:
            yield box
        except BaseException:
            box.execute("ROLLBACK")
            raise
        box.execute("COMMIT")
