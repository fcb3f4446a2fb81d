"""Earlier versions of made-up rows: what each said before it was changed, and rows that were taken back."""

import random
from itertools import pairwise
from typing import Any

from zhibu.core.norms import Rulebook

Rows = dict[str, list[dict[str, Any]]]
PAST = "_past"
INSTANTS = (0, 500, 1_000, 1_500, 2_000, 3_000)


def known_tables(book: Rulebook) -> dict[str, str]:
    """Tables of the database that say when their rows were known, with the column that does."""
    return {table.table: table.known for table in book.tables.values() if table.known is not None}


def add_past(rows: Rows, book: Rulebook, chance: random.Random) -> None:
    """Give every such table its past. A version says what some other row of the table says."""
    for name, known in sorted(known_tables(book).items()):
        rows[name + PAST] = [
            version for row in rows[name] for version in _versions(name, row, rows[name], known, chance)
        ]


def _versions(name: str, row: Any, others: list[Any], known: str, chance: random.Random) -> list[Any]:
    ends = [at for at in INSTANTS if at <= row[known]]
    found = []
    for since, until in pairwise(ends):
        if chance.random() < 0.5:
            said = _moved(row, chance) if name == "zb_organisation" else chance.choice(others)
            found.append({**said, "id": row["id"], known: since, "superseded_at": until})
    if name != "zb_organisation" and chance.random() < 0.1:
        # taken back: nothing of it is left among the rows that stand
        gone = {**row, "id": 900_000 + row["id"], known: 1_000, "superseded_at": 2_500}
        found.append(gone)
    return found


def _moved(row: Any, chance: random.Random) -> Any:
    """A branch under the other superior, of another kind of unit, founded on no day."""
    if not 10 <= row["id"] < 1_000:
        return row
    parent = 3 - row["parent_id"]
    path = f"{parent:04d}{row['id'] + 5_000:04d}"
    return {**row, "parent_id": parent, "path": path, "unit_type": chance.choice(["organ", "production"])}


def as_of(rows: Rows, book: Rulebook, known_by: int | None) -> Rows:
    """The rows as they stood at an instant; None: as they are."""
    if known_by is None:
        return rows
    found = dict(rows)
    for name, known in known_tables(book).items():
        found[name] = [row for row in rows[name] if row[known] <= known_by]
        found[name] += [row for row in rows[name + PAST] if row[known] <= known_by < row["superseded_at"]]
    return found
