"""How far something long has come, told to whoever waits for it.

The transaction that does the work shows nobody anything before it ends, and on SQLite nobody else may write meanwhile.
So a small file beside the database says how far it is; it holds no data, only a stage and two numbers, and goes when
the work ends, however it ends. Where several machines answer, a page may find none and then only says "running".
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from django.conf import settings

Tell = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""

Each = TypeVar("Each")

READING, CHECKING, COMPARING, WRITING = "reading", "checking", "comparing", "writing"
EVERY = 0.15
"""Seconds between two notes; nobody reads faster."""

STALE = 3600
"""Seconds after which a file was left by a process that was ended."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The stage at work, how many rows of it are done, and how many there are (0: nobody knows yet)."""

    stage: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Of the stage, rounded down."""
        return self.done * 100 // self.total if self.total else 0


def silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody waits."""


def counted(rows: Iterable[Each], stage: str, total: int, tell: Tell) -> Iterator[Each]:
    """The rows as they come, telling how many have."""
    tell(stage, 0, total)
    for number, row in enumerate(rows, start=1):
        yield row
        if number % 100 == 0 or number == total:
            tell(stage, number, total)


@contextmanager
def told_to(user: int, token: str) -> Iterator[Tell]:
    """Note progress under the token of a form for the one who sent it; without a token nobody asks."""
    if not token:
        yield silent
        return
    place = _place(user, token)
    _sweep(place.parent)
    try:
        yield _Noted(place)
    finally:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def progress_of(user: int, token: str) -> Progress | None:
    """How far the work of a form has come; None when it has not begun, is over, or is another's."""
    try:
        stage, done, total = json.loads(_place(user, token).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Progress(str(stage), int(done), int(total))


class _Noted:
    """Writes a note now and then. A full disk must not stop an import: it only ends the notes."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stage = ""
        self.next = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage == self.stage and now < self.next and done < total:
            return
        self.stage, self.next = stage, now + EVERY
        with suppress(OSError):
            self.place.parent.mkdir(mode=0o700, exist_ok=True)
            aside = self.place.with_suffix(".new")
            aside.write_text(json.dumps([stage, done, total]), encoding="utf-8")
            aside.replace(self.place)


def _place(user: int, token: str) -> Path:
    # the name is a digest: no token leads out of the directory, and only its owner knows what to ask for
    name = sha256(f"{user}\n{token}".encode()).hexdigest()
    return Path(settings.ZHIBU_HOME) / "progress" / name


def _sweep(folder: Path) -> None:
    with suppress(OSError):
        for left in folder.iterdir():
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink(missing_ok=True)
