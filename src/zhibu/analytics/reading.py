"""Rows of a quarter's text, read into `BranchRow`s."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .compiler import HEAD
from .layout import BranchRow, Layout


def rows_of(layout: Layout, rows: Iterable[Sequence[Any]]) -> Iterator[BranchRow]:
    """Rows of a quarter's text as `BranchRow`s."""
    facts = len(HEAD)
    codes = facts + len(layout.facts)
    scored = codes + len(layout.parts)
    tail = scored + len(layout.parts)
    for row in rows:
        branch, path, kind, unit_type, parent, assessed = row[:facts]
        earned, decided, applicable, hundredths, *place = row[tail:]
        yield BranchRow(
            layout,
            branch,
            path,
            kind,
            unit_type,
            parent,
            assessed == 1,
            tuple(row[facts:codes]),
            tuple(row[codes:scored]),
            tuple(row[scored:tail]),
            earned,
            decided,
            applicable,
            hundredths,
            *(place or (None, None)),
        )
