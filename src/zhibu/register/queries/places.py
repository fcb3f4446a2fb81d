"""Where acts are felt: the organisations above a place, it itself, and those below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from django.db import connection

from zhibu.core.authority import STEP, successor
from zhibu.record import Places

GROWN = """
SELECT o.path, h.sequence FROM zb_chain_head h JOIN zb_organisation o ON o.id = h.organisation_id
WHERE o.path >= %s AND o.path < %s
"""

FEW = 200
"""Organisations up to which acts are told apart by place; whoever looks over more is concerned by all of them."""


def places_of(*paths: str) -> Places | None:
    """The organisations whose acts are felt at the paths: those above, they themselves and those below.

    None for the whole installation: for a path of more than a few organisations, and for an operator's, which is "".
    """
    if not all(paths) or not paths:
        return None
    above = {each for path in paths for each in _above(path)}
    spans = {(path, successor(path)) for path in paths}
    condition = " OR ".join(["path >= %s AND path < %s"] * len(spans))
    condition += f" OR path IN ({', '.join(['%s'] * len(above))})" if above else ""
    # asked for at every look at a desk: as plain text, which costs a third of building it anew
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM zb_organisation WHERE {condition} LIMIT {FEW + 1}",  # noqa: S608 - as many marks as paths, values bound
            [*(end for span in sorted(spans) for end in span), *sorted(above)],
        )
        found = frozenset(key for (key,) in cursor.fetchall())
    return found if len(found) <= FEW else None


def grown_at(committee: str, paths: Collection[str]) -> dict[str, int]:
    """How many acts were ever recorded where they are felt at each of the paths, all at or below one committee.

    Two readings with the same number saw the same acts (`record.grown`); one query for all.
    """
    above = _above(committee)
    with connection.cursor() as cursor:
        cursor.execute(
            GROWN + " OR o.path = %s" * len(above),
            [committee, successor(committee), *above],
        )
        at = dict(cursor.fetchall())
    below: Counter[str] = Counter()
    for path, number in at.items():
        below[path[:-STEP]] += number
    for path, number in list(below.items()):
        for higher in _above(path):
            below[higher] += number
    over = {
        path: sum(at.get(each, 0) for each in (*_above(path), path))
        for path in {each[:-STEP] for each in paths}
    }
    return {path: at.get(path, 0) + below[path] + over[path[:-STEP]] for path in paths}


@lru_cache(maxsize=16_384)
def _above(path: str) -> tuple[str, ...]:
    """The paths of the organisations above one, the uppermost first."""
    return tuple(path[:end] for end in range(STEP, len(path), STEP))
