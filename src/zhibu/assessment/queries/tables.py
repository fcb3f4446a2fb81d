"""All branches of a committee side by side, and over time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu import analytics, record, rulebook
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook
from zhibu.core.points import half_up
from zhibu.register.models import Organisation
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from .. import books, computing, policies
from ..models import Result, Run, RunState
from .runs import about, runs_lately

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


class Cells:
    """The standards of a run's results: long texts, read only of the branches whose standards a page shows."""

    def __init__(self, run: int, span: tuple[str, str]) -> None:
        self._rows = within(Result.objects.filter(run=run), (span,), "branch_path")
        self._texts: dict[int, str] = {}

    def read(self, branches: Iterable[int]) -> None:
        """Fetch those of some branches at once."""
        rows = self._rows.filter(branch__in=[each for each in branches if each not in self._texts])
        self._texts.update(rows.values_list("branch_id", "standards"))

    def of(self, branch: int) -> Mapping[str, Sequence[Any]]:
        """Those of one branch; all of them are fetched when nobody said which are wanted."""
        if branch not in self._texts:
            self._texts.update(self._rows.values_list("branch_id", "standards"))
        found: Mapping[str, Sequence[Any]] = json.loads(self._texts[branch])
        return found


# not frozen: hundreds of lines of twenty fields are made for a page, and freezing takes five times as long
@dataclass
class BranchLine:
    """A branch in the committee's table. Points in hundredths; ``change`` against the quarter before.

    ``band`` is "advanced", "middle", "lagging" or "" outside a run; ``above`` names a superior that is not the
    committee of the table, for branches of several units have the same name.
    """

    branch: int
    path: str
    name: str
    kind: str
    unit_type: str
    superior: int | None
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
    band: str
    above: str
    cells: Cells | Mapping[str, Sequence[Any]]

    @cached_property
    def standards(self) -> Mapping[str, Sequence[Any]]:
        """Standard -> [state, earned, decided, applicable]; read only where a page shows it."""
        return self.cells.of(self.branch) if isinstance(self.cells, Cells) else self.cells

    @property
    def open(self) -> int:
        """Weights of applicable parts that nobody judged yet, micro-points."""
        return self.applicable - self.decided


@dataclass(frozen=True)
class Committee:
    """A committee's quarter: its run if there is one, and a line for every branch within reach."""

    organisation: Organisation
    quarter: Quarter
    run: Run | None
    book: Rulebook
    lines: tuple[BranchLine, ...]
    pending: bool = False
    within: record.About | None = None
    """The acts that change the lines (`record.kept`); None for all."""

    @cached_property
    def means(self) -> dict[str, int | None]:
        """Per standard the share earned of what was decided over all branches, in hundredths of a percent."""
        return _means(self.lines)

    @property
    def mean(self) -> int | None:
        """The mean of the points given, hundredths, half up."""
        given = [line.points for line in self.lines if line.points is not None]
        return half_up(sum(given), len(given)) if given else None


def committee(actor: Actor, organisation: Organisation, quarter: Quarter) -> Committee:
    """Every branch below a committee within the actor's reach, from its run, or computed now when there is none.

    Who may not see judgements before publication sees an open run as ``pending``: what the records say, no places.
    """
    runs = runs_lately(organisation.path, quarter)
    run, earlier = runs.get(quarter.key), runs.get(quarter.previous().key)
    pending = not policies.may_see_judgement(actor, run, organisation.path)
    spans = authority.ranges(actor, "assessment.view")
    if earlier is not None and not policies.may_see_judgement(actor, earlier, organisation.path):
        earlier = None
    book = books.of_run(run) if run else rulebook.load()
    stored = None if pending else run
    key = (
        "committee",
        organisation.pk,
        quarter.key,
        stored and stored.pk,
        earlier and earlier.pk,
        book.digest,
    )
    lines = record.kept(
        key,
        lambda: tuple(_lines(stored, book, organisation, quarter, earlier)),
        within=about(stored, earlier),
    )
    low, high = subtree(organisation)
    if not any(lo <= low and high <= hi for lo, hi in spans):
        lines = tuple(line for line in lines if any(lo <= line.path < hi for lo, hi in spans))
    return Committee(
        organisation, quarter, None if pending else run, book, lines, pending, about(stored, earlier)
    )


def _lines(
    run: Run | None, book: Rulebook, organisation: Organisation, quarter: Quarter, earlier: Run | None
) -> Iterable[BranchLine]:
    """Every branch of a committee: from the run when its results may be seen, from the records otherwise."""
    below = within(Organisation.objects.exclude(kind="party_group"), (subtree(organisation),), "path")
    nodes = {row[0]: row for row in below.values_list("pk", "name", "kind")}
    before = _points_of(earlier, organisation)
    if run is None:
        return _computed(book, organisation, quarter, nodes, before)
    return _stored(run, book, organisation, nodes, before)


