"""All branches of a committee side by side, and over time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from zhibu import analytics, rulebook
from zhibu.core import authority, scoring
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook
from zhibu.core.points import half_up
from zhibu.register.models import Organisation
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from .. import books, computing
from ..models import Result, Run
from .runs import run_covering

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch in the committee's table. Points in hundredths; ``change`` against the quarter before."""

    branch: int
    path: str
    name: str
    kind: str
    unit_type: str
    superior: int
    assessed: bool
    months: int
    points: int | None
    self_points: int | None
    earned: int
    decided: int
    applicable: int
    place: int | None
    of: int | None
    is_last: bool
    change: int | None
    standards: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee's quarter: its run if there is one, and a line for every branch within reach."""

    organisation: Organisation
    quarter: Quarter
    run: Run | None
    book: Rulebook
    lines: tuple[BranchLine, ...]
    means: Mapping[str, int | None]

    @property
    def mean(self) -> int | None:
        """The mean of the points given, hundredths, half up."""
        given = [line.points for line in self.lines if line.points is not None]
        return half_up(sum(given), len(given)) if given else None


def committee(actor: Actor, organisation: Organisation, quarter: Quarter) -> Committee:
    """Every branch below a committee within the actor's reach, from its run, or computed now when there is none."""
    run = run_covering(organisation.path, quarter)
    spans = authority.ranges(actor, "assessment.view")
    kinds = dict(Organisation.objects.filter(path__startswith=organisation.path).values_list("pk", "kind"))
    before = _points_before(organisation, quarter)
    if run is None:
        book = rulebook.load()
        lines = _computed(book, organisation, quarter, kinds, before)
    else:
        book = books.of_run(run)
        lines = _stored(run, organisation, kinds, before)
    visible = tuple(line for line in lines if any(lo <= line.path < hi for lo, hi in spans))
    return Committee(organisation, quarter, run, book, visible, _means(visible))


def _stored(
    run: Run, organisation: Organisation, kinds: Mapping[int, str], before: Mapping[int, int]
) -> Iterable[BranchLine]:
    rows = within(
        Result.objects.filter(run=run), ((organisation.path, authority.successor(organisation.path)),), "branch_path"
    ).order_by("branch_path")
    for row in rows.values_list(
        "branch_id", "branch_path", "branch_name", "unit_type", "superior_id", "assessed", "months", "points",
        "self_points", "earned_micro", "decided_micro", "applicable_micro", "place", "place_of", "is_last", "standards",
    ):  # fmt: skip
        change = row[7] - before[row[0]] if row[7] is not None and row[0] in before else None
        yield BranchLine(
            row[0], row[1], row[2], kinds.get(row[0], "branch"), row[3], row[4], bool(row[5]), row[6], row[7], row[8],
            row[9], row[10], row[11], row[12], row[13], bool(row[14]), change, json.loads(row[15]),
        )  # fmt: skip


def _computed(
    book: Rulebook, organisation: Organisation, quarter: Quarter, kinds: Mapping[int, str], before: Mapping[int, int]
) -> Iterable[BranchLine]:
    """Without a run the table is what the records say now: no places, only what is computed."""
    path = organisation.path
    rows = analytics.collect(book, quarter, lo=path, hi=authority.successor(path))
    names = dict(Organisation.objects.filter(path__startswith=path).values_list("pk", "name"))
    for row in rows:
        change = row.hundredths - before[row.branch] if row.hundredths is not None and row.branch in before else None
        yield BranchLine(
            row.branch, row.path, names[row.branch], kinds[row.branch], row.unit_type, row.parent, row.assessed,
            row.fact("register.months_in_period"), row.hundredths, None, row.earned, row.decided, row.applicable,
            None, None, False, change, computing.standards_of(computing.parts_of(row)),
        )  # fmt: skip


def _points_before(organisation: Organisation, quarter: Quarter) -> dict[int, int]:
    run = run_covering(organisation.path, quarter.previous())
    if run is None:
        return {}
    rows = Result.objects.filter(run=run, points__isnull=False).values_list("branch_id", "points")
    return {branch: points for branch, points in rows if points is not None}


def _means(lines: Sequence[BranchLine]) -> dict[str, int | None]:
    """Per standard the share earned of what was decided over all branches, in hundredths of a percent."""
    sums: dict[str, list[int]] = {}
    for line in lines:
        for name, (_state, earned, decided, _applicable) in line.standards.items():
            total = sums.setdefault(name, [0, 0])
            total[0] += earned
            total[1] += decided
    return {name: half_up(earned * 10_000, decided) if decided else None for name, (earned, decided) in sums.items()}


