"""Bringing an installation back from a backup: everything is checked beside what is there, then put in its place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from zhibu.project.spoken import BAD_DATA, REFUSED, Fault
from zhibu.record.vault import SealBroken
from zhibu.record.verification import verify
from zhibu.register.models import Person
from zhibu.register.secrets import open_id

from . import postgres, sqlite
from .archive import Manifest, Reader
from .places import KEYS, MEDIA, has_files, sqlite_file


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored or, in a drill, would have been. `depth`: "whole", or "archive" when only the file was checked."""

    manifest: Manifest
    entries: int
    faults: tuple[str, ...]
    pending: tuple[str, ...]
    replaced: Path | None
    depth: str = "whole"


def restore(file: Path, *, force: bool = False, accept_faults: bool = False) -> Restored:
    """Restore into an empty installation, or with `force` over the one that is there, which is moved aside.

    Raises Fault with nothing changed when the file, the rows, the references, the record or the keys do not agree.
    `accept_faults`: take a record whose chain was broken when the backup was made.
    """
    reader = Reader(file)
    manifest = reader.manifest
    _refuse_if_not_possible(reader, force=force)
    home = Path(settings.ZHIBU_HOME)
    reader.refuse_if_no_room(home)
    staged = Path(tempfile.mkdtemp(dir=home, prefix=".restoring-"))
    try:
        _unpack(reader, staged)
        with exchanged(staged, keep=force) as replaced:
            if connection.vendor == "sqlite":
                entries, faults = _checked(accept_faults=accept_faults)
            else:
                with transaction.atomic():
                    postgres.load(reader, _database(staged, manifest))
                    entries, faults = _checked(accept_faults=accept_faults)
        return Restored(manifest, entries, faults, _pending(), replaced)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def drill(file: Path) -> Restored:
    """Restore into a place that is thrown away afterwards; nothing of this installation is touched. Raises Fault."""
    reader = Reader(file)
    reader.check_all()
    if reader.manifest.engine == "sqlite":
        return _drill_beside(file, reader)
    if connection.vendor != "postgresql":
        return Restored(reader.manifest, 0, (), (), None, depth="archive")
    key = bytes.fromhex(b"".join(reader.chunks(f"{KEYS}/data.key")).decode().strip())
    with _reading_with(key), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA zhibu_drill")
            cursor.execute("SET LOCAL search_path TO zhibu_drill")
        postgres.load(reader)
        entries, faults = _chains()
        transaction.set_rollback(True)
    return Restored(reader.manifest, entries, faults, (), None)


def _drill_beside(file: Path, reader: Reader) -> Restored:
    """A whole restore by another process, into a home of its own."""
    reader.refuse_if_no_room(Path(settings.ZHIBU_HOME))
    with tempfile.TemporaryDirectory(dir=settings.ZHIBU_HOME, prefix=".drill-") as home:
        environment = {name: value for name, value in os.environ.items() if name != "ZHIBU_DATABASE_URL"}
        environment |= {
            "ZHIBU_HOME": home,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE),
        }
        command = [
            sys.executable,
            "-m",
            "zhibu.project.cli",
            "restore",
            str(file.resolve()),
            "--accept-record-faults",
            "--json",
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=home)
    if done.returncode:
        raise _told_by(done.stderr, done.returncode)
    answer = json.loads(done.stdout)
    return Restored(
        reader.manifest, answer["entries"], tuple(answer["faults"]), tuple(answer["pending"]), None
    )


def _told_by(stderr: str, code: int) -> Fault:
    try:
        error = json.loads(stderr.strip().splitlines()[-1])["error"]
    except (ValueError, KeyError, IndexError):
        return Fault(
            "drill_failed",
            f"演练没有完成（退出码 {code}）：{stderr[-400:]}",
            "重试；仍不行则换一份备份",
            exit_code=BAD_DATA,
        )
    return Fault(error["code"], error["message"], error["remedy"], exit_code=error["exit_code"])


# ------------------------------------------------------------------------------------------- before
def _refuse_if_not_possible(reader: Reader, *, force: bool) -> None:
    manifest = reader.manifest
    postgres.refuse_if_unknown(manifest, set(MigrationLoader(None).disk_migrations))
    if manifest.engine == "postgresql" and connection.vendor == "sqlite":
        raise Fault(
            "engine_differs", "备份来自 PostgreSQL，不能恢复到 SQLite", "用 ZHIBU_DATABASE_URL 指向一个空的 PostgreSQL 数据库",
            exit_code=REFUSED,
        )  # fmt: skip
    occupied = occupied_by()
    if occupied and (not force or connection.vendor == "postgresql"):
        remedy = "把 ZHIBU_HOME 指向新目录；或停止服务后加 --force，现有内容会移到 backups/replaced-…"
        if connection.vendor == "postgresql":
            remedy = "新建一个空数据库和新的 ZHIBU_HOME，再恢复"
        raise Fault("home_not_empty", f"这里已有数据（{occupied}），不会覆盖", remedy, exit_code=REFUSED)


