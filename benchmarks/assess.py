# ruff: noqa: S608 - a benchmark writes SQL from its own constants
"""A quarter's assessment: from tables to ranked scores, one branch, and how the time grows."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import _database, _records
from benchmarks.report import Report, best, median, seconds

BRANCHES = 484
LOOPED = 60
GROWTH = (5_000, 50_000)
LARGE = (250_000,)


def run(report: Report) -> None:
    """Measure the shipped rulebook on made-up records of the third quarter of 2026."""
    _database.prepare()
    from zhibu import rulebook
    from zhibu.core.calendar import Quarter

    book, quarter = rulebook.load(()), Quarter(2026, 3)
    compiling(report, book, quarter)
    on_the_database(report, book, quarter)
    growth(report, book, quarter)


def compiling(report: Report, book: Any, quarter: Any) -> None:
    from zhibu.analytics.compiler import Wanted, compile_quarter, write_quarter

    wanted = Wanted(quarter, ranked=True)
    report.add("facts", len(compile_quarter(book, wanted).layout.facts), "facts")
    report.add("parts of standards", len(compile_quarter(book, wanted).layout.parts), "parts")
    report.add("writing the text of a quarter", best(lambda: write_quarter(book, wanted)) * 1000, "ms")
    report.add("finding it again", median(lambda: compile_quarter(book, wanted)) * 1e6, "us")


def on_the_database(report: Report, book: Any, quarter: Any) -> None:
    """484 branches with five quarters of records, on the database the environment names (SQLite), against a loop of the ORM over the same records."""
    import duckdb
    from django.db import connection

    from benchmarks import _loop
    from zhibu import analytics

    vendor = connection.vendor
    engine = duckdb.connect()
    _records.make(engine, BRANCHES, first=-2, quarters=5)
    report.add("rows in the database", _database.fill(engine), "rows")
    rows: list[Any] = []

    def quick() -> None:
        rows[:] = analytics.collect(book, quarter, rank_from=3)

    spent = best(quick)
    looped: dict[Any, Any] = {}
    slow = seconds(lambda: looped.update(_loop.assess(book, quarter, LOOPED))) / len(looped)
    assert_equal(rows, looped)
    report.add(f"{BRANCHES} branches, tables to ranked scores", spent, "s", at_most=0.25)
    report.add("the same for one branch of them", spent / len(rows) * 1000, "ms")
    report.add("one branch by a loop of the ORM", slow * 1000, "ms")
    report.add("times faster than the loop", slow * len(rows) / spent, "x", at_least=20)
    paths = [row.path for row in rows]
    turn = iter(paths * 3)
    report.add(
        f"one branch alone on {vendor}, p50",
        median(lambda: analytics.collect_one(book, quarter, next(turn)), 300) * 1000,
        "ms",
        at_most={"sqlite": 0.5, "postgresql": 1.5}[vendor],
    )
    turn = iter(paths * 3)
    judged = median(lambda: analytics.collect_one(book, quarter, next(turn), shown=False), 300)
    report.add("the same without facts only shown to reviewers, p50", judged * 1000, "ms")
    report.add(
        "an edit and the new score of its branch, p50", edited(book, quarter, paths) * 1000, "ms", at_most=5
    )
    names = list(book.facts)[:12]
    month = quarter.months[1]
    some = lambda: analytics.facts_for(book, names, paths[7], paths[7] + "0", month.first, month.last)  # noqa: E731 - timed
    report.add("twelve facts of one branch in a month, p50", median(some) * 1000, "ms")
    named = book.facts["life.general_meetings"].id
    shown = lambda: analytics.evidence(book, named, rows[7].branch, quarter.first, quarter.last)  # noqa: E731 - timed
    report.add("the records behind one fact, p50", median(shown) * 1000, "ms")
    exporting(report, book, quarter)


def edited(book: Any, quarter: Any, paths: list[str]) -> float:
    """Seconds from a changed record, committed, to the branch judged anew; the median of a hundred."""
    from zhibu import analytics
    from zhibu.life.models import Session

    turn = iter(paths * 3)

    def edit() -> None:
        path = next(turn)
        Session.objects.filter(organisation__path=path, kind="party_lesson").update(study_minutes=61)
        analytics.collect_one(book, quarter, path)

    return median(edit, 100)


def assert_equal(rows: list[Any], looped: dict[Any, Any]) -> None:
    """Both ways find the same facts and points; places are compared by the tests, as the loop is cut short."""
    quick = {row.branch: (row.as_facts(), row.hundredths) for row in rows}
    assert looped
    assert all(quick[branch] == (facts, points) for branch, (facts, points, _place) in looped.items())


def exporting(report: Report, book: Any, quarter: Any) -> None:
    from zhibu import analytics

    directory = report.home / "export"
    manifest: list[Any] = []
    spent = seconds(lambda: manifest.append(analytics.export(book, quarter, directory)))
    report.add("exporting a quarter of them", spent, "s")
    report.add("rows exported a second", manifest[0].rows / spent, "rows/s")
    report.add("size of the export", sum(f.bytes for b in manifest[0].buckets for f in b.files) / 1e6, "MB")
    ours = analytics.collect(book, quarter, rank_from=3)
    assert analytics.collect(book, quarter, rank_from=3, engine="duckdb", directory=directory) == ours
    spent = best(
        lambda: analytics.collect(book, quarter, rank_from=3, engine="duckdb", directory=directory), 3
    )
    report.add(f"{BRANCHES} branches from the export on DuckDB", spent, "s")


def growth(report: Report, book: Any, quarter: Any) -> None:
    """Time per branch on DuckDB from an export must not grow with the number of branches."""
    each: dict[int, float] = {}
    for branches in GROWTH + (LARGE if report.large else ()):
        with tempfile.TemporaryDirectory(dir=report.home) as place:
            rows = synthetic_export(book, quarter, Path(place), branches)
            command = [sys.executable, "-m", "benchmarks._alone", place, f"{place}/results", quarter.code]
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        each[branches] = told["processor"] / branches
        goals = {50_000: (1.5, None), 250_000: (6.0, 1024)}.get(branches, (None, None))
        name = f"{branches:,} branches ({rows:,} rows) from files to results and places"
        report.add(name, told["wall"], "s", at_most=goals[0])
        report.add(f"{branches:,} branches: processor time per branch", each[branches] * 1e6, "us")
        report.add(f"{branches:,} branches: memory at its highest", told["memory"], "MB", at_most=goals[1])
    sizes = list(each)
    # two noisy cores: a tenth is within the noise
    report.add("growth of the time per branch", each[sizes[-1]] / each[sizes[0]], "x", at_most=1.1)


def synthetic_export(book: Any, quarter: Any, directory: Path, branches: int) -> int:
    """The same files `analytics.export` writes, filled without a database; number of rows."""
    import duckdb

    from zhibu.analytics import exporting as parquet
    from zhibu.analytics.buckets import BUCKET
    from zhibu.analytics.needs import needs
    from zhibu.analytics.timeframe import FOREVER, Timeframe

    timeframe = Timeframe(quarter.first, quarter.last)
    engine = duckdb.connect()
    target = directory / quarter.code
    wanted = needs(book, timeframe.shape)
    buckets = []
    for number, start in enumerate(range(0, branches, BUCKET)):
        size = min(BUCKET, branches - start)
        lo, hi = _records.path_of(start), _records.path_of(start + size)
        _records.make(engine, size, start=start, first=0, quarters=3)
        folder = target / f"{number:04d}"
        folder.mkdir(parents=True)
        binds = {**timeframe.binds(), "lo": lo, "hi": hi, "known": FOREVER}
        files = tuple(copied(engine, parquet, need, binds, folder) for need in wanted)
        buckets.append(parquet.Bucket(folder.name, lo, hi, files))
    columns = {need.table: tuple(need.columns) for need in wanted}
    manifest = parquet.Manifest(quarter.code, book.digest, columns, tuple(buckets))
    parquet.write_manifest(target, manifest)
    return manifest.rows


WIDTHS = {"day": "INTEGER", "int": "INTEGER", "flag": "TINYINT", "text": "VARCHAR"}


def copied(engine: Any, parquet: Any, need: Any, binds: dict[str, Any], folder: Path) -> Any:
    path = folder / f"{need.table}.parquet"
    columns = ", ".join(
        f"{name}::{WIDTHS.get(kind, 'BIGINT')} AS {name}" for name, kind in need.columns.items()
    )
    text = f"SELECT {columns} FROM ({parquet.select_text(need, 'zb_organisation', binds)})".replace(
        "\x01", ""
    )
    engine.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    rows = engine.execute(f"SELECT COUNT(*) FROM '{path}'").fetchone()[0]
    return parquet.File(need.table, rows, path.stat().st_size, parquet.checksum(path))
