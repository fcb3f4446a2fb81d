"""A secret vote of thousands at once: tickets and papers a second, nobody refused, nobody lost.

Every voter opens a connection of their own; all are open at the same time. Blinding and sealing are work of the voters'
devices and are done beforehand. The clients run on the same cores as the server, so the processor time of each side is
told apart: what the server itself needs for a ticket and for a paper does not depend on who else is on the machine.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from benchmarks.report import Report
from zhibu.project.management.commands.serve import gunicorn

PORT = 8497
VOTERS, MANY = 2000, 10_000
ISSUE, CAST = 30, 10
TRIES = 10
BROKEN: Counter[str] = Counter()
Asked = tuple[str, list[bytes], list[str] | None]


def run(report: Report) -> None:
    """Two thousand, and with --large ten thousand; SQLite, or the server ZHIBU_DATABASE_URL names."""
    for number in (VOTERS, *((MANY,) if report.large else ())):
        one(report, number)


def one(report: Report, number: int) -> None:
    home = report.home / f"ballots-{number}"
    home.mkdir()
    environment = {**os.environ, "ZHIBU_HOME": str(home), "ZHIBU_SECOND_FACTOR": "none", "ZHIBU_DEBUG": "0"}
    environment["ZHIBU_TODAY"] = "2026-07-20"
    if address := os.environ.get("ZHIBU_DATABASE_URL"):
        environment["ZHIBU_DATABASE_URL"] = empty_database(address, f"voters_{number}")
    call([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], environment)
    found = json.loads(
        call([sys.executable, "-m", "benchmarks._voters", "prepare", str(home), str(number)], environment)
    )
    with Served(environment) as server:
        bodies = [json.dumps({"blinded": each}).encode() for each in found["blinded"]]
        path = f"/ballots/{found['pk']}/ticket/"
        answers = phase(
            report, server, f"{number} voters at once: tickets", ISSUE, (path, bodies, found["cookies"])
        )
        given = sum(status == 200 for status, _body in answers)
        report.add(f"{number} voters: answered with a ticket", given, "", at_least=number)
        signatures = [json.loads(body)["signature"] for _status, body in answers]
        (home / "signatures").write_text(json.dumps(signatures))
        papers = call([sys.executable, "-m", "benchmarks._voters", "papers", str(home)], environment).split()
        bodies = [bytes.fromhex(each) for each in papers]
        answers = phase(
            report, server, f"{number} voters at once: papers", CAST, (f"/box/{found['code']}/", bodies, None)
        )
        taken = sum(status in {200, 201} for status, _body in answers)
        report.add(f"{number} voters: papers taken", taken, "", at_least=number)
    told = json.loads(call([sys.executable, "-m", "benchmarks._voters", "counted", str(home)], environment))
    report.add(f"{number} voters: tickets in the database", told["tickets"], "", at_least=number)
    report.add(f"{number} voters: papers in the box", told["papers"], "", at_least=number)


def phase(report: Report, server: "Served", name: str, goal: float, asked: Asked) -> list[tuple[int, bytes]]:
    """Everyone asks at once: the time it took, and what of the processor each side had."""
    number = len(asked[1])
    before, mine, start = server.seconds(), time.process_time(), time.perf_counter()
    answers = asyncio.run(everyone(*asked))
    took, mine, theirs = time.perf_counter() - start, time.process_time() - mine, server.seconds() - before
    report.add(name, took, "s", at_most=goal * number / VOTERS)
    report.add(f"{name}: lines that broke and were asked again", BROKEN[asked[0]], "")
    # a worker that began anew on its way takes its count with it
    if theirs > 0:
        report.add(f"{name}: processor of the server, each", 1000 * theirs / number, "ms")
    report.add(f"{name}: processor of the clients, each", 1000 * mine / number, "ms")
    return answers


def empty_database(address: str, name: str) -> str:
    """A new database on the server of `address`, which keeps what it has: each size begins with nothing."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def call(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


class Served:
    """Two worker processes on loopback, started as `zhibu serve` starts them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __enter__(self) -> Self:
        command = gunicorn(f"127.0.0.1:{PORT}", 2)
        self.server = subprocess.Popen(command, env=self.environment, start_new_session=True)
        for _each in range(300):
            try:
                if asyncio.run(ask("/health/", b"", None, "GET"))[0] == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def seconds(self) -> float:
        """Processor time of the workers, and of the database's own processes where it has any, until now."""
        return sum(spent(each) for each in (*below(self.server.pid), *databases()))

    def __exit__(self, *_error: object) -> None:
        self.server.terminate()
        self.server.wait(timeout=30)


def stat(process: int) -> list[str]:
    """What the kernel says of a process, behind its name; empty when it has gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def spent(process: int) -> float:
    """Seconds of the processor a process has had."""
    told = stat(process)
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK") if told else 0.0


def below(process: int) -> list[int]:
    """A process and its children."""
    everyone_here = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return [each for each in everyone_here if each == process or stat(each)[1:2] == [str(process)]]


def databases() -> list[int]:
    """The processes of a PostgreSQL server on this machine, when the installation uses one."""
    if not os.environ.get("ZHIBU_DATABASE_URL"):
        return []
    here = [each for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return [int(each.name) for each in here if named(each) == "postgres"]


def named(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""


async def everyone(path: str, bodies: list[bytes], cookies: list[str] | None) -> list[tuple[int, bytes]]:
    """All at once: a connection for each."""
    asked = (
        until_answered(path, body, cookies[place] if cookies else None) for place, body in enumerate(bodies)
    )
    return await asyncio.gather(*asked)


async def until_answered(path: str, body: bytes, cookie: str | None) -> tuple[int, bytes]:
    """As a voter whose line broke: the same again. A kernel holds a few thousand waiting connections, not ten thousand."""
    for _each in range(TRIES):
        try:
            status, answer = await ask(path, body, cookie)
        except OSError:
            status, answer = 0, b""
        if status:
            return status, answer
        BROKEN[path] += 1
        await asyncio.sleep(1)
    return 0, b""


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
