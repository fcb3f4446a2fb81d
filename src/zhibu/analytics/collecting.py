"""Facts, verdicts and totals of branches, read from whichever engine holds the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook

from . import live
from .buckets import bounds
from .compiler import Wanted, compile_facts, compile_quarter
from .layout import BranchRow
from .ranking import with_places
from .reading import rows_of
from .timeframe import FOREVER, Timeframe

Engine: TypeAlias = Literal["sqlite", "postgres", "duckdb"]

LOWEST, HIGHEST = "", "z"
"""The path range of the whole tree: digits sort between these under every collation."""


def collect(
    rulebook: Rulebook,
    quarter: Quarter,
    *,
    lo: str = LOWEST,
    hi: str = HIGHEST,
    known_by: int | None = None,
    run: int | None = None,
    rank_from: int | None = None,
    shown: bool = True,
    engine: Engine | None = None,
    directory: Path | str | None = None,
) -> list[BranchRow]:
    """Every branch with lo <= path < hi that existed in the quarter, by path: facts, verdicts, total.

    `known_by` (epoch ms) reads the evidence as it stood at that instant, the tree too: what was entered later is left
    out, what was changed later is as it was. `run` adds the points reviewers gave in that assessment
    run; `rank_from` is the smallest peer group (same unit type, same superior) that is ranked, None ranks nobody.
    Without `shown`, facts that are only shown beside a reviewer's question are not counted: no verdict needs them.
    Places are right when the range holds whole peer groups. `engine` "duckdb" reads the export in `directory`;
    otherwise the rows come from Django's own connection. Raises EngineError when that cannot be done.
    """
    wanted = Wanted(quarter, reviewed=run is not None, shown=shown, then=known_by is not None)
    binds = _binds(Timeframe(quarter.first, quarter.last), lo, hi, known_by)
    if run is not None:
        binds["run"] = run
    if engine == "duckdb":
        from .batch import collect_from_export  # noqa: PLC0415 - DuckDB belongs to large installations only

        rows = list(collect_from_export(rulebook, wanted, binds, directory))
        return rows if rank_from is None else with_places(rows, rank_from)
    ranges = bounds(rulebook, binds, then=wanted.then)
    if len(ranges) == 1 and rank_from is not None:
        wanted = replace(wanted, ranked=True)
        binds["minimum"] = rank_from
    compiled = compile_quarter(rulebook, wanted)
    rows = [
        row
        for low, high in ranges
        for row in rows_of(compiled.layout, live.run(compiled, {**binds, "lo": low, "hi": high}))
    ]
    return with_places(rows, rank_from) if len(ranges) > 1 and rank_from is not None else rows


def collect_one(
    rulebook: Rulebook,
    quarter: Quarter,
    path: str,
    *,
    known_by: int | None = None,
    run: int | None = None,
    shown: bool = True,
) -> BranchRow | None:
    """One branch as `collect` gives it, without a place; None when no such branch existed in the quarter."""
    wanted = Wanted(quarter, reviewed=run is not None, one=True, shown=shown, then=known_by is not None)
    compiled = compile_quarter(rulebook, wanted)
    # the node alone: its own path and nothing below it
    binds = _binds(Timeframe(quarter.first, quarter.last), path, path + "0", known_by)
    if run is not None:
        binds["run"] = run
    return next(rows_of(compiled.layout, live.run(compiled, binds, often=True)), None)


def facts_for(
    rulebook: Rulebook,
    names: Iterable[str],
    lo: str,
    hi: str,
    first: date,
    last: date,
    *,
    known_by: int | None = None,
) -> dict[int, dict[str, int]]:
    """Some facts of the branches with lo <= path < hi over any days (a month, the quarter until today), by branch id.

    Half-year and year facts run up to `last`. Raises KeyError for a fact the rulebook does not know.
    """
    wanted = tuple(sorted(set(names)))
    timeframe = Timeframe(first, last)
    compiled = compile_facts(rulebook, wanted, timeframe, one=hi == lo + "0", then=known_by is not None)
    rows = live.run(compiled, _binds(timeframe, lo, hi, known_by), often=True)
    return {row[0]: dict(zip(wanted, map(int, row[1:]), strict=True)) for row in rows}


def explain_sql(rulebook: Rulebook, quarter: Quarter, *, reviewed: bool = False, ranked: bool = False) -> str:
    """The text an assessment of the quarter runs, for a reader who wants to check it."""
    return compile_quarter(rulebook, Wanted(quarter, reviewed, ranked)).sql


def _binds(timeframe: Timeframe, lo: str, hi: str, known_by: int | None) -> dict[str, int | str]:
    known = FOREVER if known_by is None else known_by
    return {**_days(timeframe), "lo": lo, "hi": hi, "known": known}


@lru_cache(maxsize=64)
def _days(timeframe: Timeframe) -> dict[str, int]:
    return timeframe.binds()
