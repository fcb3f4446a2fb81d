"""Answers to a survey, kept where nothing tells who gave them, when, or in what order.

A survey has a box as a secret vote has (`ballots.files`): a file of its own, made full of random bytes, in which an answer
overwrites a place drawn by lot. An answer has one length, is sealed, and bears the digest of the form it came with, which
only the browser has: so that sending it twice counts once. A slip is marked as used in a list made beforehand; which
answer it brought is written nowhere. When the survey is counted, or called off, the file is overwritten and removed.

Nothing of an answer enters the database, the record, a log or a backup.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from enum import StrEnum
from hashlib import sha256

from zhibu.ballots import files
from zhibu.core.norms.surveys import Asked, Question
from zhibu.record import vault

MOST = 400
"""Answers a survey takes: more than any branch and the people around it."""

LONGEST_WORDS = 200
MARK = 32
SEALED = "survey.answer"
DAY = 86_400


class Outcome(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    CLOSED = "closed"
    FULL = "full"
    NO_SLIP = "no_slip"


def make(code: str, questions: Sequence[Question], slips: Iterable[str] = ()) -> None:
    """An open box for answers to these questions; with digests of slips, only for whoever has one."""
    digests = sorted(slips)
    length = _length(questions)
    with closing(files.connect(files.create(code))) as box:
        box.execute("CREATE TABLE box (length INT, open INT, slips INT)")
        box.execute("INSERT INTO box VALUES (?, 1, ?)", (length, len(digests)))
        box.execute("CREATE TABLE slip (digest TEXT PRIMARY KEY, used INT) WITHOUT ROWID")
        box.executemany("INSERT INTO slip VALUES (?, 0)", ((each,) for each in digests))
        sample = vault.seal(" " * length, SEALED)
        files.fill(box, len(digests) or MOST, MARK + len(sample))
    _forget_the_hour(code)


def put(code: str, nonce: str, answer: Mapping[str, object], slip: str = "") -> Outcome:
    """Put an answer in. The same form again is the same answer."""
    mark = sha256(nonce.encode()).digest()
    try:
        with files.writing(code) as box:
            return _put(box, mark, answer, slip)
    except (FileNotFoundError, sqlite3.OperationalError):
        if files.path_of(code).exists():
            raise
        return Outcome.CLOSED
    finally:
        _forget_the_hour(code)


def _put(box: sqlite3.Connection, mark: bytes, answer: Mapping[str, object], slip: str) -> Outcome:
    length, is_open, slips = box.execute("SELECT length, open, slips FROM box").fetchone()
    if box.execute("SELECT 1 FROM place WHERE used = 1 AND substr(body, 1, ?) = ?", (MARK, mark)).fetchone():
        return Outcome.TAKEN
    if not is_open:
        return Outcome.CLOSED
    if slips and not box.execute("UPDATE slip SET used = 1 WHERE digest = ? AND used = 0", (slip,)).rowcount:
        return Outcome.NO_SLIP
    free = [at for (at,) in box.execute("SELECT at FROM place WHERE used = 0")]
    if not free:
        return Outcome.FULL
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    padded = text + " " * (length - len(text.encode()))
    body = mark + vault.seal(padded, SEALED).encode()
    box.execute("UPDATE place SET used = 1, body = ? WHERE at = ?", (body, secrets.choice(free)))
    return Outcome.TAKEN


def close(code: str) -> None:
    """Take no more answers."""
    if files.path_of(code).exists():
        with files.writing(code) as box:
            box.execute("UPDATE box SET open = 0")
        _forget_the_hour(code)


def read(code: str) -> list[dict[str, object]]:
    """All answers, in the order of their places, which was drawn by lot."""
    if not files.path_of(code).exists():
        return []
    with closing(files.connect(files.path_of(code))) as box:
        bodies = [body for (body,) in box.execute("SELECT body FROM place WHERE used = 1 ORDER BY at")]
    return [json.loads(vault.open_sealed(body[MARK:].decode(), SEALED)) for body in bodies]


def destroy(code: str) -> bool:
    """Overwrite the box and remove it."""
    return files.destroy(code)


def _length(questions: Sequence[Question]) -> int:
    """Room for the longest answer in UTF-8."""
    room = 64
    for question in questions:
        room += len(question.id) + 8
        if question.kind is Asked.WORDS:
            # a character has at most four bytes, a quotation mark or backslash one more in front
            room += 4 * LONGEST_WORDS + 8
        else:
            room += sum(len(name) + 3 for name, _title in question.choices) + 2
    return room


def _forget_the_hour(code: str) -> None:
    """A file says when it was last written: only the day remains of it."""
    for each in files.beside(code):
        if each.exists():
            day = int(each.stat().st_mtime) // DAY * DAY
            os.utime(each, (day, day))
