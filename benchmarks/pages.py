"""Pages at the size of the demonstration: server time and requests a second, beside a bare list of fifty rows.

Two worker processes on loopback, eight clients in this process, everybody signed in. The bare view runs in the same
processes behind the same middleware, so the ratio holds on any machine.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection

from benchmarks.report import Report

BRANCHES = 484
CLIENTS = 8
REQUESTS = 80
TURNS = 5
PORT = int(os.environ.get("ZHIBU_BENCH_PORT", "8917"))
RATIO = 2.5
HUNDREDTH = 1.2
SERVER = 25
BARE = "/bare/"


def run(report: Report) -> None:
    """Make the demonstration, serve it, and ask for each page in turn with the bare one."""
    home = report.home / "pages"
    environment = {
        **os.environ,
        "ZHIBU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "benchmarks._bare",
        "ZHIBU_DEBUG": "0",
    }
    python = [sys.executable, "-m", "django"]
    subprocess.run([*python, "migrate", "--verbosity", "0"], env=environment, check=True)
    start = time.perf_counter()
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    demo = [sys.executable, "-m", "zhibu.project.cli", "demo", "--branches", str(BRANCHES), "--json"]
    subprocess.run(demo, env=environment, check=True, **quiet)
    report.add("demonstration data", time.perf_counter() - start, "s", at_most=45)
    subprocess.run([*python, "collectstatic", "--noinput", "--verbosity", "0"], env=environment, check=True)
    script = [sys.executable, "-m", "benchmarks._sessions"]
    found = json.loads(
        subprocess.run(script, env=environment, check=True, capture_output=True, text=True).stdout
    )
    # nothing happens; other branches record all the time, as on a working day; and nothing is kept at all, as when the
    # server has just been started. The goal is for all three
    for kept, told, around in (
        ("1", "sums kept", nullcontext), ("1", "while others record", recording), ("0", "computed anew", nullcontext),
    ):  # fmt: skip
        with served({**environment, "ZHIBU_KEEP_SUMS": kept}), around(environment):
            measure(report, found, told)
    with served(environment):
        measure_first_looks(report, found, environment)


@contextmanager
def recording(environment: dict[str, str]) -> Iterator[None]:
    """Acts recorded twenty times a second in branches that are not the secretary's."""
    other = subprocess.Popen([sys.executable, "-m", "benchmarks._others", "beside"], env=environment)
    try:
        yield
    finally:
        if other.poll() is not None:
            raise RuntimeError("nobody recorded any more while the pages were measured")
        other.terminate()
        other.wait(timeout=20)


@contextmanager
def served(environment: dict[str, str], port: int = PORT) -> Iterator[None]:
    """Two worker processes of the platform on loopback."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "benchmarks._bare_wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "error"],
        env=environment,
    )  # fmt: skip
    try:
        wait(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait(port: int) -> None:
    """Until the server answers; RuntimeError after half a minute."""
    for _ in range(150):
        try:
            if get(HTTPConnection("127.0.0.1", port, timeout=5), "/health/", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def get(connection: HTTPConnection, path: str, cookie: str) -> tuple[int, bytes, str]:
    connection.request(
        "GET", path, headers={"Cookie": cookie, "Accept-Language": "zh-CN", "Accept-Encoding": "gzip"}
    )
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.getheader("Server-Timing") or ""


def rate(path: str, cookie: str, requests: int = REQUESTS) -> tuple[float, float]:
    """(requests a second, median milliseconds inside the server) with eight clients at once."""

    def client(_number: int) -> list[float]:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
        spent = []
        for _ in range(requests // CLIENTS):
            status, _body, timing = get(connection, path, cookie)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            spent.append(float(re.search(r"dur=([0-9.]+)", timing)[1]))
        connection.close()
        return spent

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        spent = [each for part in pool.map(client, range(CLIENTS)) for each in part]
    return requests / (time.perf_counter() - start), statistics.median(spent)


def alone(path: str, cookie: str, requests: int = 20) -> float:
    """Median milliseconds inside the server with one client."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    timings = (get(connection, path, cookie)[2] for _ in range(requests))
    return statistics.median(float(re.search(r"dur=([0-9.]+)", timing)[1]) for timing in timings)


