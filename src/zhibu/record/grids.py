"""Opening a spreadsheet somebody sent: in a process of its own, with limits on memory and time.

A reader of sheets keeps them whole: a file of five kilobytes with one cell in the far corner asks for gigabytes and
ends the process that reads it. So a child reads it, and the server only reads what the child answers, which is JSON
and never anything executable.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

SECONDS = 30
"""Of the processor; ten thousand rows of twenty columns take less than one."""

MEMORY = 800 * 1024 * 1024
"""Of addresses, not of memory used."""

_NOT_A_WORKBOOK = 3
_CHILD = Path(__file__).with_name("grid_child.py")


class GridFault(Exception):
    """A file that cannot be opened as a workbook: `not_a_workbook` with the reader's reason, or `too_demanding`."""

    def __init__(self, code: str, reason: str = "") -> None:
        self.code, self.reason = code, reason
        super().__init__(f"{code}: {reason}" if reason else code)


@dataclass(frozen=True, slots=True)
class Grid:
    """One visible sheet from its first cell on; merged ranges as (top, left, bottom, right), counted from 0."""

    name: str
    rows: Sequence[Sequence[object]]
    merged: tuple[tuple[int, int, int, int], ...]


def open_grids(data: bytes) -> list[Grid]:
    """The visible sheets of a workbook. The guard `files.inspect` comes before. Raises GridFault."""
    command = [sys.executable, "-I", str(_CHILD), str(SECONDS), str(MEMORY)]
    try:
        ran = subprocess.run(command, input=data, capture_output=True, check=False, timeout=SECONDS * 3)
    except subprocess.TimeoutExpired:
        raise GridFault("too_demanding") from None
    if ran.returncode == _NOT_A_WORKBOOK:
        raise GridFault("not_a_workbook", ran.stderr.decode(errors="replace").strip()[:200])
    if ran.returncode:
        raise GridFault("too_demanding")
    return [
        Grid(
            sheet["name"],
            [[_value(cell) for cell in row] for row in sheet["rows"]],
            tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        )
        for sheet in json.loads(ran.stdout)
    ]


def _value(cell: object) -> object:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return date.fromisoformat(text) if kind == "day" else datetime.fromisoformat(text)
