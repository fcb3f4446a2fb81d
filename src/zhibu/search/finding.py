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

TITLE_WEIGHT = 6.0
_SQLITE = "SELECT rowid AS text_id, bm25(zb_text_index, %s, 1.0) AS score FROM zb_text_index WHERE zb_text_index MATCH %s"
_SQLITE_BARE = "SELECT rowid AS text_id FROM zb_text_index WHERE zb_text_index MATCH %s"
_POSTGRES = (
    "SELECT id AS text_id, -ts_rank('{0.15, 0.15, 0.15, 1.0}', vector, q) AS score"
    " FROM zb_text, to_tsquery('simple', %s) q WHERE vector @@ q"
)
_POSTGRES_BARE = "SELECT id AS text_id FROM zb_text WHERE vector @@ to_tsquery('simple', %s)"
_POSTGRES_TITLE = (
    "SELECT id AS text_id FROM zb_text WHERE to_tsvector('simple', title_tokens) @@ to_tsquery('simple', %s)"
)
_POSTGRES_REST = f"{_POSTGRES_BARE} AND NOT to_tsvector('simple', title_tokens) @@ to_tsquery('simple', %s)"


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
        there = _number(cursor, asking, asking.bare, MOST_COUNTED)
        way = _newest if there >= MOST_COUNTED else _ranked
        return Found(tuple(way(cursor, asking, start, size)) if there else (), there)


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
    def ranked(self) -> tuple[str, list[Any]]:
        """All hits with their score."""
        return (_POSTGRES, [self.question]) if self.on_postgres else (_SQLITE, [TITLE_WEIGHT, self.question])

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
        # for this transaction alone
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor


def _ranked(cursor: Any, asking: _Asking, start: int, size: int) -> list[int]:
    """Every hit joined with what may be seen; a score is worked out for those alone."""
    hits, asked = asking.ranked
    if asking.on_postgres:
        # a score reads the vector, which is far larger than the row: of those found by the index and seen, and no other
        bare, again = asking.bare
        hits = f"{hits} AND id IN (SELECT text_id FROM b JOIN v USING (text_id))"  # noqa: S608 - parts of ours
        ctes = f"WITH b AS MATERIALIZED ({bare}), v AS MATERIALIZED ({asking.inner})"
        text, values = (
            f"{ctes} SELECT v.id FROM ({hits}) h JOIN v USING (text_id)",  # noqa: S608 - parts of ours
            [*again, *asking.values, *asked],
        )
    else:
        text = f"SELECT v.id FROM ({hits}) h JOIN ({asking.inner}) v ON v.text_id = h.text_id"  # noqa: S608 - the same
        values = [*asked, *asking.values]
    cursor.execute(f"{text} ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s", [*values, size, start])
    return [int(row[0]) for row in cursor.fetchall()]


def _newest(cursor: Any, asking: _Asking, start: int, size: int) -> list[int]:
    """First whose title holds it, then the others, each the newest first: no further than the page asks for."""
    keys = _walked(cursor, asking, asking.titled, start, size)
    if len(keys) < size:
        titled = _number(cursor, asking, asking.titled, start + size)
        keys += _walked(cursor, asking, asking.rest, max(start - titled, 0), size - len(keys))
    return keys


def _walked(cursor: Any, asking: _Asking, hits: tuple[str, list[Any]], start: int, size: int) -> list[int]:
    """Keys of the hits that may be seen, from the newest text on."""
    joined, values = asking.joined(hits)
    cursor.execute(f"SELECT v.id {joined} ORDER BY h.text_id DESC LIMIT %s OFFSET %s", [*values, size, start])
    return [int(row[0]) for row in cursor.fetchall()]


def _number(cursor: Any, asking: _Asking, hits: tuple[str, list[Any]], most: int) -> int:
    """How many of the hits may be seen, up to `most`."""
    joined, values = asking.joined(hits)
    cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 {joined} LIMIT %s) c", [*values, most])  # noqa: S608 - parts of ours
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