def heat(found: Committee, order: str = "place") -> dict[str, Any]:
    """Branches × standards in whole percent of what was decided; None where nothing was. Ordered by place or tree."""
    columns = [standard for standard in found.book.standards if any(standard in line.standards for line in found.lines)]
    ordered = sorted(
        found.lines,
        key=lambda line: line.path if order == "tree" else (-(line.points if line.points is not None else -1), line.path),
    )
    return {
        "columns": [{"key": key, "label": f"{key} {pick(found.book.standards[key].title)}"} for key in columns],
        "rows": [{"key": line.branch, "label": line.name} for line in ordered],
        "values": [[_percent(line.standards.get(key)) for key in columns] for line in ordered],
        "cell": reverse("assessment:point", args=[0, found.quarter.code, "S"]).replace("/0/", "/{row}/").replace("/S/", "/{column}/"),
    }


def _percent(cell: Sequence[Any] | None) -> int | None:
    if not cell or not cell[2]:
        return None
    return half_up(cell[1] * 100, cell[2])


def trend(organisation: Organisation, last: Quarter, count: int = 6) -> list[tuple[Quarter, int | None]]:
    """Quarter by quarter: a branch's points, or the mean of a committee's branches. Hundredths."""
    quarters = [Quarter.from_key(last.key - back) for back in range(count - 1, -1, -1)]
    found: dict[int, list[int]] = {}
    rows = within(
        Result.objects.filter(run__quarter__in=[quarter.key for quarter in quarters], points__isnull=False),
        ((organisation.path, authority.successor(organisation.path)),),
        "branch_path",
    ).values_list("run__quarter", "points")
    for key, points in rows:
        found.setdefault(key, []).append(points or 0)
    return [(q, half_up(sum(found[q.key]), len(found[q.key])) if q.key in found else None) for q in quarters]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A branch's year: four quarters, their mean, last places, and what the rules say of them."""

    branch: int
    name: str
    superior: int
    quarters: tuple[int | None, ...]
    average: int | None
    five_good: bool
    last_places: tuple[str, ...]
    alert: bool


def year_list(actor: Actor, organisation: Organisation, year: int) -> list[YearLine]:
    """The year's list for commendation, with last places in total. Facts and rules only: naming is a decision.

    Source: the group company's opinion (average of 90 and above; last place twice in total).
    """
    book = rulebook.load()
    quarters = [Quarter(year, number) for number in (1, 2, 3, 4)]
    spans = authority.ranges(actor, "assessment.view")
    rows = within(
        Result.objects.filter(run__quarter__lte=quarters[-1].key),
        ((organisation.path, authority.successor(organisation.path)),),
        "branch_path",
    ).order_by("branch_path", "run__quarter")
    rows = within(rows, spans, "branch_path")
    found: dict[int, dict[str, Any]] = {}
    for branch, name, superior, quarter, points, is_last, state in rows.values_list(
        "branch_id", "branch_name", "superior_id", "run__quarter", "points", "is_last", "run__state"
    ):
        line = found.setdefault(branch, {"points": {}, "last": []})
        line["name"], line["superior"] = name, superior
        if state == "open":
            continue
        line["points"][quarter] = points
        if is_last:
            line["last"].append(Quarter.from_key(quarter).code)
    day = quarters[-1].last
    enough, twice = book.scheme.number("five_good_average", day), book.scheme.number("last_places", day)
    lines = []
    for branch, line in found.items():
        points = tuple(line["points"].get(quarter.key) for quarter in quarters)
        average = scoring.year_average(points)
        lines.append(
            YearLine(
                branch, line["name"], line["superior"], points, average, average is not None and average >= enough,
                tuple(line["last"]), len(line["last"]) >= twice,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda each: (-(each.average or -1), -sum(p or 0 for p in each.quarters), each.name))


def rerun(run: Run) -> list[analytics.BranchRow]:
    """The quarter computed again under the rulebook of its time, from the records known then."""
    path = run.organisation.path
    return analytics.collect(
        books.of_run(run), Quarter.from_key(run.quarter), lo=path, hi=authority.successor(path),
        known_by=run.known_by, run=run.pk, rank_from=run.minimum_group,
    )  # fmt: skip


def difference(run: Run) -> list[tuple[int, str, int | None, int | None]]:
    """What records entered after the run's computation would change: (branch, name, points then, points now)."""
    path = run.organisation.path
    now = analytics.collect(
        books.of_run(run), Quarter.from_key(run.quarter), lo=path, hi=authority.successor(path), run=run.pk
    )
    then = {
        branch: (name, points)
        for branch, name, points in Result.objects.filter(run=run).values_list("branch_id", "branch_name", "points")
    }
    return [
        (row.branch, then[row.branch][0], then[row.branch][1], row.hundredths)
        for row in now
        if row.branch in then and then[row.branch][1] != row.hundredths
    ]
