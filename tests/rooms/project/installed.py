"""Installations in directories of their own, and the command as it is installed."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import prepared
from zhibu.project.backups import sqlite

DATA = Path(__file__).parents[2] / "data"
TODAY = "2026-11-21"


@dataclass(frozen=True)
class Done:
    """A finished process."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err.strip().splitlines()[-1])["error"]


def environment(home: Path, url: str | None = None, **more: str) -> dict[str, str]:
    """SQLite in a home, or a PostgreSQL database."""
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ZHIBU_", "DJANGO_SETTINGS"))
    }
    given |= {
        "ZHIBU_HOME": str(home),
        "ZHIBU_DEBUG": "1",
        "ZHIBU_LOG_LEVEL": "ERROR",
        "ZHIBU_TODAY": TODAY,
        **more,
    }
    return given | ({"ZHIBU_DATABASE_URL": url} if url else {})


def run(home: Path, *words: object, url: str | None = None, **more: str) -> Done:
    """`zhibu words…` in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "zhibu.project.cli", *map(str, words)]
    done = subprocess.run(
        command, env=environment(home, url, **more), capture_output=True, text=True, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def well(done: Done) -> Done:
    """A process that must have ended well."""
    assert done.code == 0, done.err
    return done


def install(home: Path, url: str | None = None) -> Path:
    """A company with its roster and a year of meetings, one attached file, and somebody signed in."""
    if url:
        well(run(home, "migrate", "-v", "0", url=url))
    else:
        prepared.install(home)
    well(run(home, "import", "roster", DATA / "roster-clean.xlsx", "--found", "第三分公司党委", url=url))
    well(run(home, "import", "meetings", DATA / "meetings-sample.xlsx", url=url))
    attach(home, b"%PDF-1.4 \xe9\x99\x84\xe4\xbb\xb6")
    return home


def attach(home: Path, content: bytes) -> str:
    """A file where attachments lie; its row is the caller's business."""
    digest = hashlib.sha256(content).hexdigest()
    place = home / "media" / "attachments" / digest[:2] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return digest


def tree(home: Path) -> dict[str, str]:
    """Every file of a home with its digest. SQLite's log and its index change with every look at the database."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(file)) as database:
        # what an index of words keeps for itself is no record
        return {
            name: database.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
            for name in sqlite.tables(database)
        }
