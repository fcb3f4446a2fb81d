"""Asking: which of the things somebody may see hold the words, best first.

Who may see what is the queryset's business alone: the index is joined with it, so that a hit that may not be seen is
neither listed nor counted nor does it move another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from zhibu.search.tokens import Word, of_question

MOST_COUNTED = 1000
"""Hits are counted up to here; a page then says "more than"."""

LOOKED_AT = 300
"""Of thousands few are shown: where most may be seen, so many of the best are joined with that first, and suffice."""

TITLE_WEIGHT = 6.0
_SQLITE = "SELECT rowid AS text_id, bm25(zb_text_index, %s, 1.0) AS score FROM zb_text_index WHERE zb_text_index MATCH %s"
_POSTGRES = (
    "SELECT id AS text_id, -ts_rank('{0.15, 0.15, 0.15, 1.0}', vector, q) AS score"
    " FROM zb_text, to_tsquery('simple', %s) q WHERE vector @@ q"
)


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
    asking = _Asking(*_hits(words), inner, values, start, size)
    with connection.cursor() as cursor:
        if not _most_are_seen(cursor, asking):
            return _joined(cursor, asking)
        keys = _best(cursor, asking)
        return _joined(cursor, asking) if keys is None else Found(keys, _counted(cursor, asking))


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question as SQL: the hits and what may be seen, each with its values, and which page."""

    hits: str
    asked: list[Any]
    inner: str
    values: tuple[Any, ...]
    start: int
    size: int

    @property
    def joined(self) -> str:
        """The hits that may be seen. A score is worked out for those alone."""
        return f"FROM ({self.hits}) h JOIN ({self.inner}) v ON v.text_id = h.text_id"


def _most_are_seen(cursor: Any, asking: _Asking) -> bool:
    """Whether there are many hits and a third of them may be seen, by a look at some: it decides the way, not the answer."""
    cursor.execute(
        f"WITH h AS MATERIALIZED (SELECT text_id FROM ({asking.hits}) a LIMIT %s)"  # noqa: S608 - parts of ours
        f" SELECT COUNT(*), (SELECT COUNT(*) FROM h) FROM h JOIN ({asking.inner}) v ON v.text_id = h.text_id",
        [*asking.asked, LOOKED_AT, *asking.values],
    )
    seen, there = cursor.fetchone()
    return there == LOOKED_AT and 3 * seen >= there


def _joined(cursor: Any, asking: _Asking) -> Found:
    """Every hit joined with what may be seen, ranked and counted in one go."""
    cursor.execute(
        f"SELECT v.id, COUNT(*) OVER () {asking.joined} ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s",
        [*asking.asked, *asking.values, asking.size, asking.start],
    )
    rows = cursor.fetchall()
    total = int(rows[0][1]) if rows else _counted(cursor, asking) if asking.start else 0
    return Found(tuple(int(row[0]) for row in rows), min(total, MOST_COUNTED))


def _best(cursor: Any, asking: _Asking) -> tuple[int, ...] | None:
    """The page from the best hits alone; None when those do not settle it.

    They do when the page is full and its last row is better than the worst of them: whatever was not looked at is no
    better than that one. So the answer is the same as that of joining every hit.
    """
    cursor.execute(
        f"WITH h AS MATERIALIZED ({asking.hits} ORDER BY score LIMIT %s)"  # noqa: S608 - the same
        f" SELECT v.id, h.score, (SELECT MAX(score) FROM h) FROM h JOIN ({asking.inner}) v ON v.text_id = h.text_id"
        " ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s",
        [*asking.asked, LOOKED_AT, *asking.values, asking.size, asking.start],
    )
    rows = cursor.fetchall()
    if len(rows) == asking.size and rows[-1][1] < rows[-1][2]:
        return tuple(int(row[0]) for row in rows)
    return None


def _counted(cursor: Any, asking: _Asking) -> int:
    cursor.execute(
        f"SELECT COUNT(*) FROM (SELECT 1 {asking.joined} LIMIT %s) c",  # noqa: S608 - the same
        [*asking.asked, *asking.values, MOST_COUNTED],
    )
    return int(cursor.fetchone()[0])


def _compiled(seen: QuerySet[Any, Any], column: str) -> tuple[str, tuple[Any, ...]]:
    """The rows one may see as SQL: their key and the key of their text."""
    rows = seen.order_by().filter(**{f"{column}__isnull": False}).values_list("id", column)
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    # under names of ours, whatever Django calls the columns
    return f"WITH seen(a, b) AS ({sql}) SELECT a AS id, b AS text_id FROM seen", tuple(values)  # noqa: S608 - by Django


def _hits(words: Sequence[Word]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        question = " & ".join(_postgres(word) for word in words)
        return _POSTGRES, [question]
    return _SQLITE, [TITLE_WEIGHT, " AND ".join(_sqlite(word) for word in words)]


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
