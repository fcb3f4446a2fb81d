"""One-time codes of a survey, derived from its address: kept nowhere, the same whenever they are printed.

They say that somebody may answer once, and not who: they are cut apart, mixed, and drawn.
"""

from __future__ import annotations

from zhibu.ballots.slips import ALPHABET, LENGTH, shown
from zhibu.record import vault

__all__ = ["codes", "digest", "shown"]


def codes(survey: str, number: int) -> list[str]:
    """The codes, sorted."""
    return sorted(_code(survey, each) for each in range(number))


def _code(survey: str, number: int) -> str:
    value = int(vault.blind(f"{survey}/{number}", "survey.slip"), 16)
    told = []
    for _each in range(LENGTH):
        value, place = divmod(value, len(ALPHABET))
        told.append(ALPHABET[place])
    return "".join(told)


def digest(code: str) -> str:
    """What the box knows a code by."""
    return vault.blind("".join(each for each in code.upper() if each in ALPHABET), "survey.slip_digest")
