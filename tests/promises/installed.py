"""An installation of its own with a server that can be killed; on SQLite, or on a database of its own of the tests' server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests import prepared
from zhibu.project.management.commands.serve import gunicorn

TOKEN = "a" * 32
Answered = tuple[int, bytes]


class Installation:
    """A home in a directory, its database, its server on a port; everything the server says goes to `said`."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home, self.port = home, free_port()
        self.home.mkdir(parents=True)
        self.said = home / "server.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBU_")}
        self.environment = {
            **kept, "ZHIBU_HOME": str(home), "ZHIBU_SECOND_FACTOR": "none", "ZHIBU_DEBUG": "0", "ZHIBU_TODAY": "2026-07-20",
            "DJANGO_SETTINGS_MODULE": "zhibu.project.settings", "ZHIBU_LOG_LEVEL": "DEBUG", **more, **database_of(home),
        }  # fmt: skip
        if "ZHIBU_DATABASE_URL" in self.environment:
            self.django("migrate", "--verbosity", "0")
        else:
            prepared.install(self.home)
        self.server: subprocess.Popen[bytes] | None = None

    def django(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "django", *words], env=self.environment, check=True)

    def zhibu(self, *words: str) -> None:
        command = [sys.executable, "-m", "zhibu.project.cli", *words]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def voters(self, *words: object) -> str:
        """What `benchmarks._voters` prints: it prepares a vote, or moves it on."""
        command = [sys.executable, "-m", "benchmarks._voters", *map(str, words)]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self) -> None:
        with self.said.open("ab") as said:
            self.server = subprocess.Popen(
                gunicorn(f"127.0.0.1:{self.port}", 2), env=self.environment, start_new_session=True, stderr=said, stdout=said
            )  # fmt: skip
        for _each in range(600):
            try:
                if self.ask("GET", "/health/", b"", {})[0] == 200:
                    return
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """kill -9 of all of it."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answered:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ticket_tasks(found: dict[str, Any]) -> list[tuple[str, bytes, dict[str, str]]]:
    """The request of everyone for a ticket, as the browser sends it."""
    headers = {"X-CSRFToken": TOKEN, "Content-Type": "application/json"}
    return [
        (
            f"/ballots/{found['pk']}/ticket/",
            json.dumps({"blinded": blinded}).encode(),
            {**headers, "Cookie": f"{cookie}; zhibu_csrf={TOKEN}"},
        )
        for blinded, cookie in zip(found["blinded"], found["cookies"], strict=True)
    ]


def keep_signatures(folder: Path, answers: list[Answered]) -> None:
    """Leave the signatures where `benchmarks._voters papers` looks for them."""
    (folder / "signatures").write_text(
        json.dumps([json.loads(body)["signature"] for _status, body in answers])
    )


def database_of(home: Path) -> dict[str, str]:
    """A new database on the server of the tests when they run on PostgreSQL; nothing on SQLite."""
    address = os.environ.get("ZHIBU_DATABASE_URL", "")
    if not address:
        return {}
    import psycopg

    parts = urlsplit(address)
    folder = parse_qs(parts.query)["host"][0]
    name = f"zb_promise_{os.getpid()}_{home.parent.name}_{home.name}".replace("-", "_").lower()[:60]
    with psycopg.connect(host=folder, user=parts.username, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return {"ZHIBU_DATABASE_URL": parts._replace(path=f"/{name}").geturl()}
