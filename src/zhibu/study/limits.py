"""Numbers of the regulations that study needs: `study.yaml` of the rulebook, never written in code."""

from __future__ import annotations

from datetime import date

from zhibu import rulebook
from zhibu.study.models import StudyKind

COUNTS = {
    StudyKind.TRAINING: "counts_training",
    StudyKind.ONLINE: "counts_online",
    StudyKind.SELF_STUDY: "counts_self_study",
}


def number(name: str, day: date) -> int:
    """The number of this name in force on a day; 0 before its first row, when nothing is asked."""
    return rulebook.load().limit(f"study.{name}", day) or 0


def source(name: str) -> tuple[str, str]:
    """The document and article a number rests on, as the page names them."""
    found = rulebook.load().limits[f"study.{name}"].source
    return found.document, found.article


def counts(kind: str, day: date) -> bool:
    """Whether study of a kind counts towards the hours of the year."""
    return bool(number(COUNTS[StudyKind(kind)], day))
