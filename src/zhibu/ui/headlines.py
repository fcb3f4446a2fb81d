"""Where a long title is broken: lines of near equal length, at a place where the tongue rests (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 20
"""Characters of size 2 in the 156 mm of a line."""

_REST = re.compile(r"(?<=党支部)|(?<=支部)|(?<=小组)|(?<=委员会)|(?<=关于)|(?<=[ ，、：·）》”])")


def broken(title: str) -> list[str]:
    """The title in lines of at most LONGEST characters, broken at rests near the middle where there are any."""
    title = " ".join(title.split())
    if len(title) <= LONGEST:
        return [title]
    count = -(-len(title) // LONGEST)
    ideal = len(title) / count
    rests = [found.start() for found in _REST.finditer(title) if 0 < found.start() < len(title)]
    near = [place for place in rests if place <= LONGEST and len(title) - place <= LONGEST * (count - 1)]
    near = [place for place in near if abs(place - ideal) <= max(4, LONGEST / 4)]
    place = min(near, key=lambda each: abs(each - ideal)) if near else round(ideal)
    return [title[:place].strip(), *broken(title[place:].strip())]