def occupied_by() -> str:
    """What of an installation is already here, in words; empty when nothing is."""
    if has_files():
        return "附件"
    if connection.vendor == "sqlite" and not sqlite_file().exists():
        return ""
    with connection.cursor() as cursor:
        lite = connection.vendor == "sqlite"
        for table in (
            sqlite.tables(cursor.connection) if lite else connection.introspection.table_names(cursor)
        ):
            if table.startswith("zb_"):
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - names from the schema
                if cursor.fetchone():
                    return table
    return ""


def _unpack(reader: Reader, staged: Path) -> None:
    """Everything but PostgreSQL's tables into a directory, each member compared with its digest."""
    for name in reader.manifest.members:
        if name.startswith((f"{KEYS}/", f"{MEDIA}/")) or name == sqlite.FILE:
            reader.unpack(name, staged / name)
    for folder in (KEYS, MEDIA):
        (staged / folder).mkdir(mode=0o700, exist_ok=True)
    if (staged / sqlite.FILE).exists():
        sqlite.check(staged / sqlite.FILE, reader.manifest.rows)


def _database(staged: Path, manifest: Manifest) -> Path | None:
    return staged / sqlite.FILE if manifest.engine == "sqlite" else None


# ------------------------------------------------------------------------------------------- exchange
@contextmanager
def exchanged(staged: Path, *, keep: bool) -> Iterator[Path | None]:
    """Put what was unpacked in the place of what is there; on any exception everything is put back.

    `keep`: what was there stays in backups/replaced-…, whose place is given; otherwise it was empty, and goes.
    """
    aside = Path(settings.ZHIBU_BACKUPS) / f"replaced-{timezone.localtime():%Y%m%d-%H%M%S}-{os.getpid()}"
    for folder in (aside.parent, aside):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moves = [(staged / KEYS, Path(settings.ZHIBU_KEYS)), (staged / MEDIA, Path(settings.MEDIA_ROOT))]
    leaving = [place for _new, place in moves]
    if connection.vendor == "sqlite":
        file = sqlite_file()
        moves.append((staged / sqlite.FILE, file))
        # a log of the old database would be read as one of the new
        leaving += [file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm"))]
    connections.close_all()
    left: list[tuple[Path, Path]] = []
    came: list[Path] = []
    try:
        for place in leaving:
            if place.exists():
                place.rename(aside / place.name)
                left.append((aside / place.name, place))
        for new, place in moves:
            new.rename(place)
            came.append(place)
        with _reading_with(_key(Path(settings.ZHIBU_KEYS) / "data.key")):
            yield aside if keep and left else None
    except BaseException:
        connections.close_all()
        for place in came:
            _remove(place)
        for old, place in left:
            old.rename(place)
        _remove(aside)
        raise
    if not (keep and left):
        _remove(aside)


def _key(file: Path) -> bytes:
    if not file.exists():
        raise Fault(
            "keys_missing",
            "备份里没有 data.key，身份证号和手机号将无法读出",
            "换一份备份",
            exit_code=BAD_DATA,
        )
    return bytes.fromhex(file.read_text(encoding="ascii").strip())


@contextmanager
def _reading_with(key: bytes) -> Iterator[None]:
    """Open what is sealed with the key of the backup; this process was started with another."""
    before = settings.ZHIBU_DATA_KEY
    settings.ZHIBU_DATA_KEY = key
    try:
        yield
    finally:
        settings.ZHIBU_DATA_KEY = before


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------- after
def _checked(*, accept_faults: bool) -> tuple[int, tuple[str, ...]]:
    """The record's chains, and whether the keys open what is sealed. Raises Fault."""
    entries, faults = _chains()
    if faults and not accept_faults:
        raise Fault(
            "record_broken", f"留痕链核验不通过：{'；'.join(faults[:3])}", "换一份备份；确认只能用这一份时加 --accept-record-faults",
            exit_code=BAD_DATA,
        )  # fmt: skip
    return entries, faults


def _chains() -> tuple[int, tuple[str, ...]]:
    if any(app in {"record", "register"} for app, _name in (each.split(".", 1) for each in _pending())):
        # an older schema: `zhibu migrate`, then `zhibu record verify`
        return 0, ()
    _refuse_if_sealed_otherwise()
    result = verify()
    return result.entries, tuple(
        f"{each.organisation_id}/{each.sequence} {each.text}" for each in result.faults
    )


def _refuse_if_sealed_otherwise() -> None:
    sealed = Person.objects.exclude(id_sealed="").values_list("id_sealed", flat=True).first()
    if sealed is None:
        return
    try:
        open_id(sealed)
    except SealBroken as error:
        raise Fault(
            "keys_differ", f"备份里的密钥打不开备份里的身份证号：{error}", "换一份备份", exit_code=BAD_DATA
        ) from None


def _pending() -> tuple[str, ...]:
    """Migrations still to be applied: the backup is of an earlier version."""
    loader = MigrationLoader(connection)
    return tuple(
        f"{app}.{name}" for app, name in sorted(set(loader.graph.nodes) - set(loader.applied_migrations))
    )