def subtree(organisation: Organisation) -> tuple[str, str]:
    """The half-open path range of an organisation and all below it."""
    return organisation.path, authority.successor(organisation.path)


HUNDRED = 100  # percent; written without its sign, for the column is narrow
Nodes = Mapping[int, tuple[int, str, str]]


def _above(organisation: Organisation, nodes: Nodes, superior: int | None) -> str:
    return (
        "" if superior is None or superior == organisation.pk or superior not in nodes else nodes[superior][1]
    )


def bands_of(run: Run, book: Rulebook, points: Iterable[int | None] | None = None) -> computing.Bands:
    """The edges of the three bands over all branches of a run. Source: guidance by category, of the opinion.

    `points` are those of all its branches that were assessed, where they were read already.
    """
    day = Quarter.from_key(run.quarter).last
    if timezone.localdate(run.computed_at) <= day:
        # what a running quarter shows so far says nothing of who is ahead
        return computing.Bands(None, None)
    if points is None:
        points = Result.objects.filter(run=run, assessed=1).values_list("points", flat=True)
    numbers = (book.scheme.number(name, day) for name in ("advanced_share", "lagging_share", "weak_below"))
    return computing.bands((each for each in points if each is not None), *numbers)


def _stored(
    run: Run, book: Rulebook, organisation: Organisation, nodes: Nodes, before: Mapping[int, int]
) -> Iterable[BranchLine]:
    span = subtree(organisation)
    rows = list(
        within(Result.objects.filter(run=run), (span,), "branch_path").order_by("branch_path").values_list(
            "branch_id", "branch_path", "branch_name", "unit_type", "superior_id", "assessed", "months", "points",
            "self_points", "earned_micro", "decided_micro", "applicable_micro", "place", "place_of", "is_last",
        )
    )  # fmt: skip
    whole = run.organisation_id == organisation.pk
    bands = bands_of(run, book, [row[7] for row in rows if row[5]] if whole else None)
    cells = Cells(run.pk, span)
    for row in rows:
        change = row[7] - before[row[0]] if row[7] is not None and row[0] in before else None
        kind = nodes[row[0]][2] if row[0] in nodes else "branch"
        yield BranchLine(
            row[0], row[1], row[2], kind, row[3], row[4], bool(row[5]), row[6], row[7], row[8], row[9], row[10], row[11],
            row[12], row[13], bool(row[14]), change, bands.of(row[7]) if row[5] else "",
            _above(organisation, nodes, row[4]), cells,
        )  # fmt: skip


def _computed(
    book: Rulebook, organisation: Organisation, quarter: Quarter, nodes: Nodes, before: Mapping[int, int]
) -> Iterable[BranchLine]:
    """Without a run the table is what the records say now: no places, only what is computed."""
    lo, hi = subtree(organisation)
    for row in analytics.collect(book, quarter, lo=lo, hi=hi):
        _pk, name, kind = nodes[row.branch]
        change = (
            row.hundredths - before[row.branch]
            if row.hundredths is not None and row.branch in before
            else None
        )
        yield BranchLine(
            row.branch, row.path, name, kind, row.unit_type, row.parent, row.assessed, row.fact("register.months_in_period"),
            row.hundredths, None, row.earned, row.decided, row.applicable, None, None, False, change, "",
            _above(organisation, nodes, row.parent), computing.standards_of(computing.parts_of(row)),
        )  # fmt: skip


def _points_of(run: Run | None, organisation: Organisation) -> dict[int, int]:
    if run is None:
        return {}
    rows = within(
        Result.objects.filter(run=run, points__isnull=False), (subtree(organisation),), "branch_path"
    )
    return {
        branch: points for branch, points in rows.values_list("branch_id", "points") if points is not None
    }


def _means(lines: Sequence[BranchLine]) -> dict[str, int | None]:
    return _shares((name, cell[1], cell[2]) for line in lines for name, cell in line.standards.items())


def _shares(sums: Iterable[tuple[str, int, int]]) -> dict[str, int | None]:
    """Standard -> earned of decided in hundredths of a percent, from (standard, earned, decided)."""
    found: dict[str, list[int]] = {}
    for name, earned, decided in sums:
        total = found.setdefault(name, [0, 0])
        total[0] += earned
        total[1] += decided
    return {
        name: half_up(earned * 10_000, decided) if decided else None
        for name, (earned, decided) in found.items()
    }


@dataclass(frozen=True)
class Glance:
    """A committee's quarter in sum: how many branches, how they stand, and every standard's share. Hundredths."""

    run: Run | None
    all: int
    high: int
    low: int
    mean: int | None
    means: Mapping[str, int | None]
    book: Rulebook


