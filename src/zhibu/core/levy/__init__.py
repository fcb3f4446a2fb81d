"""Dues: how much is due, for which month, by which rule. Pure arithmetic in fen over dated tables."""

from zhibu.core.norms.dues import (
    About,
    Approval,
    Arrears,
    ArrearsRow,
    Band,
    BandsRow,
    Extra,
    ExtraRow,
    Fixed,
    FixedRow,
    Fixing,
    Levy,
    Payer,
    Pension,
    Practice,
    PracticeRow,
    Rates,
    Rounding,
    Shares,
    SharesRow,
    Sort,
    Start,
    in_force,
)

from .amounts import (
    Base,
    Because,
    Charge,
    Member,
    Relief,
    Spell,
    band_of,
    base_of,
    charge,
    first_month,
    is_effective,
    rounded,
    share_of,
    spell_in,
)
from .owing import (
    Destination,
    Split,
    Stage,
    destination,
    months_in_a_row,
    split,
    stage_of,
    within_back_payment,
)

__all__ = [
    "About", "Approval", "Arrears", "ArrearsRow", "Band", "BandsRow", "Base", "Because", "Charge", "Destination",
    "Extra", "ExtraRow", "Fixed", "FixedRow", "Fixing", "Levy", "Member", "Payer", "Pension", "Practice",
    "PracticeRow", "Rates", "Relief", "Rounding", "Shares", "SharesRow", "Sort", "Spell", "Split", "Stage", "Start",
    "band_of", "base_of", "charge", "destination", "first_month", "in_force", "is_effective",
    "months_in_a_row", "rounded", "share_of", "spell_in", "split", "stage_of", "within_back_payment",
]  # fmt: skip
