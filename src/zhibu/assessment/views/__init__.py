"""Pages of the assessment."""

from .branch import appeal, point, review, self_review, sheet
from .committee import committee, heat, home, overview, year
from .exports import export
from .follow_up import (
    answer_appeal,
    appeals,
    close_rectification,
    open_rectification,
    rectifications,
)
from .rules import standard, standards
from .runs import compute, difference, freeze, open_run, publish

__all__ = [
    "answer_appeal",
    "appeal",
    "appeals",
    "close_rectification",
    "committee",
    "compute",
    "difference",
    "export",
    "freeze",
    "heat",
    "home",
    "open_rectification",
    "open_run",
    "overview",
    "point",
    "publish",
    "rectifications",
    "review",
    "self_review",
    "sheet",
    "standard",
    "standards",
    "year",
]