def glance(actor: Actor, organisation: Organisation, quarter: Quarter) -> Glance:
    """What the table of a committee comes to, without reading its lines where the run keeps the sums."""
    run = runs_lately(organisation.path, quarter).get(quarter.key)
    spans, whole = authority.ranges(actor, "assessment.view"), subtree(organisation)
    seen_whole = any(lo <= whole[0] and whole[1] <= hi for lo, hi in spans)
    may_see = policies.may_see_judgement(actor, run, organisation.path)
    if run is None or not run.sums or not seen_whole or not may_see:
        return _glanced(committee(actor, organisation, quarter))
    return record.kept(
        ("glance", organisation.pk, whole, run.pk), lambda: _of_run(run, whole, quarter), within=about(run)
    )


def _of_run(run: Run, whole: tuple[str, str], quarter: Quarter) -> Glance:
    """What a run keeps in sum."""
    book = books.of_run(run)
    good, weak = (book.scheme.number(name, quarter.last) for name in ("five_good_average", "weak_below"))
    rows = within(Result.objects.filter(run=run), (whole,), "branch_path").values_list("points", flat=True)
    every = list(rows)
    points = [each for each in every if each is not None]
    below = ((path, sums) for path, sums in json.loads(run.sums).items() if whole[0] <= path < whole[1])
    return Glance(
        run,
        len(every),
        sum(each >= good for each in points),
        sum(each < weak for each in points),
        half_up(sum(points), len(points)) if points else None,
        _shares((name, *sums) for _path, found in below for name, sums in found.items()),
        book,
    )


def _glanced(found: Committee) -> Glance:
    """From the lines: what the records say now, or the part of a committee that the reader sees."""
    good, weak = (
        found.book.scheme.number(name, found.quarter.last) for name in ("five_good_average", "weak_below")
    )
    points = [line.points for line in found.lines if line.points is not None]
    high, low = sum(each >= good for each in points), sum(each < weak for each in points)
    return Glance(found.run, len(found.lines), high, low, found.mean, found.means, found.book)


def heat(found: Committee, order: str = "place") -> dict[str, Any]:
    """Branches × standards in whole percent of what was decided; None where nothing was. Ordered by place or tree."""
    columns = [
        standard
        for standard in found.book.standards
        if any(standard in line.standards for line in found.lines)
    ]
    ordered = sorted(found.lines, key=lambda line: line.path)
    if order != "tree":
        ordered.sort(key=lambda line: 1 if line.points is None else -line.points)
    often = Counter(line.name for line in ordered)
    return {
        "columns": [_column(found, key) for key in columns],
        "rows": [{"key": each.branch, "label": _told_apart(each, often)} for each in ordered],
        "values": [[_percent(line.standards.get(key)) for key in columns] for line in ordered],
        "cell": reverse("assessment:point", args=[0, found.quarter.code, "S"])
        .replace("/0/", "/{row}/")
        .replace("/S/", "/{column}/"),
    }


def _told_apart(line: BranchLine, often: Mapping[str, int]) -> str:
    """The name of a branch; with what stands above it where others are called the same."""
    return f"{line.name}（{line.above}）" if line.above and often[line.name] > 1 else line.name


def _column(found: Committee, key: str) -> dict[str, str]:
    """A column with its standard's title and mean, as the tooltip shows them."""
    share = found.means.get(key)
    title = f"{key} {pick(found.book.standards[key].title)}"
    if share is None:
        return {"key": key, "label": title, "mean": ""}
    mean = half_up(share, 100)
    return {
        "key": key,
        "label": f"{title} · {_('平均')} {mean}%",
        "mean": f"{mean}%" if mean < HUNDRED else "100",
    }


def _percent(cell: Sequence[Any] | None) -> int | None:
    if not cell or not cell[2]:
        return None
    return half_up(cell[1] * 100, cell[2])


def trend(
    actor: Actor, organisation: Organisation, last: Quarter, count: int = 6
) -> list[tuple[Quarter, int | None]]:
    """Quarter by quarter: a branch's points, or the mean of a committee's branches within reach. Hundredths.

    An open quarter is left out for who may not see judgements before publication.
    """
    quarters = [Quarter.from_key(last.key - back) for back in range(count - 1, -1, -1)]
    found: dict[int, list[int]] = {}
    rows = Result.objects.filter(run__quarter__in=[quarter.key for quarter in quarters], points__isnull=False)
    if not authority.may(actor, "assessment.review", organisation.path):
        rows = rows.exclude(run__state=RunState.OPEN)
    rows = within(
        within(rows, (subtree(organisation),), "branch_path"),
        authority.ranges(actor, "assessment.view"),
        "branch_path",
    )
    for key, points in rows.values_list("run__quarter", "points"):
        found.setdefault(key, []).append(points or 0)
    return [(q, half_up(sum(found[q.key]), len(found[q.key])) if q.key in found else None) for q in quarters]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A branch's year: four quarters, their mean, last places, and what the rules say of them."""

    branch: int
    name: str
    superior: int | None
    quarters: tuple[int | None, ...]
    average: int | None
    five_good: bool
    last_places: tuple[str, ...]
    alert: bool
