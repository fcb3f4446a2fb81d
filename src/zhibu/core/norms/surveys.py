"""Surveys without names: what is asked, for how long, and how many must answer before anything is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text

from .documents import Level, Source

Rows = tuple[tuple[date, int], ...]


class Asked(StrEnum):
    """How a question is answered: one of the choices, several, or in words."""

    ONE = "one"
    SEVERAL = "several"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its choices; in words, it has none. No question has to be answered."""

    id: str
    kind: Asked
    title: Text
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """One kind of survey.

    `fewest`: below so many answers nothing is told, of the whole, of a question or of a group.
    `fewest_words`: below so many answers nothing written in words is kept.
    `longest_days`: for how many days it is open at most. `kept_days`: after so many, what was not told is deleted.
    """

    id: str
    title: Text
    about: Text
    level: Level
    sources: tuple[Source, ...]
    verified: bool
    questions: tuple[Question, ...]
    fewest: Rows
    fewest_words: Rows
    longest_days: Rows
    kept_days: Rows


def in_force(rows: Rows, day: date) -> int:
    """The number in force on a day; that of the first row before it."""
    found = rows[0][1] if rows else 0
    for since, number in rows:
        if since <= day:
            found = number
    return found
