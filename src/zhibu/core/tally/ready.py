"""What must hold before a vote is opened."""

from __future__ import annotations

from datetime import date

from zhibu.core.norms import VoteRule
from zhibu.core.refusal import Refusal

from . import faults
from .elections import slate_fits


def ready(rule: VoteRule, day: date, *, seats: int = 0, candidates: int = 0) -> tuple[Refusal, ...]:
    """Why a vote cannot be opened under the rule on the day; empty when it can."""
    row = rule.row_on(day)
    if row is None:
        return (faults.not_in_force(rule),)
    misfit = slate_fits(row, seats, candidates) if row.election else None
    return (misfit,) if misfit else ()
