"""`zhibu record verify` and `zhibu record anchor`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhibu.record.canonical import moment
from zhibu.record.verification import anchor, verify

FOUND = 5
"""Exit code when something was found wrong; 1 is left to errors of the command itself."""


class Command(BaseCommand):
    """检查留痕链，或生成一份可另行保存的存证根。"""

    help = "verify: compute every digest of the record again. anchor: the state of all chains in one number."

    # of the code; `zhibu check` and `migrate` look through it
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        checked = words.add_parser("verify", help="exit code 0: nothing found; 5: something found")
        checked.add_argument(
            "--organisation", type=int, help="number of one organisation; 0 is the installation"
        )
        checked.add_argument("--anchor", default="", help="an anchor kept elsewhere, as `anchor` printed it")
        checked.add_argument("--json", action="store_true")
        anchored = words.add_parser("anchor", help="print it and keep it off this machine")
        anchored.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["word"] == "anchor":
            self._anchor(as_json=options["json"])
        else:
            self._verify(options)

    def _anchor(self, *, as_json: bool) -> None:
        made = anchor(timezone.now())
        printed = f"{made.last_entry}:{made.root}"
        if as_json:
            told = {"anchor": printed, "at": moment(made.at), "chains": made.chains}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{moment(made.at)}  chains {made.chains}\n{printed}")

    def _verify(self, options: dict[str, Any]) -> None:
        last, colon, root = options["anchor"].partition(":")
        if options["anchor"] and not (colon and last.isdigit() and len(root) == 64):
            raise CommandError("--anchor must be NUMBER:ROOT, as `zhibu record anchor` printed it")
        result = verify(options["organisation"], root=root, last_entry=int(last or 0))
        if options["json"]:
            told = {
                "ok": result.ok,
                "chains": result.chains,
                "entries": result.entries,
                "anchors": result.anchors,
                "faults": [asdict(fault) for fault in result.faults],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for fault in result.faults:
                self.stdout.write(f"{fault.organisation_id}/{fault.sequence} {fault.kind}: {fault.text}")
            self.stdout.write(
                f"chains {result.chains}, entries {result.entries}, anchors {result.anchors},"
                f" faults {len(result.faults)}"
            )
        if not result.ok:
            sys.exit(FOUND)
