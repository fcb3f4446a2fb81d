"""Dues not paid, paid beyond what is due, and handed up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from zhibu.core.calendar import Month
from zhibu.core.norms.dues import ArrearsRow, ExtraRow, SharesRow

WHOLE_SHARE = 10_000


class Stage(StrEnum):
    """How long dues have not been paid. Nothing follows by itself; a person decides."""

    NONE = "none"
    LATE = "late"
    TALK = "talk"
    WARN = "warn"
    LIMIT = "limit"


class Destination(StrEnum):
    """Where a voluntary payment goes."""

    CENTRE = "centre"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Split:
    """What an organisation keeps and what it hands up; together exactly what it received."""

    kept_fen: int
    up_fen: int


def months_in_a_row(unpaid: Collection[Month], as_of: Month) -> int:
    """How many months before this one were not paid without a gap; the running month is not over."""
    count, month = 0, as_of.previous()
    while month in unpaid:
        count, month = count + 1, month.previous()
    return count


def stage_of(count: int, row: ArrearsRow) -> Stage:
    """The stage so many months in a row are."""
    if count >= row.limit:
        return Stage.LIMIT
    if count >= row.warn:
        return Stage.WARN
    if count >= row.talk:
        return Stage.TALK
    return Stage.LATE if count > 0 else Stage.NONE


def within_back_payment(month: Month, as_of: Month, row: ArrearsRow) -> bool:
    """Whether dues of a month may still be paid in arrears as a matter of course."""
    return as_of.key - month.key <= row.back_months


def destination(fen: int, row: ExtraRow) -> Destination:
    """Where a single voluntary payment goes."""
    return Destination.CENTRE if fen >= row.centre_from_fen else Destination.LOCAL


def split(fen: int, kind: str, row: SharesRow) -> Split:
    """What a kind of organisation keeps of an amount (rounded half up), and what it hands up."""
    kept = (2 * fen * row.kept.get(kind, 0) + WHOLE_SHARE) // (2 * WHOLE_SHARE)
    return Split(kept, fen - kept)
