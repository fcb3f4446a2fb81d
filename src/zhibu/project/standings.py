"""What `zhibu assess` answers: every branch below an organisation, from the records to ranked points. Reads only.

A quarter that was published or frozen stands as it was stored; what the records of today would make of it, under the
rulebook of that time, is shown beside it and never mixed in.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhibu import analytics, rulebook
from zhibu.assessment import books, computing
from zhibu.assessment.models import Result, Run, RunState
from zhibu.assessment.queries import run_covering, run_of
from zhibu.core.authority import successor
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.register.queries import stood

from .spoken import USAGE, Fault

ENGINES = ("sqlite", "postgres", "duckdb")
LEVEL = 4  # digits of one level of a path
VENDORS = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True, slots=True)
class Line:
    """One branch. `points` in hundredths; `earned`, `decided`, `applicable` and those of standards in micro-points."""

    branch: int
    path: str
    name: str
    unit_type: str
    superior: int | None
    assessed: bool
    months: int
    points: int | None
    place: int | None
    of: int | None
    earned: int
    decided: int
    applicable: int
    standards: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A branch whose points the records of today would change. Hundredths."""

    branch: int
    path: str
    name: str
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class Standings:
    """A committee's quarter. `reproduced`: computing again from what was known then gives what was stored."""

    organisation: Organisation
    quarter: Quarter
    run: Run | None
    book: Rulebook
    engine: str
    lines: tuple[Line, ...]
    stored: bool
    reproduced: bool | None
    difference: tuple[Difference, ...]


def standings(organisation: Organisation, quarter: Quarter, engine: str | None = None) -> Standings:
    """The quarter of every branch below (or of the branch itself), best first, then by place in the tree."""
    alone = organisation.kind in BRANCH_KINDS
    run = run_of(organisation, quarter) if alone else run_covering(organisation.path, quarter)
    book = books.of_run(run) if run else rulebook.load()
    minimum = run.minimum_group if run else book.scheme.number("minimum_group", quarter.last)
    asked = _Asked(organisation, quarter, book, run, minimum, engine_named(engine))
    stored = run is not None and run.state in {RunState.PUBLISHED, RunState.FROZEN}
    now = asked.lines(known_by=None)
    if not stored or run is None:
        return Standings(organisation, quarter, run, book, asked.engine, _ordered(now), False, None, ())
    then = _stored(run, organisation)
    again = asked.lines(known_by=run.known_by)
    same = {each.branch: _said(each) for each in then} == {each.branch: _said(each) for each in again}
    return Standings(
        organisation, quarter, run, book, asked.engine, _ordered(then), True, same, _differences(then, now)
    )


def engine_named(wanted: str | None) -> str:
    """The engine asked for, or the database itself. Raises Fault for another database than the installation has."""
    own = VENDORS[connection.vendor]
    if wanted in {None, own, "duckdb"}:
        return wanted or own
    raise Fault(
        "engine_elsewhere",
        f"本安装的数据库是 {own}，不能用 {wanted} 计算",
        f"写 --engine {own} 或 duckdb",
        exit_code=USAGE,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to the evidence engine."""

    organisation: Organisation
    quarter: Quarter
    book: Rulebook
    run: Run | None
    minimum: int
    engine: str

    def lines(self, known_by: int | None) -> list[Line]:
        """The branches as computed from what was known by an instant (epoch ms; None: now)."""
        low = stood(self.organisation, known_by).path
        rows = [row for row in self._rows(known_by, low) if low <= row.path < successor(low)]
        names = dict(
            Organisation.objects.filter(pk__in=[row.branch for row in rows]).values_list("pk", "name")
        )
        return [_line(row, names[row.branch]) for row in rows]

    def _rows(self, known_by: int | None, low: str) -> list[analytics.BranchRow]:
        # a branch has its place among the branches beside it, so all of them are asked for
        if self.organisation.kind in BRANCH_KINDS and len(low) > LEVEL:
            low = low[:-LEVEL]
        asked: dict[str, Any] = {
            "lo": low, "hi": successor(low), "known_by": known_by, "run": self.run.pk if self.run else None,
            "rank_from": self.minimum,
        }  # fmt: skip
        if self.engine != "duckdb":
            return analytics.collect(self.book, self.quarter, **asked)
        with tempfile.TemporaryDirectory(prefix="zhibu-export-") as folder:
            analytics.export(self.book, self.quarter, folder, lo=low, hi=successor(low))
            return analytics.collect(self.book, self.quarter, **asked, engine="duckdb", directory=folder)


def _line(row: analytics.BranchRow, name: str) -> Line:
    return Line(
        row.branch, row.path, name, row.unit_type, row.parent, row.assessed, row.fact("register.months_in_period"),
        row.hundredths, row.place, row.of, row.earned, row.decided, row.applicable,
        computing.standards_of(computing.parts_of(row)),
    )  # fmt: skip


def _stored(run: Run, organisation: Organisation) -> list[Line]:
    low = stood(organisation, run.known_by).path
    rows = Result.objects.filter(run=run, branch_path__gte=low, branch_path__lt=successor(low)).values()
    return [
        Line(
            row["branch_id"], row["branch_path"], row["branch_name"], row["unit_type"], row["superior_id"],
            bool(row["assessed"]), row["months"], row["points"], row["place"], row["place_of"], row["earned_micro"],
            row["decided_micro"], row["applicable_micro"], json.loads(row["standards"]),
        )
        for row in rows
    ]  # fmt: skip


def _said(line: Line) -> tuple[Any, ...]:
    """Everything computed about a branch, for comparing to the digit; its name may have changed since."""
    return (
        line.assessed, line.points, line.place, line.of, line.earned, line.decided, line.applicable,
        {name: list(values) for name, values in line.standards.items()},
    )  # fmt: skip


def _ordered(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.points is None, -(line.points or 0), line.path)))


def _differences(then: list[Line], now: list[Line]) -> tuple[Difference, ...]:
    today = {line.branch: line.points for line in now}
    found = [
        Difference(line.branch, line.path, line.name, line.points, today.get(line.branch))
        for line in then
        if line.points != today.get(line.branch)
    ]
    return tuple(sorted(found, key=lambda each: each.path))


def codes_of(branches: Sequence[int]) -> dict[int, str]:
    """The codes of organisations by id."""
    return dict(Organisation.objects.filter(pk__in=branches).values_list("pk", "code"))
