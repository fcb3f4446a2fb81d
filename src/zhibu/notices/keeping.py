"""Public pages kept in the process until an act is recorded: a crowd before one board asks the database almost nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from django.conf import settings
from django.db import connection

from zhibu.record.growth import grown

MOST = 256
HTML = "text/html; charset=utf-8"
_kept: OrderedDict[Hashable, tuple[int, Page]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it goes out: bytes, status, tag, and what it is."""

    body: bytes
    status: int
    tag: str
    media: str = HTML

    @classmethod
    def of(cls, text: str, status: int = 200, media: str = HTML) -> Page:
        """A page of a text."""
        body = text.encode()
        return cls(body, status, f'"{sha256(body).hexdigest()[:32]}"', media)


def keeps() -> bool:
    """Whether pages are kept at all just now: inside a transaction nothing is."""
    return bool(settings.ZHIBU_KEEP_SUMS) and not connection.in_atomic_block


def kept(key: Hashable, make: Callable[[], Page]) -> Page:
    """The page of a key (address, language, day), made anew once the record has grown.

    Every act on a notice writes an entry in its own transaction. Inside a transaction nothing is kept.
    """
    if not keeps():
        return make()
    stamp = grown()
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0] == stamp:
            _kept.move_to_end(key)
            return found[1]
    page = make()
    with _lock:
        _kept[key] = (stamp, page)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return page


def forget_pages() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()