def measure_first_looks(
    report: Report, found: dict[str, dict[str, str]], environment: dict[str, str], looks: int = 60
) -> None:
    """Each page right after a meeting was recorded in the secretary's own branch: whoever looks is the first."""
    asked = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    other = subprocess.Popen([sys.executable, "-m", "benchmarks._others", "own"], env=environment, **asked)

    def look(path: str, cookie: str) -> float:
        other.stdin.write("\n")
        other.stdout.readline()
        connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
        return float(re.search(r"dur=([0-9.]+)", get(connection, path, cookie)[2])[1])

    officer = found["cookies"]["jituan"]
    for page, (path, cookie) in pages_of(found).items():
        pairs = [(look(path, cookie), look(BARE, officer)) for _ in range(looks)]
        # each of eight threads reads the texts of the facts once
        pairs = pairs[looks // 2 :]
        own, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
        name = f"{page} (first look after a meeting of the own branch)"
        report.add(f"{name}: so many times a bare list of 50 rows", own / bare, "x", at_most=RATIO)
        report.add(f"{name}: inside the server, alone", own, "ms", at_most=SERVER)
    other.stdin.close()
    other.wait(timeout=20)


def pages_of(found: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """What is measured: the page's name, its address and the reader's cookie."""
    officer, secretary = found["cookies"]["jituan"], found["cookies"]["shuji"]
    return {
        "workbench of a secretary": ("/", secretary),
        "workbench of a committee": ("/", officer),
        "member list, first page": (found["paths"]["members"], officer),
        "member list, 100th page": (found["paths"]["members_100"], officer),
        "member list, a jump to page 100": (found["paths"]["members_jump"], officer),
        "member": (found["paths"]["member"], officer),
        "search of a member by name": (found["paths"]["search"], officer),
        "meeting with 60 people": (found["paths"]["session"], officer),
        "committee table, 484 branches": (found["paths"]["committee"], officer),
    }


def beside(page: tuple[str, str], other: tuple[str, str]) -> tuple[float, float, float]:
    """(how many times faster the other page is, requests a second, median milliseconds inside the server).

    Turn by turn, and the middle of the turns: what else the machine does for a moment then falls on one of them.
    """
    turns = [(rate(*other), rate(*page)) for _ in range(TURNS)]
    times = statistics.median(faster / own for (faster, _), (own, _) in turns)
    own, inside = (statistics.median(each) for each in zip(*(turn for _, turn in turns), strict=True))
    return times, own, inside


def measure(report: Report, found: dict[str, dict[str, str]], told: str) -> None:
    officer, pages = found["cookies"]["jituan"], pages_of(found)
    for path, cookie in (*pages.values(), (BARE, officer)):
        rate(path, cookie, CLIENTS * 4)
    for page, (path, cookie) in pages.items():
        name = f"{page} ({told})"
        times, own, inside = beside((path, cookie), (BARE, officer))
        _status, body, _timing = get(HTTPConnection("127.0.0.1", PORT, timeout=60), path, cookie)
        report.add(f"{name}: a bare list of 50 rows is so many times faster", times, "x", at_most=RATIO)
        report.add(f"{name}: requests a second", own, "1/s")
        report.add(f"{name}: inside the server, under this load", inside, "ms")
        report.add(f"{name}: inside the server, alone", alone(path, cookie), "ms", at_most=SERVER)
        report.add(f"{name}: page, uncompressed", len(body) / 1024, "kB")
    first, hundredth = pages["member list, first page"], pages["member list, 100th page"]
    times, _own, _inside = beside(hundredth, first)
    report.add(f"member list, 100th page against the first ({told})", times, "x", at_most=HUNDREDTH)
