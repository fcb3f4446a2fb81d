"""Charging a month of dues: 10,000 members, with --large a million too, beside a loop that does one member at a time.

Everything is made in a new SQLite database of a process of its own (sealed bases included); what is timed is
`charging.plan` over all branches and the writing of the vouchers. See `_charging`.
"""

import json
import os
import subprocess
import sys

from benchmarks.report import Report

FEW, MANY = 10_000, 1_000_000
GROWTH = 1.5
"""A member among a million may take at most so many times what one among ten thousand takes."""


def run(report: Report) -> None:
    each: dict[int, float] = {}
    for members in (FEW, *((MANY,) if report.large else ())):
        home = report.home / f"dues-{members}"
        home.mkdir()
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks._charging", str(members)],
            env={**os.environ, "ZHIBU_HOME": str(home)}, check=True, capture_output=True, text=True,
        )  # fmt: skip
        found = json.loads(told.stdout)
        whole = found["planned"] + found["written"]
        each[members] = whole / members
        name = f"{members:,} members, {found['branches']:,} branches"
        report.add(f"{name}: planned", found["planned"], "s")
        report.add(f"{name}: written", found["written"], "s")
        report.add(f"{name}: a member", 1e6 * each[members], "µs")
        report.add(f"{name}: planned one at a time", found["loop"] * members / found["planned"], "x as long")
        report.add(f"{name}: memory at its highest", found["memory"] >> 10, "MB")
    if report.large:
        report.add(
            "a member among a million, to one among ten thousand", each[MANY] / each[FEW], "x", at_most=GROWTH
        )
