"""`zhibu cases rebuild`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhibu.procedures.actions.rebuilding import rebuild
from zhibu.ui.clock import instant


class Command(BaseCommand):
    """按现在的规则和日期重算各件办理事项的下一步。"""

    help = "rebuild: 规则库变动之后，或每夜一次；已办的步骤不动。"

    # of the code; `zhibu check` and `migrate` look through it
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("rebuild", help="重算各件事的下一步").add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = instant()
        today = timezone.localtime(now).date()
        looked, changed = rebuild(today, now)
        if options["json"]:
            told = {"cases": looked, "changed": changed, "day": today.isoformat()}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{looked} 件事按 {today.isoformat()} 的规则重算，{changed} 件有变化")
