"""An export is complete, checked, and gives the same rows on DuckDB."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.scale.shipped import review
from zhibu import analytics
from zhibu.analytics import arrow_source, batch, exporting
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook

Q2 = Quarter.parse("2026Q2")


@pytest.mark.parametrize("size", [5, 50_000])
def test_duckdb_reads_the_same_from_an_export(book: Rulebook, rows: Any, tmp_path: Path, size: int) -> None:
    ours = analytics.collect(book, Q2, rank_from=3)
    manifest = analytics.export(book, Q2, tmp_path, bucket=size)
    assert (len(manifest.buckets) > 1) is (size == 5)
    theirs = analytics.collect(book, Q2, rank_from=3, engine="duckdb", directory=tmp_path)
    assert theirs == ours
    part = analytics.collect(book, Q2, lo="0002", hi="0003", engine="duckdb", directory=tmp_path)
    assert part == analytics.collect(book, Q2, lo="0002", hi="0003")


def test_reviewers_points_come_from_the_database(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    analytics.export(book, Q2, tmp_path, bucket=9)
    plain = analytics.collect(book, Q2)
    key = plain[0].layout.parts[plain[0].states.index("awaiting_review")]
    review(Q2, {row.branch: key.weight // 2 for row in plain[::2]}, key.standard, key.part)
    ours = analytics.collect(book, Q2, run=1)
    assert ours != plain
    assert analytics.collect(book, Q2, run=1, engine="duckdb", directory=tmp_path) == ours


def test_no_personal_column_leaves_the_database(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    manifest = analytics.export(book, Q2, tmp_path)
    personal = {"name", "title", "note", "minutes", "opinion", "promised", "place"}
    leaving = {table: set(columns) & personal for table, columns in manifest.columns.items()}
    # of a study record minutes are a number: how long it was
    assert {table: found for table, found in leaving.items() if found} == {
        "zb_study_record": {"minutes"},
        "zb_study_record_past": {"minutes"},
    }


def test_results_and_places_of_a_country_are_files(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    from pyarrow import parquet

    ours = {row.branch: row for row in analytics.collect(book, Q2, rank_from=3)}
    analytics.export(book, Q2, tmp_path, bucket=7)
    assert batch.assess(book, Q2, tmp_path, tmp_path / "out", rank_from=3) == len(ours)
    for file in sorted((tmp_path / "out").glob("results-*.parquet")):
        for row in parquet.read_table(
            file, columns=["branch", "hundredths", "life.general_meetings"]
        ).to_pylist():
            mine = ours[row["branch"]]
            assert (mine.hundredths, mine.fact("life.general_meetings")) == (
                row["hundredths"],
                row["life.general_meetings"],
            )
    places = parquet.read_table(tmp_path / "out" / "places.parquet").to_pylist()
    assert {row["branch"]: (row["place"], row["of"]) for row in places} == {
        branch: (row.place, row.of) for branch, row in ours.items()
    }


def test_an_export_is_written_once(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    first = analytics.export(book, Q2, tmp_path)
    assert analytics.export(book, Q2, tmp_path, bucket=3) == first
    assert len(analytics.export(book, Q2, tmp_path, bucket=3, replace=True).buckets) > 1


def test_a_damaged_file_is_found(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    manifest = analytics.export(book, Q2, tmp_path)
    exporting.verify(tmp_path, Q2)
    *_, path = next(exporting.files_of(tmp_path, Q2, manifest))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(analytics.ExportUnfitError, match="differs from the manifest"):
        exporting.verify(tmp_path, Q2)
    path.write_bytes(b"")
    with pytest.raises(analytics.ExportUnfitError, match="absent or cut short"):
        analytics.collect(book, Q2, engine="duckdb", directory=tmp_path)


def test_without_an_export_the_remedy_is_said(book: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(analytics.ExportUnfitError, match="name its `directory`"):
        analytics.collect(book, Q2, engine="duckdb")
    with pytest.raises(analytics.ExportUnfitError, match="export the quarter 2026Q2 first"):
        analytics.collect(book, Q2, engine="duckdb", directory=tmp_path)


def test_a_column_the_rulebook_reads_since_then_is_missed(book: Rulebook, rows: Any, tmp_path: Path) -> None:
    manifest = analytics.export(book, Q2, tmp_path)
    columns = {table: names[:-1] for table, names in manifest.columns.items()}
    older = exporting.Manifest(manifest.quarter, manifest.rulebook, columns, manifest.buckets)
    exporting.write_manifest(tmp_path / Q2.code, older)
    with pytest.raises(analytics.ExportUnfitError, match="which the rulebook now reads"):
        analytics.collect(book, Q2, engine="duckdb", directory=tmp_path)


def test_without_the_packages_the_remedy_is_said(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> Any:
        if name.startswith("duckdb"):
            raise ImportError(name)
        return import_module(name)

    monkeypatch.setattr(arrow_source, "import_module", absent)
    with pytest.raises(analytics.ExtraMissingError, match=r"zhibu\[large\]"):
        batch.connected()


@pytest.mark.django_db(transaction=True)
def test_adbc_reads_what_the_cursor_reads(book: Rulebook, made: Any, tmp_path: Path) -> None:
    """Outside a transaction the rows come through ADBC when the database is a file or a server."""
    from tests.scale.shipped import write

    write(made)
    ours = analytics.collect(book, Q2)
    analytics.export(book, Q2, tmp_path)
    assert analytics.collect(book, Q2, engine="duckdb", directory=tmp_path) == ours
    if connection.vendor == "sqlite":
        assert still_locked(Path(connection.settings_dict["NAME"]))


def still_locked(file: Path) -> bool:
    """Whether another process sees that this one has the database open: the last to close it takes the log away."""
    look = "import sqlite3, sys; opened = sqlite3.connect(sys.argv[1]); opened.execute('SELECT 1 FROM zb_entry'); opened.close()"
    subprocess.run([sys.executable, "-c", look, str(file)], check=True)
    return file.with_name(f"{file.name}-wal").exists()
