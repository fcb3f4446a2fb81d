"""A secret vote of thousands at once: tickets and papers a second, nobody refused, nobody lost.

Every voter opens a connection of their own; all are open at the same time. Blinding and sealing are work of the voters'
devices and are done beforehand. The clients run on the same cores as the server.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Self

from benchmarks.report import Report

PORT = 8497
VOTERS, MANY = 2000, 10_000
ISSUE, CAST = 30, 10


def run(report: Report) -> None:
    """Two thousand, and with --large ten thousand; SQLite, or the server ZHIBU_DATABASE_URL names."""
    for number in (VOTERS, *((MANY,) if report.large else ())):
        one(report, number)


def one(report: Report, number: int) -> None:
    home = report.home / f"ballots-{number}"
    home.mkdir()
    environment = {**os.environ, "ZHIBU_HOME": str(home), "ZHIBU_SECOND_FACTOR": "none", "ZHIBU_DEBUG": "0"}
    environment["ZHIBU_TODAY"] = "2026-07-20"
    call([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], environment)
    found = json.loads(
        call([sys.executable, "-m", "benchmarks._voters", "prepare", str(home), str(number)], environment)
    )
    with Served(environment):
        bodies = [json.dumps({"blinded": each}).encode() for each in found["blinded"]]
        path = f"/ballots/{found['pk']}/ticket/"
        start = time.perf_counter()
        answers = asyncio.run(everyone(path, bodies, found["cookies"]))
        report.add(
            f"{number} voters at once: tickets",
            time.perf_counter() - start,
            "s",
            at_most=ISSUE * number / VOTERS,
        )
        report.add(
            f"{number} voters: answered with a ticket",
            sum(each[0] == 200 for each in answers),
            "",
            at_least=number,
        )
        (home / "signatures").write_text(
            json.dumps([json.loads(body)["signature"] for _status, body in answers])
        )
        papers = call([sys.executable, "-m", "benchmarks._voters", "papers", str(home)], environment).split()
        start = time.perf_counter()
        answers = asyncio.run(
            everyone(f"/box/{found['code']}/", [bytes.fromhex(each) for each in papers], None)
        )
        report.add(
            f"{number} voters at once: papers",
            time.perf_counter() - start,
            "s",
            at_most=CAST * number / VOTERS,
        )
        report.add(
            f"{number} voters: papers taken", sum(each[0] == 201 for each in answers), "", at_least=number
        )
    told = json.loads(call([sys.executable, "-m", "benchmarks._voters", "counted", str(home)], environment))
    report.add(f"{number} voters: tickets in the database", told["tickets"], "", at_least=number)
    report.add(f"{number} voters: papers in the box", told["papers"], "", at_least=number)


def call(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


class Served:
    """Two worker processes on loopback."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "zhibu.project.wsgi:application",
            "--bind",
            f"127.0.0.1:{PORT}",
        ]
        command += ["--workers", "2", "--worker-class", "gthread", "--threads", "8", "--backlog", "20000"]
        command += ["--log-level", "error", "--timeout", "120"]
        self.server = subprocess.Popen(command, env=self.environment, start_new_session=True)
        for _each in range(300):
            try:
                if asyncio.run(ask("/health/", b"", None, "GET"))[0] == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_error: object) -> None:
        self.server.terminate()
        self.server.wait(timeout=30)


async def everyone(path: str, bodies: list[bytes], cookies: list[str] | None) -> list[tuple[int, bytes]]:
    """All at once: a connection for each."""
    asked = (ask(path, body, cookies[place] if cookies else None) for place, body in enumerate(bodies))
    return await asyncio.gather(*asked)


async def ask(path: str, body: bytes, cookie: str | None, method: str = "POST") -> tuple[int, bytes]:
    """One request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    token = "a" * 32
    head = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{PORT}",
        "Connection: close",
        f"Content-Length: {len(body)}",
    ]
    if cookie:
        head += [
            f"Cookie: {cookie}; zhibu_csrf={token}",
            f"X-CSRFToken: {token}",
            "Content-Type: application/json",
        ]
    writer.write("\r\n".join([*head, "", ""]).encode() + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    first, _blank, rest = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]) if first else 0, rest
