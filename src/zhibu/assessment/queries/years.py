"""Over the quarters: the year's list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from zhibu import rulebook
from zhibu.core import authority, scoring
from zhibu.core.calendar import Quarter
from zhibu.procedures.models import StepTaken
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

from ..models import Result, RunState
from .selection import NOTHING, Selection, weighed
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
    selection: Selection = NOTHING
    above: str = ""

    @property
    def reference(self) -> int | None:
        """The average with what weighs beside it: an order for those who choose, never points of a quarter."""
        return None if self.average is None else self.average + self.selection.weight


@dataclass(slots=True)
class _Gathered:
    name: str = ""
    points: dict[int, int | None] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)


def year_list(actor: Actor, organisation: Organisation, year: int) -> list[YearLine]:
    """The year's list for commendation, with last places in total. Facts and rules only: naming is a decision.

    Only published quarters. Source: the group company's opinion (average of 90 and above; last place twice in total).
    Results of accepted projects stand beside the average: they order the list and make nobody eligible.
    """
    book, quarters = rulebook.load(), [Quarter(year, number) for number in (1, 2, 3, 4)]
    rows = Result.objects.filter(run__quarter__lte=quarters[-1].key).exclude(run__state=RunState.OPEN)
    spans = authority.ranges(actor, "assessment.view")
    rows = within(within(rows, (subtree(organisation),), "branch_path"), spans, "branch_path")
    steps = within(within(StepTaken.objects.all(), (subtree(organisation),)), spans)
    chosen = weighed(actor, steps, year)
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
    for branch, selection in chosen.items():
        # a project of a branch that was not assessed this year is seen too
        shown.setdefault(branch, _Gathered(selection.cases[0].branch_name))
    # branches of several units have the same name
    above = dict(
        Organisation.objects.filter(pk__in=shown)
        .exclude(parent=organisation)
        .values_list("pk", "parent__name")
    )
    lines = [
        replace(
            _year_line(branch, line, quarters, enough, twice),
            selection=chosen.get(branch, NOTHING),
            above=above.get(branch) or "",
        )
        for branch, line in shown.items()
    ]
    return sorted(
        lines, key=lambda each: (-(each.reference or -1), -sum(p or 0 for p in each.quarters), each.name)
    )


def _year_line(branch: int, line: _Gathered, quarters: list[Quarter], enough: int, twice: int) -> YearLine:
    points = tuple(line.points.get(quarter.key) for quarter in quarters)
    average = scoring.year_average(points)
    good = average is not None and average >= enough
    return YearLine(branch, line.name, points, average, good, tuple(line.last), len(line.last) >= twice)
