"""Numbers of the rules for those who were not there: `life.yaml` of the rulebook, never written in code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu import rulebook
from zhibu.ui.language import pick


@dataclass(frozen=True, slots=True)
class Limit:
    """A number in force on a day, and the rule it rests on as a reader sees it."""

    number: int
    document: str
    article: str
    title: str
    verified: bool


def limit(name: str, day: date) -> Limit | None:
    """The number of this name in force on a day; None when nothing is in force, and nothing is asked."""
    book = rulebook.load()
    number = book.limit(f"life.{name}", day)
    if number is None:
        return None
    found = book.limits[f"life.{name}"]
    return Limit(number, found.source.document, found.source.article, pick(found.cited), found.verified)
