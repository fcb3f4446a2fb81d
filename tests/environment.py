"""Prepare the environment before Django's settings are read: a pytest plugin, named in pyproject.toml.

ZHIBU_TEST_DB=postgres runs the tests on a PostgreSQL server of their own; otherwise they run on SQLite.
"""

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from zhibu.project import memory

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
LOCKED = (".sqlite3", "-shm", ".box")
OPEN = Path("/proc/self/fd")


def choose_database() -> None:
    """Workers of pytest-xdist inherit the server that their controller started."""
    wanted = os.environ.get("ZHIBU_TEST_DB", "sqlite")
    if wanted == "sqlite":
        os.environ.pop("ZHIBU_DATABASE_URL", None)
    elif wanted == "postgres":
        if not IS_WORKER:
            from tests.postgres import start_server

            os.environ["ZHIBU_DATABASE_URL"] = start_server()
    else:
        sys.exit(f"ZHIBU_TEST_DB={wanted!r} is unknown; write sqlite or postgres.")


def choose_home() -> None:
    """Tests never see the home, the keys or the settings of an installation."""
    for name in [name for name in os.environ if name.startswith("ZHIBU_")]:
        if not name.startswith("ZHIBU_TEST_") and name not in {"ZHIBU_DATABASE_URL", "ZHIBU_CHROMIUM"}:
            del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="zhibu-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["ZHIBU_HOME"] = str(home)
    os.environ["ZHIBU_DEBUG"] = "1"
    os.environ["ZHIBU_LOG_LEVEL"] = "ERROR"
    # no process beside the servers that tests start
    os.environ["ZHIBU_DELIVER"] = "0"
    # tests make rows without acts, so nothing tells that a kept sum is old
    os.environ["ZHIBU_KEEP_SUMS"] = "0"


def refuse_beside_sqlite(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: no file that SQLite has open in this process is opened otherwise, see `prepared.read_apart`."""
    if event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return
    name = os.fsdecode(arguments[0])
    if name.endswith(LOCKED) and OPEN.is_dir() and os.path.realpath(name) in held():
        raise RuntimeError(
            f"{name} is open in this process: opened otherwise and closed, SQLite's locks fall."
        )


def held() -> set[str]:
    """The files this process has open."""
    found = set()
    for each in OPEN.iterdir():
        with contextlib.suppress(OSError):
            found.add(str(each.readlink()))
    return found


memory.keep()
choose_home()
choose_database()
sys.addaudithook(refuse_beside_sqlite)
