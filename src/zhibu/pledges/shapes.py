"""Areas on a picture: corners in thousandths of its width and height, written as SVG writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

WHOLE, MOST_CORNERS, LEAST_AREA = 1000, 24, 100
"""Thousandths; corners; and the least area in millionths of the picture: smaller is a slip of the hand."""

Corners: TypeAlias = tuple[tuple[int, int], ...]

_CORNER = re.compile(r"(\d{1,4})\s*[,，]\s*(\d{1,4})")
_BETWEEN = re.compile(r"[\s;；]*")


class NoShape(ValueError):
    """The text is no area on the picture; `args[0]` says why: `unreadable`, `outside`, `too_many` or `too_small`."""


def corners(text: str) -> Corners:
    """The corners of a text such as "100,100 400,100 400,300"; two of them are opposite corners of a rectangle.

    Raises NoShape.
    """
    if _BETWEEN.fullmatch(_CORNER.sub("", text)) is None:
        raise NoShape("unreadable")
    found = tuple((int(x), int(y)) for x, y in _CORNER.findall(text))
    if len(found) == 2:
        (left, top), (right, bottom) = found
        found = ((left, top), (right, top), (right, bottom), (left, bottom))
    if any(value > WHOLE for corner in found for value in corner):
        raise NoShape("outside")
    if len(found) > MOST_CORNERS:
        raise NoShape("too_many")
    if abs(_doubled(found)) < 2 * LEAST_AREA:
        raise NoShape("too_small")
    return found


def told(found: Corners) -> str:
    """As it is kept, and as SVG takes it."""
    return " ".join(f"{x},{y}" for x, y in found)


def middle(found: Corners) -> tuple[int, int]:
    """Where a number stands: the centre of the area."""
    doubled = _doubled(found)
    pairs = list(_sides(found))
    across = sum((x + right) * (x * below - right * y) for (x, y), (right, below) in pairs)
    down = sum((y + below) * (x * below - right * y) for (x, y), (right, below) in pairs)
    return round(across / (3 * doubled)), round(down / (3 * doubled))


def _doubled(found: Corners) -> int:
    return sum(x * below - right * y for (x, y), (right, below) in _sides(found))


def _sides(found: Corners) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    return list(zip(found, (*found[1:], *found[:1]), strict=True))
