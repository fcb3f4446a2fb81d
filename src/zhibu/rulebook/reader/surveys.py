"""surveys.yaml: surveys by kind. An overlay asks more questions, or protects small groups better; never less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from zhibu.core.norms.surveys import Asked, Question, Rows, SurveyRule, in_force

from .entry import Entry, Page
from .gathering import Gathering, read_each
from .scheme import dated_numbers, tightened
from .sources import read_level
from .tree import Node

LIMITS = ("fewest", "fewest_words", "longest_days", "kept_days")
RAISED = ("fewest", "fewest_words")
"""Numbers that protect more the larger they are; the others the smaller they are."""


def read_surveys(book: Gathering, page: Page, root: Node) -> None:
    """Read every kind; in an overlay a known one is amended, an unknown one added."""
    read_each(book, page, root, book.surveys, "survey", "问卷", read=_read, amended=partial(_amended, book))


def _read(book: Gathering, entry: Entry, name: str) -> SurveyRule:
    level, sources = read_level(book, entry)
    return SurveyRule(
        id=name,
        title=entry.wording("title"),
        about=entry.wording("about"),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        questions=_questions(book, entry, name),
        **{limit: _numbers(book, entry, limit) for limit in LIMITS},
    )


def _numbers(book: Gathering, entry: Entry, limit: str) -> Rows:
    """The dated numbers of a kind. One of an overlay's own protects small groups as those do that are there."""
    rows = dated_numbers(entry, limit)
    if book.overlay and limit in RAISED:
        known: list[Rows] = [getattr(each, limit) for each in book.surveys.values()]
        for since, number in rows:
            _not_below(entry, limit, since, number, max((in_force(each, since) for each in known), default=0))
    return rows


def _amended(book: Gathering, entry: Entry, known: SurveyRule) -> SurveyRule:
    """More questions after those there are, better protection from a day on; always with a reason."""

    def shorter(limit: str, rows: Rows) -> Rows:
        return tightened(entry, limit, known.id, rows, partial(in_force, rows))

    return replace(
        known,
        questions=known.questions + _questions(book, entry, known.id),
        fewest=_raised(entry, "fewest", known.fewest),
        fewest_words=_raised(entry, "fewest_words", known.fewest_words),
        longest_days=shorter("longest_days", known.longest_days),
        kept_days=shorter("kept_days", known.kept_days),
    )


def _raised(entry: Entry, key: str, known: Rows) -> Rows:
    rows = dated_numbers(entry, key) if entry.has(key) else ()
    for since, number in rows:
        _not_below(entry, key, since, number, in_force(known, since))
    return (*(row for row in known if not rows or row[0] < rows[0][0]), *rows)


def _not_below(entry: Entry, key: str, since: date, number: int, base: int) -> None:
    if number < base:
        entry.page.note(
            entry.at(key), "overlay_loosens", name=key, date=since, base=base, value=number, direction="小于"
        )  # fmt: skip


def _questions(book: Gathering, entry: Entry, survey: str) -> tuple[Question, ...]:
    return tuple(_each(book, entry, survey))


def _each(book: Gathering, entry: Entry, survey: str) -> Iterator[Question]:
    node = entry.get("questions") if entry.has("questions") else None
    for name, line, body in entry.page.pairs(node, "questions") if node else ():
        question = entry.page.fields(body, name, f"问题“{name}”")
        kind, title = question.choice("kind", Asked), question.wording("title")
        choices = question.get("choices") if question.has("choices") else None
        told = entry.page.pairs(choices, "choices") if choices else ()
        found = tuple((each, entry.page.wording(text, each)) for each, _line, text in told)
        if (kind is Asked.WORDS) == bool(found):
            entry.page.note(line, "question_choices", id=name)
        question.close()
        if book.claim(entry.page, "question", f"{survey}.{name}", line):
            yield Question(name, kind, title, found)
