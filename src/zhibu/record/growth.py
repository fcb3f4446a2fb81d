"""How far the record has grown, and sums kept until it grows further."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from zhibu.record.models import Entry

Value = TypeVar("Value")
MOST = 64
_kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
_lock = Lock()


def last_entry() -> int:
    """The number of the newest entry, 0 for none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def kept(key: Hashable, compute: Callable[[], Value]) -> Value:
    """What ``compute`` gives, kept in this process until the next act is recorded.

    Every act writes an entry in its own transaction, so nothing that acts change is different while the number of the
    newest entry stands still: what a first page shows in sum need not be computed at every look. ``key`` must name
    everything else it depends on (who may see what, the day, the digest of the rulebook). The value is shared between
    requests: it must not be changed and must not speak a language. Inside a transaction nothing is kept, because what
    is read there may never come to be. ZHIBU_KEEP_SUMS=0 turns it off.
    """
    if not settings.ZHIBU_KEEP_SUMS or connection.in_atomic_block:
        return compute()
    stamp = last_entry()
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0] == stamp:
            _kept.move_to_end(key)
            return found[1]  # type: ignore[no-any-return]
    value = compute()
    with _lock:
        _kept[key] = (stamp, value)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return value


def forget_sums() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()
