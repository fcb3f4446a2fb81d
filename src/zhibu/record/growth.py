"""How far the record has grown, in all or at some places, and sums kept until it grows further there."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
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
    """Acts of these rooms, wherever or at some places: `Rooms.of("dues", "register", at=places)`."""

    names: frozenset[str]
    at: Places | None = None

    @classmethod
    def of(cls, *names: str, at: Places | None = None) -> Rooms:
        return cls(frozenset(names), at)


Scope: TypeAlias = Places | About | None
"""Which acts are counted: those at some places, those about some subjects, or all."""

MOST_BETWEEN = 200
"""Acts between two looks that are asked for their rooms; after more everything is computed anew."""

MOST_CHAINS = 40
"""Places with new acts between two looks that are asked for their rooms; after more everything is computed anew."""

MOST = 64
"""Sums of the whole installation kept at once: some are the rows of a page."""

MOST_SMALL = 1024
"""Sums of single places kept at once: the desks of whoever works just now, some ten kilobytes each."""

MOST_PARTS = 16_384
"""Sums of single rooms kept at once: the parts of those desks, most of them a few lines or nothing."""

HEADS = "SELECT COALESCE(SUM(sequence), 0) FROM zb_chain_head"
SUBJECTS = "(SELECT COUNT(*) FROM zb_entry WHERE subject_table = %s"
NOW = "SELECT COALESCE(SUM(sequence), 0), (SELECT COALESCE(MAX(id), 0) FROM zb_entry) FROM zb_chain_head"
SINCE = """
SELECT h.acts, e.id, e.act FROM (SELECT COALESCE(SUM(sequence), 0) AS acts FROM zb_chain_head) h
LEFT JOIN zb_entry e ON e.id > %s LIMIT %s
"""
HEADS_OF = "SELECT organisation_id, sequence FROM zb_chain_head WHERE organisation_id IN ({marks})"
ACTS_OF = "SELECT DISTINCT act FROM zb_entry WHERE {chains}"
STRETCH = "(organisation_id = %s AND sequence > %s AND sequence <= %s)"

_kept: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()
_small: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()
_parts: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()
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
    if isinstance(scope, frozenset):
        return sum(_heads(scope).values())
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


def _heads(places: Places) -> Mapping[int, int]:
    """How many acts each of the places has, by its head; a place without any is left out."""
    known = _reading.get()
    if known is not None and (_heads, places) in known:
        seen: Mapping[int, int] = known[_heads, places]
        return seen
    found: dict[int, int] = {}
    if places:
        with connection.cursor() as cursor:
            cursor.execute(HEADS_OF.format(marks=_marks(places)), sorted(places))
            found = dict(cursor.fetchall())
    if known is not None:
        known[_heads, places] = found
    return found


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _counting(scope: About | None) -> tuple[str, list[Any]]:
    """The text that counts, and its values."""
    if scope is None:
        return HEADS, []
    if scope == BY_KEY:
        return "SELECT 0", []
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


def _there(at: Places, before: Mapping[int, int] | None) -> tuple[Mapping[int, int], Iterable[str] | None]:
    """How far each of the places is now, and the acts recorded there since; None for these as in `_now`.

    The numbers of a chain have no gap and its head is locked until an act is committed, so nothing is missed.
    """
    heads = _heads(at)
    if before is None:
        return heads, None
    if any(heads.get(place, 0) < number for place, number in before.items()):
        # the database is another one, put back from a backup: what was seen of it is not
        return heads, None
    # to these heads and no further: another set of places, read a moment later, may be ahead of them
    changed = tuple(
        (place, before.get(place, 0), number)
        for place, number in sorted(heads.items())
        if number != before.get(place)
    )
    if not changed:
        return heads, ()
    if len(changed) > MOST_CHAINS:
        return heads, None
    known = _reading.get()
    if known is not None and (_there, changed) in known:
        return heads, known[_there, changed]
    with connection.cursor() as cursor:
        chains = " OR ".join([STRETCH] * len(changed))
        cursor.execute(ACTS_OF.format(chains=chains), [each for chain in changed for each in chain])
        acts = [act for (act,) in cursor.fetchall()]
    if known is not None:
        known[_there, changed] = acts
    return heads, acts


def _of_rooms(key: Hashable, compute: Callable[[], Value], rooms: Rooms) -> Value:
    with _lock:
        before: tuple[Any, Value] | None = _parts.get(key)
    since = before[0] if before else None
    # taken before computing: what an act changes in between is computed again next time
    stamp, acts = _now(since) if rooms.at is None else _there(rooms.at, since)
    if (
        before is not None
        and acts is not None
        and not any(act.partition(".")[0] in rooms.names for act in acts)
    ):
        value = before[1]
    else:
        value = compute()
    _keep(_parts, key, stamp, value, MOST_PARTS)
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
    - rooms (`Rooms`), wherever or at some places: what is in the tables of a room is changed by acts of that room alone.

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
        _parts.clear()
