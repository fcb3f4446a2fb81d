"""Answers of public pages ready to go out again: for a second nothing is asked, of the database or of anyone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock

FRESH = 1.0
"""Seconds for which an answer stands unasked; then one visitor's request asks whether the record has grown."""

MOST = 512


@dataclass(slots=True)
class Answer:
    """What went out: body, headers, and until when it may go out unasked."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str
    day: date
    until: float


class Shelf:
    """Answers by what they answer, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable, day: date, moment: float) -> Answer | None:
        """The answer of a key, while it stands. Whoever comes first after its time gets none, and makes it anew;
        the others get what there is meanwhile.
        """
        with self._lock:
            found = self._answers.get(key)
            if found is None or found.day != day:
                return None
            self._answers.move_to_end(key)
            if moment >= found.until:
                found.until = moment + FRESH
                return None
            return found

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)

    def drop(self, key: Hashable, unless: str = "") -> None:
        """Forget an answer, unless it has this tag: what it said is said no longer."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None and not (unless and found.tag == unless):
                del self._answers[key]

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._answers.clear()


shelf = Shelf()
