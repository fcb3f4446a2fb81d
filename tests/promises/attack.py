"""What somebody reads out of what was left behind: every order in which traces of papers can be found.

The attacker knows in which order people took their tickets (the record says it) and supposes the worst: that they cast in
that order too. The k-th trace is then said to be the k-th person's. `links` tells how often that is right.
"""

from __future__ import annotations

import sqlite3
import struct
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from io import BytesIO
from math import sqrt
from pathlib import Path
from typing import Any

from zhibu.ballots import envelope

STRIDE, WINDOW = 16, 12
Order = list[bytes]


def links(orders: Mapping[str, Order], truth: Order) -> dict[str, int]:
    """Right guesses in every order, the better of reading it forwards and backwards."""
    return {name: max(_right(order, truth), _right(order[::-1], truth)) for name, order in orders.items()}


def _right(guess: Order, truth: Order) -> int:
    return sum(1 for found, right in zip(guess, truth, strict=False) if found == right)


def correlations(orders: Mapping[str, Order], truth: Order) -> dict[str, float]:
    """Rank correlation of every order with that of casting: weaker traces than exact places."""
    place = {tracker: number for number, tracker in enumerate(truth)}
    told = {}
    for name, order in orders.items():
        n = len(order)
        distance = sum((number - place[tracker]) ** 2 for number, tracker in enumerate(order))
        told[name] = 1 - 6 * distance / (n * (n * n - 1)) if n > 2 else 0.0
    return told


def above_chance(orders: Mapping[str, Order], truth: Order) -> dict[str, tuple[int, float]]:
    """The orders that say more than chance: one right guess on the average, with a deviation of one."""
    hits, near = links(orders, truth), correlations(orders, truth)
    return {
        name: (hits[name], near[name])
        for name, order in orders.items()
        if hits[name] > 1 + 5 or abs(near[name]) > 5 / sqrt(max(len(order), 10))
    }


# -------------------------------------------------------------------------------------------- raw bytes
class Traces:
    """Finds, in any bytes, the papers, their public keys and trackers, as bytes or as hexadecimal digits.

    Every sixteenth place of what is searched is looked up among all windows of what is looked for; whatever is copied
    in one piece of 28 bytes or more is found.
    """

    def __init__(self, bodies: Mapping[bytes, bytes], *, whole: bool = False) -> None:
        self.windows: dict[bytes, bytes] = {}
        for tracker, body in bodies.items():
            public = body[1:66]
            wanted = [
                tracker,
                public,
                tracker.hex().encode(),
                public.hex().encode(),
                tracker.hex().upper().encode(),
            ]
            # the ticket, the signature, the end of the sealed marks: whatever of a paper may have been put elsewhere
            pieces = (body, body[98:354], body[354:418], body[-48:]) if whole else ()
            for each in (*wanted, *(piece for piece in pieces if len(piece) > WINDOW)):
                for start in range(min(STRIDE, len(each) - WINDOW) + 1):
                    self.windows.setdefault(each[start : start + WINDOW], tracker)

    def order_in(self, raw: bytes) -> Order:
        """Trackers in the order in which their first trace stands in the bytes."""
        found: dict[bytes, None] = {}
        for at in range(0, len(raw) - WINDOW + 1, STRIDE):
            tracker = self.windows.get(raw[at : at + WINDOW])
            if tracker is not None:
                found.setdefault(tracker)
        return list(found)


def members(path: Path) -> Iterable[tuple[str, bytes]]:
    """A file, and what lies in it when it is an archive."""
    raw = path.read_bytes()
    yield path.name, raw
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as opened:
            for name in opened.namelist():
                yield name, opened.read(name)
    elif tarfile.is_tarfile(BytesIO(raw)):
        with tarfile.open(path) as opened:
            for each in opened.getmembers():
                held = opened.extractfile(each)
                if held is not None:
                    yield each.name, held.read()


def everywhere(folders: Iterable[Path], traces: Traces, *, but: Iterable[Path] = ()) -> dict[str, int]:
    """Files (and members of archives) below folders that hold a trace, and of how many papers."""
    left_out = set(but)
    told = {}
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and each not in left_out):
            for name, raw in members(path):
                if found := len(traces.order_in(raw)):
                    told[f"{path.name}:{name}"] = found
    return told


# -------------------------------------------------------------------------------------------- databases
def sqlite_orders(path: Path, table: str, column: str, bodies: Mapping[bytes, bytes]) -> dict[str, Order]:
    """Every order in which papers can be read out of a SQLite file: of the table, row ids, bytes, pages, its WAL."""
    traces, raw = Traces(bodies, whole=True), path.read_bytes()
    found = {"bytes in the file": traces.order_in(raw)}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        for name, tail in (("order of the table", ""), ("row ids", " ORDER BY rowid")):
            try:
                rows = [bytes(body) for (body,) in opened.execute(f"SELECT {column} FROM {table}{tail}")]
            except sqlite3.OperationalError:
                continue
            known = [envelope.tracker_of(row) for row in rows]
            found[name] = [each for each in known if each in bodies]
    size = struct.unpack(">H", raw[16:18])[0]
    at = {tracker: raw.find(body[1:60]) for tracker, body in bodies.items()}
    # a page is filled from its end
    found["pages"] = sorted(
        (each for each in bodies if at[each] >= 0), key=lambda each: (at[each] // size, -at[each])
    )
    for beside in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
        if beside.exists() and (order := traces.order_in(beside.read_bytes())):
            found[beside.name.rpartition("-")[2]] = order
    return {name: order for name, order in found.items() if order}


def postgres_orders(cursor: Any, table: str, column: str, bodies: Mapping[bytes, bytes]) -> dict[str, Order]:
    """Every order in which papers can be read out of a table of PostgreSQL: transactions, places, sequence."""
    found = {}
    for name, by in (("xmin", "xmin::text::bigint"), ("ctid", "ctid"), ("sequence", "id")):
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {by}")
        known = [envelope.tracker_of(bytes(row[0])) for row in cursor.fetchall()]
        found[name] = [each for each in known if each in bodies]
    return found


def postgres_folder(cursor: Any) -> Path:
    """Where the server keeps its files, with everything it holds in memory written there."""
    cursor.execute("CHECKPOINT")
    cursor.execute("SHOW data_directory")
    return Path(str(cursor.fetchone()[0]))


def log_order(folder: Path, traces: Traces) -> Order:
    """The order in which the journal of PostgreSQL names papers: its segments are named in order."""
    segments = sorted(each for each in (folder / "pg_wal").iterdir() if each.is_file())
    return traces.order_in(b"".join(each.read_bytes() for each in segments))


# -------------------------------------------------------------------------------------------- clocks
def told_apart(times: Mapping[str, list[float]]) -> float:
    """How far two groups of response times lie apart, in deviations, by their ranks (Mann and Whitney)."""
    one, two = times.values()
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in two])
    ranks = sum(place for place, (_time, group) in enumerate(ranked, 1) if group == 0)
    n, m = len(one), len(two)
    mean, deviation = n * (n + m + 1) / 2, sqrt(n * m * (n + m + 1) / 12)
    return (ranks - mean) / deviation
