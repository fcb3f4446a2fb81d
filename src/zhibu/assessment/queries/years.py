"""Over the quarters: the year's list, and what a quarter would be if it were computed again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhibu import analytics, rulebook
from zhibu.core import authority, scoring
from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

from .. import books
from ..models import Result, Run, RunState
from .tables import subtree

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@dataclass(frozen=True, slots=True)
class YearLine:
    """A branch's year: four quarters, their mean, last places in total, and what the rules say of them."""

    branch: int
    name: str
    quarters: tuple[int | None, ...]
    average: int | None
    five_good: bool
    last_places: tuple[str, ...]
    alert: bool


@dataclass(slots=True)
class _Gathered:
    name: str = ""
    points: dict[int, int | None] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)


def year_list(actor: Actor, organisation: Organisation, year: int) -> list[YearLine]:
    """The year's list for commendation, with last places in total. Facts and rules only: naming is a decision.

    Only published quarters. Source: the group company's opinion (average of 90 and above; last place twice in total).
    """
    book, quarters = rulebook.load(), [Quarter(year, number) for number in (1, 2, 3, 4)]
    rows = Result.objects.filter(run__quarter__lte=quarters[-1].key).exclude(run__state=RunState.OPEN)
    rows = within(
        within(rows, (subtree(organisation),), "branch_path"),
        authority.ranges(actor, "assessment.view"),
        "branch_path",
    )
    found: dict[int, _Gathered] = {}
    for branch, name, quarter, points, is_last in rows.order_by("run__quarter").values_list(
        "branch_id", "branch_name", "run__quarter", "points", "is_last"
    ):
        line = found.setdefault(branch, _Gathered())
        line.name, line.points[quarter] = name, points
        if is_last:
            line.last.append(Quarter.from_key(quarter).code)
    day = quarters[-1].last
    enough, twice = book.scheme.number("five_good_average", day), book.scheme.number("last_places", day)
    shown = {
        branch: line
        for branch, line in found.items()
        if any(quarter.key in line.points for quarter in quarters)
    }
    lines = [_year_line(branch, line, quarters, enough, twice) for branch, line in shown.items()]
    return sorted(
        lines, key=lambda each: (-(each.average or -1), -sum(p or 0 for p in each.quarters), each.name)
    )


def _year_line(branch: int, line: _Gathered, quarters: list[Quarter], enough: int, twice: int) -> YearLine:
    points = tuple(line.points.get(quarter.key) for quarter in quarters)
    average = scoring.year_average(points)
    good = average is not None and average >= enough
    return YearLine(branch, line.name, points, average, good, tuple(line.last), len(line.last) >= twice)


def rerun(run: Run) -> list[analytics.BranchRow]:
    """The quarter computed again under the rulebook of its time, from the records known then."""
    lo, hi = subtree(run.organisation)
    return analytics.collect(
        books.of_run(run), Quarter.from_key(run.quarter), lo=lo, hi=hi, known_by=run.known_by, run=run.pk,
        rank_from=run.minimum_group,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """A branch whose points the records of now would change. Hundredths."""

    branch: int
    name: str
    then: int | None
    now: int | None

    @property
    def by(self) -> int | None:
        """How much."""
        return None if self.then is None or self.now is None else self.now - self.then


def difference(actor: Actor, run: Run) -> list[Changed]:
    """What records entered after the run's computation would change, for branches within the reviewer's part."""
    spans = authority.ranges(actor, "assessment.review")
    lo, hi = subtree(run.organisation)
    now = analytics.collect(books.of_run(run), Quarter.from_key(run.quarter), lo=lo, hi=hi, run=run.pk)
    rows = within(Result.objects.filter(run=run), spans, "branch_path").values_list(
        "branch_id", "branch_name", "points"
    )
    then = {branch: (name, points) for branch, name, points in rows}
    found = [Changed(row.branch, *then[row.branch], row.hundredths) for row in now if row.branch in then]
    return [each for each in found if each.then != each.now]
