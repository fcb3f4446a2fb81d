"""`zhibu library read`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhibu.study.actions.library import read_files


class Command(BaseCommand):
    """读取学习资料里还没有读过的文件，使其中的文字能被查到。"""

    help = "read: 每夜一次；PDF、Word、Excel、文本文件只读一次，--all 全部重读。"

    # of the code; `zhibu check` and `migrate` look through it
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        read = words.add_parser("read", help="读取文件里的文字")
        read.add_argument("--all", action="store_true", help="全部重读，不只是没有读过的")
        read.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        read, changed = read_files(everything=options["all"])
        if options["json"]:
            self.stdout.write(json.dumps({"read": read, "changed": changed}))
        else:
            self.stdout.write(f"读了 {read} 个文件，{changed} 份资料多了能查到的文字")
