"""The ballot box: a file of its own for each secret vote, in which nothing tells who, when, or in what order.

The file is made full: every place holds random bytes of the one length from the start, and a paper overwrites the
place that its own tracker points to (the next free one, when two point to the same). So neither rows nor pages nor
free space grow in the order of casting; nothing is inserted, moved or deleted. The rollback journal (not a WAL) holds
one old page for the length of one transaction. Trackers are hashes of keys made on the voters' devices.

Not a Django database on purpose: no ORM, no signals, no query log, no middleware reaches it, and backups leave it out.
"""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future
from contextlib import closing
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock

from . import envelope, files
from .envelope import Terms
from .files import path_of

ROOM = 4
"""Places for every ticket: the more, the less a collision says about which of two papers came first."""


class Answer(StrEnum):
    """What became of a paper."""

    TAKEN = "taken"
    SAME = "same"
    OTHER = "other"
    CLOSED = "closed"
    NONE = "none"
    REFUSED = "refused"


_GUARD = Lock()
_WAITING: dict[str, list[tuple[bytes, Future[Answer]]]] = {}


def make(terms: Terms, tickets: int) -> None:
    """Make an empty box for so many tickets. It takes no paper until it is opened."""
    places = max(64, ROOM * tickets)
    path = files.create(terms.code)
    with closing(files.connect(path)) as box, box:
        box.execute(
            "CREATE TABLE box (code TEXT, modulus TEXT, tellers INT, marks INT, places INT, open INT)"
        )
        box.execute(
            "INSERT INTO box VALUES (?, ?, ?, ?, ?, 0)",
            (terms.code, terms.modulus, terms.tellers, terms.marks, places),
        )
        files.fill(box, places, terms.length)


def set_open(code: str, *, is_open: bool) -> None:
    """Open the box for papers, or close it for good."""
    with files.writing(code) as box:
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
    with files.TURN:
        if not mine.done():
            _take_waiting(code)
    return mine.result()


def _take_waiting(code: str) -> None:
    """Put in all papers that wait, in one transaction: the disk is asked once for many, and they share their moment."""
    with _GUARD:
        waiting = _WAITING.pop(code, [])
    try:
        with files.writing(code) as box:
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
    with closing(files.connect(path_of(code))) as box:
        (found,) = box.execute("SELECT count(*) FROM place WHERE used = 1").fetchone()
        return int(found)


def papers(code: str) -> list[bytes]:
    """All papers, sorted by tracker."""
    with closing(files.connect(path_of(code))) as box:
        found = [body for (body,) in box.execute("SELECT body FROM place WHERE used = 1")]
    return sorted(found, key=envelope.tracker_of)


def exists(code: str) -> bool:
    """Whether the box is there (it is not after its destruction)."""
    return path_of(code).exists()


def destroy(code: str) -> None:
    """Overwrite the file and remove it."""
    if files.destroy(code):
        _terms.cache_clear()


@lru_cache(maxsize=64)
def _terms(path: Path, made: int) -> Terms:
    with closing(files.connect(path)) as box:
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
