"""Asking: which of the things somebody may see hold the words, best first.

Who may see what is the queryset's business alone: the index is joined with it, so that a hit that may not be seen is
neither listed nor counted nor does it move another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from zhibu.search.tokens import Word, of_question

MOST_COUNTED = 1000
"""Hits are counted up to here; a page then says "more than". So many are not ranked either: what a thousand texts hold
tells none of them apart, and those that name it in their title come first, the newest before the older."""

FEW = 8000
"""Up to so many hits PostgreSQL asks of each by its key whether it may be seen; about there both ways cost the same."""

TITLE_WEIGHT = 6.0
_SQLITE = "SELECT rowid AS text_id, bm25(zb_text_index, %s, 1.0) AS score FROM zb_text_index WHERE zb_text_index MATCH %s"
_SQLITE_BARE = "SELECT rowid AS text_id FROM zb_text_index WHERE zb_text_index MATCH %s"
_POSTGRES_RANKED = """
SELECT k.id FROM unnest(%s::bigint[], %s::bigint[]) AS k(id, text_id) JOIN zb_text t ON t.id = k.text_id
ORDER BY -ts_rank('{0.15, 0.15, 0.15, 1.0}', t.vector, to_tsquery('simple', %s)), k.id DESC LIMIT %s OFFSET %s
"""
_POSTGRES_BARE = "SELECT id AS text_id FROM zb_text WHERE vector @@ to_tsquery('simple', %s)"
_POSTGRES_TITLE = (
    "SELECT id AS text_id FROM zb_text WHERE to_tsvector('simple', title_tokens) @@ to_tsquery('simple', %s)"
)
# a title is not cut anew for each of the many: those that hold it are few, and their index knows them
_POSTGRES_REST = f"{_POSTGRES_BARE} AND id NOT IN ({_POSTGRES_TITLE})"


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of one page of hits, best first, and how many there are (up to `MOST_COUNTED`)."""

    keys: tuple[int, ...]
    total: int

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total >= MOST_COUNTED


def find(
    seen: QuerySet[Any, Any], question: str, *, column: str = "text_id", start: int = 0, size: int = 20
) -> Found:
    """Rows of `seen` whose text (named by `column`) holds every word of the question, best first, newest among equals."""
    words = of_question(question)
    if not words:
        return Found((), 0)
    try:
        inner, values = _compiled(seen, column)
    except EmptyResultSet:
        return Found((), 0)
    asking = _Asking(_written(words), inner, values)
    with _by_the_index() as cursor:
        # counted among what may be seen alone: what may not be seen does not even change the order
        hits = _pairs(cursor, asking) if asking.on_postgres else []
        there = len(hits) if asking.on_postgres else _number(cursor, asking, asking.bare, MOST_COUNTED)
        if there >= MOST_COUNTED:
            keys = _newest(cursor, asking, start, size)
        elif asking.on_postgres:
            keys = _ranked_of(cursor, asking.question, hits, start, size) if hits else []
        else:
            keys = _ranked(cursor, asking, start, size) if there else []
        return Found(tuple(keys), there)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question as the database words it, and what may be seen as SQL with its values."""

    question: str
    inner: str
    values: tuple[Any, ...]

    @property
    def on_postgres(self) -> bool:
        return connection.vendor == "postgresql"

    @property
    def bare(self) -> tuple[str, list[Any]]:
        """All hits."""
        return (_POSTGRES_BARE if self.on_postgres else _SQLITE_BARE), [self.question]

    def joined(self, hits: tuple[str, list[Any]]) -> tuple[str, list[Any]]:
        """FROM and WHERE of the hits that may be seen; CROSS JOIN keeps SQLite in the order of the index."""
        text = f"({hits[0]} OFFSET 0)" if self.on_postgres else f"({hits[0]})"
        return (
            f"FROM {text} h CROSS JOIN ({self.inner}) v WHERE v.text_id = h.text_id",
            [*hits[1], *self.values],
        )

    def one_by_one(self, hits: tuple[str, list[Any]], some: int | None = None) -> tuple[str, list[Any]]:
        """The same for a few of very many, the newest hit first: whether each may be seen is asked until there are enough.

        With a number, PostgreSQL asks of so many alone, whichever come first.
        """
        if not self.on_postgres:
            return self.joined(hits)
        end = "ORDER BY id DESC OFFSET 0" if some is None else f"LIMIT {some:d}"
        seen = f"SELECT s.id FROM ({self.inner}) s WHERE s.text_id = h.text_id OFFSET 0"  # noqa: S608 - parts of ours
        return f"FROM ({hits[0]} {end}) h CROSS JOIN LATERAL ({seen}) v", [*hits[1], *self.values]

    @property
    def titled(self) -> tuple[str, list[Any]]:
        """The hits whose title holds it all."""
        if self.on_postgres:
            return _POSTGRES_TITLE, [self.question]
        return _SQLITE_BARE, [f"{{title_tokens}} : ({self.question})"]

    @property
    def rest(self) -> tuple[str, list[Any]]:
        """The other hits."""
        if self.on_postgres:
            return _POSTGRES_REST, [self.question, self.question]
        return _SQLITE_BARE, [f"({self.question}) NOT {{title_tokens}} : ({self.question})"]


@contextmanager
def _by_the_index() -> Iterator[Any]:
    """A cursor. PostgreSQL takes a look into a vector for cheap and would rather read every text than ask its index."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # for this transaction alone; a row looked up by its key is in memory, not a disk's turn away
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 1.1")
        yield cursor


