"""The public pages before a crowd: three hundred visitors at once, on two worker processes of loopback.

A visitor opens a connection, waits for the others, asks for the page and reads it to its end. Measured twice: when all
ask in the same instant, and when each asks five times with a second in between, as readers do. The page is asked for
once before, so that what is measured is the kept page; the first one after an act is a line of its own.

The pages beside the board (zones on their plans, a plan's picture, a pledge, the form of a comment, a survey) are asked
for once by each visitor within one second, as when a poster is scanned after a meeting. The forms are made anew for everyone.
"""

import asyncio
import json
import os
import subprocess
import sys
import time

from benchmarks.pages import served
from benchmarks.report import Report

PORT = 8937
VISITORS = 300
PAGES = 5
THINKING = 1.0
MOST_MS = 100
SETUP = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.notices import actions
from zhibu.register.models import Organisation
from zhibu.notices.models import Board
from zhibu.ui import clock
place = Organisation.objects.filter(kind="branch").order_by("path").first()
now = clock.instant(); today = timezone.localtime(now).date()
verbs = frozenset({"notices.*"})
actor = Actor(0, None, "x", (Mandate("secretary", place.pk, place.path, verbs, Reach.OWN),))
for number in range(12):
    actions.publish(actor, organisation=place, kind="resolution", title=f"决议第 {number} 号", text="同意。" * 60,
                    opens_on=today, closes_on=today + timedelta(days=20), now=now)
from zhibu.concerns.models import Survey
from zhibu.notices.models import Notice
on = lambda kind: Notice.objects.filter(
    kind=kind, withdrawn=0, opens_on__lte=today, closes_on__gte=today, address__isnull=False).order_by("id").first()
at = lambda notice: f"/board/{Board.objects.get(organisation=notice.organisation).address}/"
zones, pledge, survey = on("zones"), on("pledge"), Survey.objects.filter(state="open", closes_on__gte=today).first()
pages = {
    "zones on their plans": f"{at(zones)}zones/", "picture of a plan": f"{at(zones)}zones/plan/1/",
    "pledge": f"{at(pledge)}{pledge.address}/", "form of a comment": f"{at(pledge)}{pledge.address}/objection/",
}
if survey:
    pages["survey"] = f"/survey/{survey.code}/"
print(__import__("json").dumps([Board.objects.get(organisation=place).address, pages]))
"""


def run(report: Report) -> None:
    """A small company, a board with twelve notices, and the crowd."""
    environment = {
        **os.environ,
        "ZHIBU_HOME": str(report.home / "board"),
        "DJANGO_SETTINGS_MODULE": "benchmarks._bare",
        "ZHIBU_DEBUG": "0",
        "ZHIBU_KEEP_SUMS": "1",
    }
    django = [sys.executable, "-m", "django"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    subprocess.run([*django, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*django, "demo", "--branches", "12", "--json"], env=environment, check=True, **quiet)
    subprocess.run([*django, "collectstatic", "--noinput", "--verbosity", "0"], env=environment, check=True)
    made = subprocess.run(
        [sys.executable, "-c", SETUP], env=environment, check=True, capture_output=True, text=True
    )
    address, beside = json.loads(made.stdout.splitlines()[-1])
    path = f"/board/{address}/"
    with served(environment, PORT):
        first = asyncio.run(crowd(path, visitors=1, pages=1))
        report.add("public board, first look", first[0], "ms")
        asyncio.run(crowd(path, visitors=VISITORS, pages=1))
        at_once = asyncio.run(crowd(path, visitors=VISITORS, pages=1))
        report.add("public board, 300 in the same instant, p95", p95(at_once), "ms")
        reading = asyncio.run(crowd(path, visitors=VISITORS, pages=PAGES))
        report.add("public board, 300 visitors at once, p95", p95(reading), "ms", at_most=MOST_MS)
        report.add("public board, 300 visitors at once, median", sorted(reading)[len(reading) // 2], "ms")
        for name, each in beside.items():
            asyncio.run(crowd(each, visitors=1, pages=1))
            spent = asyncio.run(crowd(each, visitors=VISITORS, pages=1, together=False))
            report.add(f"{name}, 300 visitors at once, p95", p95(spent), "ms", at_most=MOST_MS)


def p95(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95)]


async def crowd(path: str, *, visitors: int, pages: int, together: bool | None = None) -> list[float]:
    """Milliseconds from asking to the last byte, of every page of every visitor; one page alone is asked for together."""
    together = pages == 1 if together is None else together
    begin = asyncio.Event()
    ready = asyncio.Semaphore(0)

    async def visitor(number: int) -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        ready.release()
        await begin.wait()
        if not together:
            # people do not breathe together: they come within one second
            await asyncio.sleep(THINKING * number / visitors)
        spent = []
        for each in range(pages):
            if each:
                await asyncio.sleep(THINKING)
            spent.append(await ask(reader, writer, path))
        writer.close()
        return spent

    tasks = [asyncio.create_task(visitor(number)) for number in range(visitors)]
    for _each in range(visitors):
        await ready.acquire()
    begin.set()
    return [each for found in await asyncio.gather(*tasks) for each in found]


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> float:
    """One page over an open connection. RuntimeError for any answer but 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAccept-Language: zh-CN\r\nAccept-Encoding: gzip\r\n\r\n"
    start = time.perf_counter()
    writer.write(request.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if " 200 " not in head.partition("\r\n")[0]:
        raise RuntimeError(head)
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return (time.perf_counter() - start) * 1000
