"""One branch, one quarter: every standard, every part, what counted and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from zhibu import analytics, rulebook
from zhibu.core import scoring
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import PartVerdict, StandardVerdict, State, judge
from zhibu.core.norms import Check, Part, Reviewed, Rulebook, Standard, due_in
from zhibu.core.scoring import Gain, Score
from zhibu.core.wording import Text
from zhibu.register.models import Organisation
from zhibu.register.queries import stood

from .. import books, policies
from ..models import Result, Review, Run, SelfReview
from .runs import review_rows, run_of

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a standard on a branch's sheet."""

    part: Part
    verdict: PartVerdict
    review: Review | None
    own: SelfReview | None

    @property
    def computed(self) -> bool:
        """Whether facts decide it, rather than a person."""
        return isinstance(self.part, Check)


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One standard on a branch's sheet."""

    standard: Standard
    verdict: StandardVerdict
    parts: tuple[PartLine, ...]

    @property
    def because(self) -> Text | None:
        """Why nothing of it is judged this quarter."""
        if self.verdict.because is not None:
            return self.verdict.because
        return next((each.verdict.because for each in self.parts if each.verdict.because is not None), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A branch's quarter. ``run`` is None while no committee runs the quarter; ``result`` is what the run stored."""

    branch: Organisation
    quarter: Quarter
    book: Rulebook
    run: Run | None
    result: Result | None
    lines: tuple[StandardLine, ...]
    facts: Mapping[str, int]
    score: Score
    gains: tuple[Gain, ...]
    live: bool
    judged: bool

    @property
    def place(self) -> tuple[int, int] | None:
        """Place and group's size of a published quarter (for the reviewer as it stands)."""
        if self.result is None or self.result.place is None or not self.judged:
            return None
        return self.result.place, self.result.place_of or 0

    @property
    def awaiting(self) -> int:
        """How many parts nobody judged yet: they are not in the denominator."""
        states = (each.verdict.state for line in self.lines for each in line.parts)
        return sum(state is State.AWAITING_REVIEW for state in states)

    def line(self, standard: str) -> StandardLine:
        """The line of one standard. Raises KeyError."""
        for each in self.lines:
            if each.standard.id == standard:
                return each
        raise KeyError(standard)


def verdicts(
    book: Rulebook, quarter: Quarter, kind: str, facts: Mapping[str, int], review: Mapping[str, int]
) -> list[tuple[Standard, StandardVerdict]]:
    """Every standard in force judged in plain Python; ``review`` is ``"S05.prestige" -> micro`` (-1 not applicable)."""
    due = due_in(quarter)
    found = []
    for standard in book.standards.values():
        mine = {
            name.partition(".")[2]: value
            for name, value in review.items()
            if name.startswith(standard.id + ".")
        }
        verdict = judge(standard, quarter.last, facts, due, mine, kind=kind)
        if verdict is not None:
            found.append((standard, verdict))
    return found


def sheet_for(actor: Actor, branch: Organisation, quarter: Quarter, *, live: bool = False) -> Sheet | None:
    """The sheet as a reader may see it: without the superior's points and places before they are published."""
    run = run_of(branch, quarter)
    return sheet_of(
        run, branch, quarter, live=live, judged=policies.may_see_judgement(actor, run, branch.path)
    )


def sheet(branch: Organisation, quarter: Quarter, *, live: bool = False, judged: bool = True) -> Sheet | None:
    """The sheet of a branch; from the run's stored facts when there is a run, from the records now otherwise.

    ``live`` asks for the records as they are now, judged by the run's rulebook: the other side of a difference.
    ``judged`` False leaves the superior's judgements out. None when the branch did not exist in the quarter's scope.
    """
    return sheet_of(run_of(branch, quarter), branch, quarter, live=live, judged=judged)


def sheet_of(
    run: Run | None, branch: Organisation, quarter: Quarter, *, live: bool = False, judged: bool = True
) -> Sheet | None:
    """The same when the run is known (`run_of`); None for it says that there is none."""
    result = Result.objects.filter(run=run, branch=branch).first() if run else None
    book = books.of_run(run) if run else rulebook.load()
    if result is not None and not live:
        facts: Mapping[str, int] = json.loads(result.facts)
    else:
        row = analytics.collect_one(book, quarter, branch.path)
        if row is None:
            return None
        facts = row.as_facts()
    reviews, own = review_rows(run, branch)
    if not judged:
        reviews = {}
    points = {name: row.points_micro if row.applicable else -1 for name, row in reviews.items()}
    kept = result is not None and run is not None and not live
    kind = stood(branch, run.known_by).kind if kept and run is not None else branch.kind
    found = verdicts(book, quarter, kind, facts, points)
    lines = tuple(_line(standard, verdict, reviews, own) for standard, verdict in found)
    each = [verdict for _standard, verdict in found]
    return Sheet(
        branch, quarter, book, run, result, lines, facts, scoring.total(each), scoring.improvements(each),
        live=result is None or live, judged=judged,
    )  # fmt: skip


def _line(
    standard: Standard, verdict: StandardVerdict, reviews: Mapping[str, Review], own: Mapping[str, SelfReview]
) -> StandardLine:
    return StandardLine(
        standard,
        verdict,
        tuple(
            PartLine(
                part,
                verdict.part(part.id),
                reviews.get(f"{standard.id}.{part.id}"),
                own.get(f"{standard.id}.{part.id}"),
            )
            for part in standard.parts
        ),
    )


def reviewed_parts(book: Rulebook, day: date) -> list[tuple[Standard, Reviewed, int]]:
    """Every part a person judges, with its weight in hundredths on a day."""
    return [
        (standard, part, weight)
        for standard in book.standards.values()
        for part in standard.reviewed
        if (weight := standard.weight(part, day)) is not None
    ]
