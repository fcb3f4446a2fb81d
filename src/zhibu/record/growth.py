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

Value = TypeVar("Value")
Places: TypeAlias = frozenset[int]
"""Keys of the organisations whose acts matter to a sum. Acts of the installation's own chain never do: they are about
accounts, addresses and feeds of persons."""


@dataclass(frozen=True, slots=True)
class About:
    """Acts about these subjects: (table, key), or a table and None for whatever is in it."""

    subjects: tuple[tuple[str, int | None], ...]


BY_KEY = About(())
"""The scope of what depends on its key alone, such as words put into a page."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Acts of these rooms, wherever: `Rooms("dues", "register")`."""

    names: frozenset[str]

    @classmethod
    def of(cls, *names: str) -> Rooms:
        return cls(frozenset(names))


Scope: TypeAlias = Places | About | None
"""Which acts are counted: those at some places, those about some subjects, or all."""

MOST_BETWEEN = 200
"""Acts between two looks that are asked for their rooms; after more everything is computed anew."""

MOST = 64
"""Sums of the whole installation kept at once: some are the rows of a page."""

MOST_SMALL = 1024
"""Sums of single places and rooms kept at once: the desks of whoever works just now, some ten kilobytes each."""

HEADS = "SELECT COALESCE(SUM(sequence), 0) FROM zb_chain_head"
SUBJECTS = "(SELECT COUNT(*) FROM zb_entry WHERE subject_table = %s"
NOW = "SELECT COALESCE(SUM(sequence), 0), (SELECT COALESCE(MAX(id), 0) FROM zb_entry) FROM zb_chain_head"
SINCE = """
SELECT h.acts, e.id, e.act FROM (SELECT COALESCE(SUM(sequence), 0) AS acts FROM zb_chain_head) h
LEFT JOIN zb_entry e ON e.id > %s LIMIT %s
"""

_kept: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()
_small: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()
_lock = Lock()
_reading: ContextVar[dict[Hashable, Any] | None] = ContextVar("reading", default=None)


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
    if known is not None and (grown, scope) in known:
        return int(known[grown, scope])
    text, bound = _counting(scope)
    with connection.cursor() as cursor:
        cursor.execute(text, bound)
        found = int(cursor.fetchone()[0])
    if known is not None:
        known[grown, scope] = found
    return found


def places_in(text: str, *bound: Any) -> Places:
    """The organisations a plain query finds: where a person has rows of their own, wherever that is.

    Plain, because it is asked at every look at a kept page; the text names tables and columns, values are bound.
    """
    with connection.cursor() as cursor:
        cursor.execute(text, bound)
        return frozenset(key for (key,) in cursor.fetchall())


def _counting(scope: Scope) -> tuple[str, list[Any]]:
    """The text that counts, and its values."""
    if scope is None:
        return HEADS, []
    if scope == BY_KEY:
        return "SELECT 0", []
    if isinstance(scope, frozenset):
        return f"{HEADS} WHERE organisation_id IN ({', '.join(['%s'] * len(scope))})", sorted(scope)
    texts: list[str] = []
    bound: list[Any] = []
    for table, key in scope.subjects:
        texts.append(f"{SUBJECTS} AND subject_id = %s)" if key is not None else f"{SUBJECTS})")
        bound += [table] if key is None else [table, key]
    return f"SELECT {' + '.join(texts)}", bound


@dataclass(frozen=True, slots=True)
class _Moment:
    """A state of the record: how many acts are seen, and the number of the newest."""

    acts: int
    newest: int


def _now(since: _Moment | None) -> tuple[_Moment, list[str] | None]:
    """The state now, and the acts recorded since another; None for these when not all of them can be named.

    One statement, so that count and entries are of one moment. Entries that were numbered before that other moment
    and committed after it are counted and not found: then nothing is known of them.
    """
    known = _reading.get()
    if known is not None and since in known:
        seen: tuple[_Moment, list[str] | None] = known[since]
        return seen
    with connection.cursor() as cursor:
        if since is None:
            cursor.execute(NOW)
            found: tuple[_Moment, list[str] | None] = (_Moment(*map(int, cursor.fetchone())), None)
        else:
            cursor.execute(SINCE, [since.newest, MOST_BETWEEN + 1])
            rows = cursor.fetchall()
            acts = [act for _count, key, act in rows if key is not None]
            newest = max((key for _count, key, _act in rows if key is not None), default=since.newest)
            moment = _Moment(int(rows[0][0]), newest)
            whole = len(rows) <= MOST_BETWEEN and len(acts) == moment.acts - since.acts
            found = (moment, acts) if whole else (_now(None)[0], None)
    if known is not None:
        known[since] = found
    return found


def _of_rooms(key: Hashable, compute: Callable[[], Value], rooms: Rooms) -> Value:
    with _lock:
        before: tuple[_Moment, Value] | None = _small.get(key)
    moment, acts = _now(before[0] if before else None)
    if before is not None and acts is not None:
        touched = any(act.partition(".")[0] in rooms.names for act in acts)
        value = compute() if touched else before[1]
    else:
        value = compute()
    _keep(_small, key, moment, value, MOST_SMALL)
    return value


def _keep(
    store: OrderedDict[Hashable, tuple[Any, Any]], key: Hashable, stamp: Any, value: Any, most: int
) -> None:
    with _lock:
        store[key] = (stamp, value)
        store.move_to_end(key)
        while len(store) > most:
            store.popitem(last=False)


def kept(
    key: Hashable, compute: Callable[[], Value], *, within: Scope | Rooms | Callable[[], Scope] = None
) -> Value:
    """What ``compute`` gives, kept in this process until the next act is recorded (``within`` a scope, when given).

    Every act writes an entry in its own transaction, so nothing that acts change is different while the number of
    entries stands still: what a first page shows in sum need not be computed at every look. Within a scope only the
    acts that can change it count:

    - places (`register.queries.places_of`): an act that is felt at two places has an entry at each, so that what other
      branches record costs a branch nothing;
    - named things (`About`), such as the results of a run, which only acts about it change;
    - rooms (`Rooms`): what is in the tables of a room is changed by acts of that room alone.

    A scope that costs a query is given as a function, asked only where something is kept.

    ``key`` must name everything else it depends on (who may see what, the day, the digest of the rulebook, the
    language of its words). The value is shared between requests: it must not be changed. Inside a transaction nothing
    is kept, because what is read there may never come to be. ZHIBU_KEEP_SUMS=0 turns it off.
    """
    if not settings.ZHIBU_KEEP_SUMS or connection.in_atomic_block:
        return compute()
    if callable(within):
        within = within()
    key = (key, within)
    if isinstance(within, Rooms):
        return _of_rooms(key, compute, within)
    store, most = (_small, MOST_SMALL) if isinstance(within, frozenset) else (_kept, MOST)
    # taken before computing: what an act changes in between is computed again next time
    stamp = grown(within)
    with _lock:
        found = store.get(key)
        if found is not None and found[0] == stamp:
            store.move_to_end(key)
            return found[1]  # type: ignore[no-any-return]
    value = compute()
    _keep(store, key, stamp, value, most)
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
    _keep(_kept, (kept_each, key), 0, {part: (stamps[part], value) for part, value in found.items()}, MOST)
    return found


def forget_sums() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()
        _small.clear()
