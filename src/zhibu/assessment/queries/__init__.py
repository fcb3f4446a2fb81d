"""What may be read of assessments."""

from .runs import (
    appeals_for,
    branch_for,
    committee_for,
    parts_awaiting,
    rectifications_for,
    review_rows,
    run_below,
    run_covering,
    run_for,
    runs_for,
    self_points,
)
from .sheets import PartLine, Sheet, StandardLine, sheet, verdicts
from .tables import BranchLine, Committee, committee, difference, heat, rerun, trend, year_list

__all__ = [
    "BranchLine",
    "Committee",
    "PartLine",
    "Sheet",
    "StandardLine",
    "appeals_for",
    "branch_for",
    "committee",
    "committee_for",
    "difference",
    "heat",
    "parts_awaiting",
    "rectifications_for",
    "rerun",
    "review_rows",
    "run_below",
    "run_covering",
    "run_for",
    "runs_for",
    "self_points",
    "sheet",
    "trend",
    "verdicts",
    "year_list",
]
