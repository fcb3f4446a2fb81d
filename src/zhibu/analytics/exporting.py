"""The evidence of a quarter as Parquet files, for installations too large to be computed on the database.

    <directory>/<quarter>/0000/zb_session.parquet …   one directory per bucket of branches, ordered by path
    <directory>/<quarter>/manifest.json               written last: what is there, with checksums

A closed quarter does not change, so its files are written once. Personal columns (names, titles, notes) are not
exported: only what facts compare, count and sum.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook

from .arrow_source import Source, columns_text, opened, required, schema_of
from .buckets import BUCKET, bounds
from .compiler import BRANCHES
from .conditions import literal
from .needs import Need, needs
from .placeholders import inlined
from .refusals import ExportUnfitError
from .scans import PAST
from .timeframe import FOREVER, Timeframe

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class File:
    """One table of one bucket."""

    table: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """The branches with lo <= path < hi."""

    name: str
    lo: str
    hi: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds. `columns` by table; `rulebook` is the digest it was made for."""

    quarter: str
    rulebook: str
    columns: Mapping[str, tuple[str, ...]]
    buckets: tuple[Bucket, ...]

    @property
    def rows(self) -> int:
        """Evidence rows in all."""
        return sum(file.rows for bucket in self.buckets for file in bucket.files)


def export(
    rulebook: Rulebook,
    quarter: Quarter,
    directory: Path | str,
    *,
    lo: str = "",
    hi: str = "z",
    bucket: int = BUCKET,
    shown: bool = True,
    replace: bool = False,
) -> Manifest:
    """Write the evidence of a quarter below `directory` and return what was written.

    An export of the quarter that is there already is left as it is, unless `replace`. Without `shown`, what only the
    facts shown beside reviewers' questions read is left out (attendance: most of the rows). Raises ExtraMissingError
    without pyarrow and ADBC.
    """
    target = Path(directory) / quarter.code
    if (target / MANIFEST).exists() and not replace:
        return read_manifest(directory, quarter)
    timeframe = Timeframe(quarter.first, quarter.last)
    wanted = needs(rulebook, timeframe.shape, shown=shown)
    binds: dict[str, int | str] = {**timeframe.binds(), "lo": lo, "hi": hi, "known": FOREVER}
    (target / MANIFEST).unlink(missing_ok=True)
    tree, past = rulebook.tables[BRANCHES].table, rulebook.tables[BRANCHES].known is not None
    buckets = []
    with opened() as source:
        for number, (low, high) in enumerate(bounds(rulebook, binds, bucket)):
            folder = target / f"{number:04d}"
            folder.mkdir(parents=True, exist_ok=True)
            here = {**binds, "lo": low, "hi": high}
            files = tuple(_write(source, need, tree, here, folder, past=past) for need in wanted)
            buckets.append(Bucket(folder.name, low, high, files))
    columns = {need.table: tuple(need.columns) for need in wanted}
    manifest = Manifest(quarter.code, rulebook.digest, columns, tuple(buckets))
    write_manifest(target, manifest)
    return manifest


def read_manifest(directory: Path | str, quarter: Quarter) -> Manifest:
    """What an export of the quarter holds. Raises ExportUnfitError when there is none that can be read."""
    path = Path(directory) / quarter.code / MANIFEST
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise ExportUnfitError(
            f"{path} cannot be read ({broken}): export the quarter {quarter.code} first."
        ) from None
    if given.get("format") != FORMAT:
        raise ExportUnfitError(
            f"{path} is of another format ({given.get('format')}): export the quarter again."
        )
    buckets = tuple(
        Bucket(each["name"], each["lo"], each["hi"], tuple(File(**file) for file in each["files"]))
        for each in given["buckets"]
    )
    columns = {table: tuple(names) for table, names in given["columns"].items()}
    return Manifest(given["quarter"], given["rulebook"], columns, buckets)


def verify(directory: Path | str, quarter: Quarter) -> None:
    """Read every file of an export and compare its checksum. Raises ExportUnfitError naming the first that differs."""
    for bucket, file, path in files_of(directory, quarter, read_manifest(directory, quarter)):
        if not path.exists() or checksum(path) != file.sha256:
            raise ExportUnfitError(
                f"{path} differs from the manifest of bucket {bucket.name}: export the quarter again."
            )


def files_of(
    directory: Path | str, quarter: Quarter, manifest: Manifest
) -> Iterator[tuple[Bucket, File, Path]]:
    """Every file of an export with its bucket and place."""
    for bucket in manifest.buckets:
        for file in bucket.files:
            yield bucket, file, Path(directory) / quarter.code / bucket.name / f"{file.table}.parquet"


def _write(
    source: Source, need: Need, tree: str, binds: Mapping[str, int | str], folder: Path, *, past: bool
) -> File:
    parquet = required("pyarrow.parquet")
    path = folder / f"{need.table}.parquet"
    rows = 0
    with parquet.ParquetWriter(path, schema_of(need), compression="zstd") as writer:
        for batch in source.batches(need, select_text(need, tree, binds, past=past)):
            writer.write_batch(batch)
            rows += batch.num_rows
    return File(need.table, rows, path.stat().st_size, checksum(path))


def select_text(need: Need, tree: str, binds: Mapping[str, int | str], *, past: bool = False) -> str:
    """The rows of one table that an assessment reads, values written in; `past`: the tree has earlier versions."""
    ranged = "o.path >= :lo AND o.path < :hi"
    if need.branch is None:
        text = f"SELECT {columns_text(need)} FROM {need.table} t WHERE {ranged.replace('o.', 't.')}"
    else:
        # a branch that was moved has its records where it stood as well
        stood = f"UNION SELECT o.id FROM {tree}{PAST} o WHERE {ranged}" if past else ""
        inside = f"t.{need.branch} IN (SELECT o.id FROM {tree} o WHERE {ranged} {stood})"
        days = f" AND ({need.rows})" if need.rows else ""
        text = f"SELECT {columns_text(need)} FROM {need.table} t WHERE {inside}{days}"
    return inlined(text, {name: literal(value) for name, value in binds.items()})


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(target: Path, manifest: Manifest) -> None:
    """Write what the directory of a quarter holds; the last step, so that a half-written export is none."""
    content: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
    aside = target / f"{MANIFEST}.new"
    aside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    aside.replace(target / MANIFEST)
