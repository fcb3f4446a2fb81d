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

LOOKED_AT = 600
"""The best hits are joined with what may be seen first, and mostly suffice: of thousands few are shown."""

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
    hits, asked = _hits(words)
    joined = f"FROM ({hits}) h JOIN ({inner}) v ON v.text_id = h.text_id"
    with connection.cursor() as cursor:
        best = f"{hits} ORDER BY score LIMIT %s"
        keys, total = _best(cursor, best, inner, [*asked, LOOKED_AT, *values, size, start])
        if keys is None:
            cursor.execute(
                f"SELECT v.id {joined} ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s",
                [*asked, *values, size, start],
            )
            keys = tuple(int(row[0]) for row in cursor.fetchall())
        if total is not None:
            return Found(keys, total)
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 {joined} LIMIT %s) c",  # noqa: S608 - the same
            [*asked, *values, MOST_COUNTED],
        )
        (counted,) = cursor.fetchone()
    return Found(keys, int(counted))


def _best(
    cursor: Any, hits: str, inner: str, values: Sequence[Any]
) -> tuple[tuple[int, ...] | None, int | None]:
    """The page, from the best hits alone, and the number of all: None for what those do not settle.

    They do when they are all there are, or when the page is full and its last row is better than the worst of them:
    whatever was not looked at is no better than that one. So the answer is the same as that of joining every hit.
    """
    cursor.execute(
        f"WITH h AS MATERIALIZED ({hits}) SELECT v.id, h.score, b.worst, b.n, COUNT(*) OVER () FROM h"  # noqa: S608 - parts of ours
        f" JOIN ({inner}) v ON v.text_id = h.text_id CROSS JOIN (SELECT MAX(score) worst, COUNT(*) n FROM h) b"
        " ORDER BY h.score, v.id DESC LIMIT %s OFFSET %s",
        values,
    )
    rows = cursor.fetchall()
    size = values[-2]
    if not rows:
        return None, None
    keys, whole = tuple(int(row[0]) for row in rows), rows[0][3] < LOOKED_AT
    settled = whole or (len(rows) == size and rows[-1][1] < rows[-1][2])
    return (keys if settled else None), (min(int(rows[0][4]), MOST_COUNTED) if whole else None)


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
