"""A quarter on one page: what was asked, what may be told of it, how things stand, causes, measures and their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.concerns.models import Analysis, Audience, Survey, SurveyState
from zhibu.core.calendar import Quarter
from zhibu.core.norms.surveys import Asked, Question
from zhibu.core.snapshot import restored
from zhibu.register.models import Organisation
from zhibu.ui.language import pick
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.queries.listing import LISTED

SOURCE = "concerns.analysis"


@dataclass(frozen=True, slots=True)
class Line:
    """One choice: its words, how many of how many, and the same of each group."""

    title: str
    count: int
    percent: int
    by: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One question with what may be told of it; without lines, fewer answered it than may be told."""

    title: str
    answered: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Told:
    """The quarter of a branch."""

    organisation: Organisation
    quarter: Quarter
    survey: Survey | None
    heard: Sequence[Heard]
    words: Sequence[tuple[str, str]]
    analysis: Analysis | None
    measures: Sequence[dict[str, Any]]
    before: Sequence[dict[str, Any]]


def quarter_page(branch: Organisation, quarter: Quarter, today: date) -> Told:
    """Everything of a quarter of a branch, for whoever may see the branch's."""
    survey = (
        Survey.objects.filter(organisation=branch, covers_on=quarter.first)
        .exclude(state=SurveyState.CANCELLED)
        .order_by("-id")
        .first()
    )
    rows = {
        row.covers_on: row
        for row in Analysis.objects.filter(
            organisation=branch, covers_on__in=(quarter.first, quarter.previous().first)
        ).select_related("document", "organisation")
    }
    return _told(branch, quarter, survey, rows, today)


def told_of(analysis: Analysis, today: date) -> Told:
    """The page of an analysis."""
    return quarter_page(analysis.organisation, Quarter.of(analysis.covers_on), today)


def _told(
    branch: Organisation, quarter: Quarter, survey: Survey | None, rows: Mapping[date, Analysis], today: date
) -> Told:
    here, before = rows.get(quarter.first), rows.get(quarter.previous().first)
    questions = {each.id: each for each in questions_of(survey)} if survey else {}
    return Told(
        branch, quarter, survey,
        _heard(survey, questions.values()) if survey else (),
        [(pick(questions[name].title), text) for name, text in survey.words if name in questions] if survey else [],
        here, measures(here, today) if here else (), measures(before, today) if before else (),
    )  # fmt: skip


def measures(analysis: Analysis, today: date) -> list[dict[str, Any]]:
    """The measures of an analysis: each is an undertaking whose problem is the cause. Seen by the branch, as their kind says."""
    rows = Undertaking.objects.filter(source=SOURCE, source_id=analysis.pk, kind="measure")
    return undertakings.told(rows.order_by("id").values(*LISTED), today)


def questions_of(survey: Survey) -> tuple[Question, ...]:
    """The questions as they were asked."""
    found: tuple[Question, ...] = restored(tuple[Question, ...], survey.asked)
    return found


def _heard(survey: Survey, questions: Any) -> list[Heard]:
    if survey.state != SurveyState.COUNTED:
        return []
    told = {each["id"]: each for each in survey.totals}
    return [
        _line_by_line(question, told.get(question.id))
        for question in questions
        if question.kind is not Asked.WORDS
    ]


def _line_by_line(question: Question, found: dict[str, Any] | None) -> Heard:
    if found is None:
        return Heard(pick(question.title), 0, ())
    labels = {str(value): str(label) for value, label in Audience.choices}
    lines = [
        Line(
            pick(title),
            found["counts"][name],
            _percent(found["counts"][name], found["answered"]),
            " · ".join(
                f"{labels.get(group, group)} {_percent(each['counts'][name], each['answered'])}%"
                for group, each in found["by"].items()
            ),
        )
        for name, title in question.choices
    ]
    return Heard(pick(question.title), found["answered"], lines)


def _percent(count: int, of: int) -> int:
    return (count * 100 + of // 2) // of if of else 0
