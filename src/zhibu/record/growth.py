"""How far the record has grown, in all or at some places, and sums kept until it grows further there."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from django.conf import settings
from django.db import connection

from zhibu.record.models import Entry, Head

Value = TypeVar("Value")
Places: TypeAlias = frozenset[int]
"""Keys of the organisations whose acts matter to a sum. Acts of the installation's own chain never do: they are about
accounts, addresses and feeds of persons."""


@dataclass(frozen=True, slots=True)
class About:
    """Acts about these subjects: (table, key), or a table and None for whatever is in it."""

    subjects: tuple[tuple[str, int | None], ...]


Scope: TypeAlias = Places | About | None
"""Which acts a sum depends on: those at some places, those about some subjects, or all."""

MOST = 64
"""Sums of the whole installation kept at once: some are the rows of a page."""

MOST_OF_PLACES = 4096
"""Sums of single places kept at once: small ones, some ten for each branch."""

_kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
_kept_of_places: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
_lock = Lock()
_reading: ContextVar[dict[Scope, int] | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """While one request is answered, each growth is asked of the database once; an act of its own ends that."""
    token = _reading.set({})
    try:
        yield
    finally:
        _reading.reset(token)


def grew() -> None:
    """An act was just recorded: what this request knew of the growth no longer holds."""
    known = _reading.get()
    if known is not None:
        known.clear()


def grown(scope: Scope = None) -> int:
    """How many acts are recorded within a scope; without one, in all.

    Counted by the heads of the chains, each of which is locked until its act is committed (or by the entries about the
    subjects): the number goes up with every act that can be seen and at no other time. The number of the newest entry
    would not do: with PostgreSQL an entry with a smaller number may be committed after one with a larger.
    """
    known = _reading.get()
    if known is not None and scope in known:
        return known[scope]
    text, bound = _counting(scope)
    with connection.cursor() as cursor:
        cursor.execute(text, bound)
        found = int(cursor.fetchone()[0])
    if known is not None:
        known[scope] = found
    return found


def _counting(scope: Scope) -> tuple[str, list[Any]]:
    """The text that counts, and its values: only names of our own tables are written into it."""
    heads = f"SELECT COALESCE(SUM(sequence), 0) FROM {Head._meta.db_table}"  # noqa: S608
    if scope is None:
        return heads, []
    if isinstance(scope, frozenset):
        return f"{heads} WHERE organisation_id IN ({', '.join(['%s'] * len(scope))})", sorted(scope)
    texts: list[str] = []
    bound: list[Any] = []
    for table, key in scope.subjects:
        text = f"(SELECT COUNT(*) FROM {Entry._meta.db_table} WHERE subject_table = %s"  # noqa: S608
        texts.append(f"{text} AND subject_id = %s)" if key is not None else f"{text})")
        bound += [table] if key is None else [table, key]
    return f"SELECT {' + '.join(texts)}", bound


def kept(key: Hashable, compute: Callable[[], Value], *, within: Scope = None) -> Value:
    """What ``compute`` gives, kept in this process until the next act is recorded (``within`` a scope, when given).

    Every act writes an entry in its own transaction, so nothing that acts change is different while the number of
    entries stands still: what a first page shows in sum need not be computed at every look. An act that is felt at
    two places has an entry at each, so that of a sum of one branch only the entries of its place need to be counted
    (`register.queries.places_of`): what other branches record in the meantime costs it nothing. A sum that comes of
    named things alone, such as the results of a run, is kept until an act is about one of them (`About`).

    ``key`` must name everything else it depends on (who may see what, the day, the digest of the rulebook, the
    language of its words). The value is shared between requests: it must not be changed. Inside a transaction nothing
    is kept, because what is read there may never come to be. ZHIBU_KEEP_SUMS=0 turns it off.
    """
    if not settings.ZHIBU_KEEP_SUMS or connection.in_atomic_block:
        return compute()
    store, most = (_kept_of_places, MOST_OF_PLACES) if isinstance(within, frozenset) else (_kept, MOST)
    key = (key, within)
    # taken before computing: what an act changes in between is computed again next time
    stamp = grown(within)
    with _lock:
        found = store.get(key)
        if found is not None and found[0] == stamp:
            store.move_to_end(key)
            return found[1]  # type: ignore[no-any-return]
    value = compute()
    with _lock:
        store[key] = (stamp, value)
        while len(store) > most:
            store.popitem(last=False)
    return value


def kept_each(
    key: Hashable, stamps: Mapping[str, int], compute: Callable[[list[str]], Mapping[str, Value]]
) -> dict[str, Value]:
    """One sum for each part, computed for those parts alone whose stamp is another than when it was last computed.

    ``stamps`` gives, for each part, how many acts are felt there (`register.queries.grown_at`): a committee's sums over
    hundreds of branches cost an act in one of them the sums of this one. Otherwise as `kept`.
    """
    if not settings.ZHIBU_KEEP_SUMS or connection.in_atomic_block:
        return dict(compute(list(stamps)))
    with _lock:
        before: dict[str, tuple[int, Value]] = _kept.get((kept_each, key), (0, {}))[1]
    changed = [part for part, stamp in stamps.items() if part not in before or before[part][0] != stamp]
    new = compute(changed) if changed else {}
    found = {part: new[part] if part in new else before[part][1] for part in stamps}
    with _lock:
        _kept[kept_each, key] = (0, {part: (stamps[part], value) for part, value in found.items()})
        _kept.move_to_end((kept_each, key))
    return found


def forget_sums() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()
        _kept_of_places.clear()
