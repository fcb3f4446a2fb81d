"""Places within a peer group (same kind of unit, same superior) as a pass in SQL.

`core.scoring.rank` gives the same places in Python. Ties share a place and the next one is skipped (1, 1, 3); a branch
without points has no place and does not count as a peer.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.core.scoring import Place, rank

from .layout import BranchRow

# engines disagree where NULL is sorted, so that is said first
PLACES = (
    "CASE WHEN s.hundredths IS NOT NULL THEN RANK() OVER (PARTITION BY s.unit_type, s.parent_id"
    " ORDER BY CASE WHEN s.hundredths IS NULL THEN 1 ELSE 0 END, s.hundredths DESC) END AS place,"
    " CASE WHEN s.hundredths IS NOT NULL THEN"
    " COUNT(s.hundredths) OVER (PARTITION BY s.unit_type, s.parent_id) END AS peers"
)

RANK_TOTALS = (
    "WITH ranked AS (SELECT s.branch, " + PLACES + " FROM totals s)\n"
    "SELECT branch, CASE WHEN peers >= :minimum THEN place END, CASE WHEN peers >= :minimum THEN peers END\n"
    "FROM ranked"
)
"""Places over a table `totals` (branch, unit_type, parent_id, hundredths): the one pass after the buckets."""


def with_places(rows: Iterable[BranchRow], minimum: int) -> list[BranchRow]:
    """The rows with their places, by `core.scoring.rank`; for rows that were computed in several buckets."""
    given = list(rows)
    groups: dict[tuple[str, int | None], list[BranchRow]] = {}
    for row in given:
        groups.setdefault((row.unit_type, row.parent), []).append(row)
    places: dict[int, Place | None] = {}
    for members in groups.values():
        places.update(rank([(row.branch, row.hundredths) for row in members], minimum))
    return [_placed(row, places[row.branch]) for row in given]


def _placed(row: BranchRow, place: Place | None) -> BranchRow:
    return row if place is None else row._replace(place=place.place, of=place.of)
