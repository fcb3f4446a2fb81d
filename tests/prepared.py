"""An empty SQLite database with every table, made once and copied: migrating takes ten seconds, a copy none.

It is kept beside pytest's cache under a key of what makes it: the migrations of all rooms and of the libraries, and the
triggers that follow them. Tests of migrating itself migrate.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from zhibu.project.environment import key_file

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "databases"
NAME = "zhibu.sqlite3"
MOST = 4


def key() -> str:
    """What the database depends on, as a digest."""
    source = ROOT / "src" / "zhibu"
    digest = hashlib.sha256()
    for package in ("Django", "django-allauth", "django-axes"):
        digest.update(f"{package} {version(package)}\n".encode())
    digest.update(sqlite3.sqlite_version.encode())
    for path in sorted(
        [*source.glob("*/migrations/*.py"), *source.glob("record/*.py"), *source.glob("*/models*")]
    ):
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            digest.update(f"{file.relative_to(source)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def database() -> Path:
    """The file to copy; made now when there is none. Several processes may ask at once."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{key()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for old in sorted(KEPT.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[: -MOST + 1]:
                old.unlink()
            _make(file)
    return file


def install(home: Path) -> None:
    """A home whose database has every table and no row, as `zhibu migrate` makes it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "keys").mkdir(mode=0o700)
    # a database without its key is refused
    for name in ("data.key", "secret.key"):
        key_file(home / "keys" / name)
    shutil.copyfile(database(), home / NAME)
    (home / NAME).chmod(0o600)


def read_apart(file: Path) -> bytes:
    """The bytes of a database that this process has open, read by another one.

    POSIX drops all locks a process has on a file when it closes any handle of it. Then another process takes itself for
    the last reader and removes the log, and who still has it open here sees the database as it was.
    """
    return subprocess.run(["cat", "--", str(file)], check=True, capture_output=True).stdout


def _make(file: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHIBU_", "PYTEST_"))}
    with tempfile.TemporaryDirectory(prefix="zhibu-prepared-") as home:
        given = {**kept, "ZHIBU_HOME": home, "ZHIBU_DEBUG": "1", "ZHIBU_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-W", "ignore", "-m", "zhibu.project.cli", "migrate", "-v", "0"]
        subprocess.run(command, env=given, check=True)
        whole = Path(home) / "whole"
        # one file without a log beside it
        with sqlite3.connect(Path(home) / NAME) as made:
            made.execute("VACUUM INTO ?", [str(whole)])
        made.close()
        with sqlite3.connect(whole) as copy:
            copy.execute("PRAGMA journal_mode = WAL")
        copy.close()
        shutil.move(whole, file)