def _pairs(cursor: Any, asking: _Asking) -> list[tuple[int, int]]:
    """The hits that may be seen, up to `MOST_COUNTED`: (key, key of the text). Asked once, ranked from here.

    Whether a hit may be seen is looked up one by one while they are few, and of some of many: whoever sees half of those
    sees more than are counted. Else what may be seen is read as a whole.
    """
    text, values = asking.bare
    few = _counted(cursor, (f"FROM ({text}) h", values), FEW + 1) <= FEW
    found = _read(cursor, asking.one_by_one(asking.bare, None if few else 2 * MOST_COUNTED))
    if few or len(found) >= MOST_COUNTED:
        return found
    return _read(cursor, asking.joined(asking.bare))


def _read(cursor: Any, joined: tuple[str, list[Any]]) -> list[tuple[int, int]]:
    text, values = joined
    cursor.execute(f"SELECT v.id, h.text_id {text} LIMIT %s", [*values, MOST_COUNTED])
    return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def _ranked_of(
    cursor: Any, question: str, hits: Sequence[tuple[int, int]], start: int, size: int
) -> list[int]:
    """A score reads the vector, which is far larger than the row: once, of those alone that may be seen."""
    keys, texts = map(list, zip(*hits, strict=True))
    cursor.execute(_POSTGRES_RANKED, [keys, texts, question, size, start])
    return [int(row[0]) for row in cursor.fetchall()]


def _ranked(cursor: Any, asking: _Asking, start: int, size: int) -> list[int]:
    """Every hit joined with what may be seen; a score is worked out for those alone."""
    cursor.execute(
        f"SELECT v.id FROM ({_SQLITE}) h JOIN ({asking.inner}) v ON v.text_id = h.text_id"  # noqa: S608 - parts of ours
        " ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s",
        [TITLE_WEIGHT, asking.question, *asking.values, size, start],
    )
    return [int(row[0]) for row in cursor.fetchall()]


def _newest(cursor: Any, asking: _Asking, start: int, size: int) -> list[int]:
    """First whose title holds it, then the others, each the newest first: no further than the page asks for."""
    keys = _walked(cursor, asking, asking.titled, start, size)
    if len(keys) < size:
        titled = _counted(cursor, asking.one_by_one(asking.titled), start + size)
        keys += _walked(cursor, asking, asking.rest, max(start - titled, 0), size - len(keys))
    return keys


def _walked(cursor: Any, asking: _Asking, hits: tuple[str, list[Any]], start: int, size: int) -> list[int]:
    """Keys of the hits that may be seen, from the newest text on."""
    joined, values = asking.one_by_one(hits)
    cursor.execute(f"SELECT v.id {joined} ORDER BY h.text_id DESC LIMIT %s OFFSET %s", [*values, size, start])
    return [int(row[0]) for row in cursor.fetchall()]


def _number(cursor: Any, asking: _Asking, hits: tuple[str, list[Any]], most: int) -> int:
    """How many of the hits may be seen, up to `most`."""
    return _counted(cursor, asking.joined(hits), most)


def _counted(cursor: Any, joined: tuple[str, list[Any]], most: int) -> int:
    text, values = joined
    cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 {text} LIMIT %s) c", [*values, most])  # noqa: S608 - parts of ours
    return int(cursor.fetchone()[0])


def _compiled(seen: QuerySet[Any, Any], column: str) -> tuple[str, tuple[Any, ...]]:
    """The rows one may see as SQL: their key and the key of their text."""
    rows = seen.order_by().filter(**{f"{column}__isnull": False}).values_list("id", column)
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    # under names of ours, whatever Django calls the columns
    return f"WITH seen(a, b) AS ({sql}) SELECT a AS id, b AS text_id FROM seen", tuple(values)  # noqa: S608 - by Django


def _written(words: Sequence[Word]) -> str:
    if connection.vendor == "postgresql":
        return " & ".join(_postgres(word) for word in words)
    return " AND ".join(_sqlite(word) for word in words)


# words hold letters, digits and Chinese characters only: nothing in them means something to either database
def _sqlite(word: Word) -> str:
    if word.open:
        return f'"{word.text}"*'
    if not word.pairs:
        return f'"{word.text}"'
    return f'("{word.text}" OR ({" AND ".join(_quoted(word.pairs))}))'


def _quoted(pairs: Sequence[str]) -> list[str]:
    return [f'"{pair}"' for pair in pairs]


def _postgres(word: Word) -> str:
    if word.open:
        return f"'{word.text}':*"
    if not word.pairs:
        return f"'{word.text}'"
    both = " & ".join(f"'{pair}'" for pair in word.pairs)
    return f"('{word.text}' | ({both}))"
