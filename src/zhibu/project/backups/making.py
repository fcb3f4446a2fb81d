"""Making a backup while people work."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zhibu.project.spoken import NOT_READY, Fault
from zhibu.rulebook import configured

from . import postgres, sqlite
from .archive import Manifest, Writer
from .places import MEDIA, is_file_database, owned_files


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    file: Path
    size: int
    sha256: str
    manifest: Manifest


def backup(file: Path) -> Made:
    """Write one file, mode 0600, with database, attached files and keys.

    The database is taken first and as of one moment; a file it names was written before its row, so files read
    afterwards cannot be missing. Raises Fault, and leaves nothing behind.
    """
    if not is_file_database() or not MigrationRecorder(connection).has_table():
        raise Fault("nothing_to_back_up", "还没有数据库", "zhibu migrate", exit_code=NOT_READY)
    writer = Writer(file)
    try:
        manifest = Manifest(
            made_at=timezone.now().isoformat(), zhibu=version("zhibu"), engine=connection.vendor, migrations=[], rows={},
            overlays=[str(path) for path in configured()],
        )  # fmt: skip
        if connection.vendor == "sqlite":
            _take_sqlite(writer, manifest)
        else:
            postgres.dump(writer, manifest)
        for name, path in owned_files():
            writer.add(name, path, packed=not name.startswith(MEDIA))
        manifest.missing_media = sorted(set(_named()) - _held(writer))
        digest = writer.finish(manifest)
    except BaseException:
        writer.abandon()
        raise
    return Made(file, file.stat().st_size, digest, manifest)


def _take_sqlite(writer: Writer, manifest: Manifest) -> None:
    # beside the archive, where there is room; made closed to others, and SQLite takes an empty file as it is
    descriptor, name = tempfile.mkstemp(dir=writer.target.parent, prefix=".snapshot-")
    os.close(descriptor)
    copy = Path(name)
    try:
        manifest.rows = sqlite.snapshot(copy)
        manifest.migrations = sqlite.migrations(copy)
        writer.add(sqlite.FILE, copy, packed=True)
    finally:
        copy.unlink(missing_ok=True)


def _named() -> list[str]:
    """Digests of the files the database names, as it is now."""
    if "zb_attachment" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT sha256 FROM zb_attachment")
        return [digest for (digest,) in cursor.fetchall()]


def _held(writer: Writer) -> set[str]:
    """Digests of the attached files in the archive, plus those that were attached since it was begun."""
    here = {name.rpartition("/")[2] for name in writer.members if name.startswith(MEDIA)}
    folder = Path(settings.MEDIA_ROOT)
    return here | {digest for digest in _named() if (folder / "attachments" / digest[:2] / digest).exists()}
