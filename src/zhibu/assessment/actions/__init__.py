"""Acts of the assessment."""

from .appeals import answer_appeal, appeal, close_rectification, open_rectification
from .exports import export
from .reviews import review, self_review
from .runs import compute, freeze, open_run, publish

__all__ = [
    "answer_appeal",
    "appeal",
    "close_rectification",
    "compute",
    "export",
    "freeze",
    "open_rectification",
    "open_run",
    "publish",
    "review",
    "self_review",
]
