"""Cutting a large range of branches into buckets, so that memory stays flat however many there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from zhibu.core.norms import Rulebook

from .compiler import scope_text
from .placeholders import Style, binds_of, render

BUCKET = 50_000
"""Branches computed at once; measured: larger is not faster and takes more memory."""


def bounds(
    rulebook: Rulebook, binds: Mapping[str, int | str], size: int = BUCKET, *, then: bool = False
) -> list[tuple[str, str]]:
    """Path ranges of at most `size` branches that together make the range of `binds`, in order."""
    text = f"SELECT s.path FROM ({scope_text(rulebook, then=then)}) AS s ORDER BY s.path LIMIT 1 OFFSET {int(size)}"
    lo, hi = str(binds["lo"]), str(binds["hi"])
    found: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        while True:
            given = {name: {**binds, "lo": lo}[name] for name in binds_of(text)}
            cursor.execute(render(text, Style.PYFORMAT), given)
            row = cursor.fetchone()
            if row is None:
                return [*found, (lo, hi)]
            found.append((lo, row[0]))
            lo = row[0]
