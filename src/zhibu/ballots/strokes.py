"""Names in the order of the strokes of their characters: fewest strokes first, then 横竖撇点折 stroke by stroke.

The strokes come from the front end's build (strokes.json, made of the npm package cnchar-order).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from zhibu import ui

UNKNOWN = 99


@lru_cache(maxsize=1)
def table() -> dict[str, str]:
    """Character to its strokes as digits: 1 横 2 竖 3 撇 4 点 5 折. Empty when the front end is not built."""
    path = Path(ui.__file__).parent / "static" / "zhibu" / "strokes.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def key(name: str) -> tuple[tuple[int, str, str], ...]:
    """What a name is sorted by; characters without data come last, by their number."""
    known = table()
    return tuple((len(known[each]) if each in known else UNKNOWN, known.get(each, ""), each) for each in name)


def ordered(names: Iterable[str]) -> list[str]:
    """Names in stroke order of surnames."""
    return sorted(names, key=key)


def unknown(names: Iterable[str]) -> list[str]:
    """Characters of the names the table does not have."""
    return sorted({each for name in names for each in name if each not in table()})
