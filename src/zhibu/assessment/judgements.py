"""What a person says of a part that no count may fill. Forms make them, acts keep them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """Points for one reviewed part. ``points`` in hundredths; None takes the judgement back.

    ``evidence`` are linked records as (table, key). ``applicable`` False needs a comment as its reason. ``version`` is
    that of the judgement the person had before their eyes: 0 when there was none, None when nobody looked (an import).
    """

    standard: str
    part: str
    points: int | None
    comment: str = ""
    applicable: bool = True
    evidence: tuple[tuple[str, int], ...] = ()
    version: int | None = None

    @property
    def empty(self) -> bool:
        """Whether it takes a judgement back."""
        return self.points is None and self.applicable
