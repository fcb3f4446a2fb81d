"""`zhibu deliver`: send the letters that wait."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connection

from zhibu.accounts.delivery import run
from zhibu.project.spoken import USAGE, Fault, Spoken
from zhibu.record.models import LetterState
from zhibu.ui.clock import instant

LONGEST_WATCH = 3600


class Command(Spoken):
    """发送等着的邮件和群消息。"""

    help = "发送等着的邮件和群消息；没发出去的隔一会儿再试。每分钟运行一次，或用 --watch 一直运行。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--watch", type=int, metavar="SECONDS", help="一直运行，每隔几秒看一次")
        parser.add_argument("--beside", type=int, metavar="PID", help="与这个进程同时结束（serve 用）")
        parser.add_argument("--json", action="store_true", help="结果写成 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due, and say what became of it."""
        every = options["watch"]
        if every is None:
            self._say(run(instant), **options)
            return
        if not 1 <= every <= LONGEST_WATCH:
            raise Fault("usage", f"--watch 为 1–{LONGEST_WATCH} 秒", "zhibu help deliver", exit_code=USAGE)
        os.nice(5)
        while is_there(options["beside"]):
            # a database that is busy, being restored or away for a moment is tried again, like a letter
            with suppress(DatabaseError):
                run(instant)
            connection.close()
            time.sleep(every)

    def _say(self, counts: dict[str, int], **options: Any) -> None:
        if options["json"]:
            self.print_json(counts)
            return
        words = "，".join(f"{LetterState(state).label} {number}" for state, number in counts.items())
        self.stdout.write(words or "没有要发的通知")


def is_there(process: int | None) -> bool:
    """Whether the process beside which we run still runs."""
    if process is None:
        return True
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
