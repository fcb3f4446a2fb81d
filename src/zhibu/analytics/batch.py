"""The same text on DuckDB, over an export, one bucket of branches at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook

from .arrow_source import required
from .compiler import HEAD, TAIL, Compiled, Wanted, compile_quarter
from .exporting import Bucket, Manifest, read_manifest
from .layout import BranchRow
from .needs import needs
from .placeholders import Style, inlined
from .ranking import RANK_TOTALS
from .reading import rows_of
from .refusals import ExportUnfitError
from .timeframe import FOREVER, Timeframe
from .verdicts import REVIEWS

Binds = Mapping[str, int | str]
Where = Path | str

_TOTALS = "branch, unit_type, parent_id, hundredths"


def collect_from_export(
    rulebook: Rulebook, wanted: Wanted, binds: Binds, directory: Where | None
) -> Iterator[BranchRow]:
    """Rows of an export, bucket by bucket; those outside lo <= path < hi are left out."""
    place, manifest = _checked(rulebook, wanted, directory)
    compiled = compile_quarter(rulebook, wanted)
    with closing(connected()) as engine:
        for bucket in manifest.buckets:
            if bucket.hi <= str(binds["lo"]) or bucket.lo >= str(binds["hi"]):
                continue
            _open(engine, place, manifest, bucket)
            if wanted.reviewed:
                _bring_reviews(engine, binds)
            yield from rows_of(compiled.layout, _query(engine, compiled, binds).fetchall())


def assess(
    rulebook: Rulebook,
    quarter: Quarter,
    directory: Where,
    into: Where,
    *,
    rank_from: int,
    threads: int | None = None,
    shown: bool = False,
) -> int:
    """Assess an exported quarter into Parquet files (results by bucket, one file of places); number of branches.

    For countries: no row passes through Python, and memory holds one bucket. `shown` adds the facts shown beside
    reviewers' questions, which no verdict needs. Raises ExportUnfitError.
    """
    parquet = required("pyarrow.parquet")
    wanted = Wanted(quarter, shown=shown)
    place, manifest = _checked(rulebook, wanted, directory)
    compiled = compile_quarter(rulebook, wanted)
    binds: dict[str, int | str] = {
        **Timeframe(quarter.first, quarter.last).binds(),
        "lo": "",
        "hi": "z",
        "known": FOREVER,
    }
    target = Path(into)
    target.mkdir(parents=True, exist_ok=True)
    names = column_names(compiled)
    branches = 0
    with closing(connected(threads)) as engine:
        engine.execute(f"CREATE TABLE kept AS SELECT {_NO_TOTALS}")
        for bucket in manifest.buckets:
            _open(engine, place, manifest, bucket)
            results = _query(engine, compiled, binds).to_arrow_table().rename_columns(names)
            engine.register("results", results)
            engine.execute(f"INSERT INTO kept SELECT {_TOTALS} FROM results")
            engine.unregister("results")
            parquet.write_table(results, target / f"results-{bucket.name}.parquet", compression="zstd")
            branches += results.num_rows
        engine.execute("CREATE VIEW totals AS SELECT * FROM kept")
        ranks = inlined(RANK_TOTALS, {"minimum": str(int(rank_from))})
        placed = engine.sql(ranks).to_arrow_table().rename_columns(["branch", "place", "of"])
        parquet.write_table(placed, target / "places.parquet", compression="zstd")
    return branches


_REVIEW_COLUMNS = {
    "run_id": "int64",
    "branch_id": "int64",
    "standard": "string",
    "part": "string",
    "applicable": "int64",
    "points_micro": "int64",
}
_NO_TOTALS = (
    "CAST(0 AS BIGINT) AS branch, '' AS unit_type, CAST(0 AS BIGINT) AS parent_id,"
    " CAST(0 AS BIGINT) AS hundredths WHERE 1 = 0"
)


def column_names(compiled: Compiled) -> list[str]:
    """Names for the columns of a quarter's text: facts by name, parts as `S12.general.state` and `….points`."""
    parts = [f"{part.standard}.{part.part}" for part in compiled.layout.parts]
    return [
        *HEAD,
        *compiled.layout.facts,
        *(f"{part}.state" for part in parts),
        *(f"{part}.points" for part in parts),
        *TAIL,
    ]


def connected(threads: int | None = None) -> Any:
    """A DuckDB in memory that keeps no order it is not asked for. Raises ExtraMissingError."""
    engine = required("duckdb").connect(":memory:")
    engine.execute("SET preserve_insertion_order = false")
    if threads is not None:
        engine.execute(f"SET threads = {int(threads)}")
    return engine


def _checked(rulebook: Rulebook, wanted: Wanted, directory: Where | None) -> tuple[Path, Manifest]:
    if directory is None:
        raise ExportUnfitError('The engine "duckdb" reads an export: name its `directory`.')
    quarter = wanted.quarter
    manifest = read_manifest(directory, quarter)
    for need in needs(rulebook, Timeframe(quarter.first, quarter.last).shape, shown=wanted.shown):
        absent = sorted(set(need.columns) - set(manifest.columns.get(need.table, ())))
        if absent:
            raise ExportUnfitError(
                f"The export of {quarter.code} lacks {need.table}: {', '.join(absent)}, which the rulebook now reads."
                " Export the quarter again with `replace`."
            )
    return Path(directory) / quarter.code, manifest


def _open(engine: Any, place: Path, manifest: Manifest, bucket: Bucket) -> None:
    for file in bucket.files:
        path = place / bucket.name / f"{file.table}.parquet"
        if not path.exists() or path.stat().st_size != file.bytes:
            raise ExportUnfitError(f"{path} is absent or cut short: export the quarter again with `replace`.")
        quoted = str(path).replace("'", "''")
        engine.execute(f"CREATE OR REPLACE VIEW {file.table} AS SELECT * FROM read_parquet('{quoted}')")


def _query(engine: Any, compiled: Compiled, binds: Binds) -> Any:
    return engine.sql(compiled.texts[Style.DOLLAR], params={name: binds[name] for name in compiled.binds})


def _bring_reviews(engine: Any, binds: Binds) -> None:
    """The reviewers' judgements are few and still change, so they come from the database, not from the export.

    Those of the whole run: a branch may have stood in another bucket when it was judged.
    """
    arrow = required("pyarrow")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'r.{name}' for name in _REVIEW_COLUMNS)}"
            f" FROM {REVIEWS} r WHERE r.run_id = %s",
            [binds["run"]],
        )
        rows = cursor.fetchall()
    schema = arrow.schema([(name, getattr(arrow, kind)()) for name, kind in _REVIEW_COLUMNS.items()])
    listed = [dict(zip(_REVIEW_COLUMNS, row, strict=True)) for row in rows]
    engine.execute(f"DROP VIEW IF EXISTS {REVIEWS}")
    engine.register(REVIEWS, arrow.Table.from_pylist(listed, schema=schema))
