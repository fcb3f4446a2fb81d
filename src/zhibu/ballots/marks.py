"""What stands on a paper, as the short text that is sealed: one letter a name, then the places of names written in.

`yynb|4,17`: yes, yes, no, blank; numbers 4 and 17 of the roll written in. Grades are their places, from 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhibu.core.norms import VoteKind, VoteRow
from zhibu.core.tally import Paper

LETTERS = {"y": "yes", "n": "no", "b": "abstain"}
BLANK = "b"


def width(names: int, seats: int) -> int:
    """Room for the marks of the fullest paper, in whole blocks of 32."""
    return -(-(names + 1 + 7 * seats) // 32) * 32


def paper_of(text: str, row: VoteRow, kind: VoteKind, names: Sequence[str], roll: Sequence[str]) -> Paper:
    """The paper a text says; spoiled when it says none."""
    letters, bar, others = text.partition("|")
    known = _letters(row, kind)
    if len(letters) != len(names) or any(each not in known for each in letters):
        return Paper(spoiled=True)
    places = others.split(",") if bar and others else []
    if any(not each.isdecimal() or not 1 <= int(each) <= len(roll) for each in places):
        return Paper(spoiled=True)
    marks = {name: known[each] for name, each in zip(names, letters, strict=True) if each != BLANK}
    return Paper(marks, tuple(roll[int(each) - 1] for each in places))


def _letters(row: VoteRow, kind: VoteKind) -> dict[str, str]:
    if kind is VoteKind.APPRAISAL and row.grades is not None:
        return {BLANK: BLANK, **{str(place): name for place, name in enumerate(row.grades.names, 1)}}
    return LETTERS
