"""Months of the demo's books as they were closed: promptly, some months late, or never. Pure.

The digest is the one `close_month` computes, so that an archive of the demo is found unaltered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256

from zhibu.core.calendar import Month

from .dues import EPOCH, Ledger, Row

COLUMNS = (
    "organisation_id", "month_on", "vouchers", "due_fen", "received_fen", "cash_fen", "bank_fen", "digest", "actor_name",
    "at",
)  # fmt: skip
BEHIND = {"excellent": 1, "ordinary": 1, "late": 4, "idle": None, "committee": 2}
"""Months before this one that a book is closed to; an idle branch never closes."""
CLOSED_ON = 12
"""The day of the next month on which a month is closed."""


@lru_cache(maxsize=4096)
def _iso(day: int | None) -> str:
    return "" if day is None else date.fromordinal(day).isoformat()


def close(ledger: Ledger) -> list[Row]:
    """The closings of every book from the December before this year on; the books learn how far they are closed."""
    books = _books(ledger)
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for row in ledger.effects:
        due, received = sums.get((row[1], row[2]), (0, 0))
        sums[row[1], row[2]] = (due + row[4], received + row[5])
    found: list[Row] = []
    for place, rows in books.items():
        for month in _months(ledger, place):
            found.append(
                _closing(ledger, place, month, rows, sums.get((place, month.first.toordinal()), (0, 0)))
            )
            ledger.closed[place] = month.first.toordinal()
    return found


Line = tuple[int, int, int, int, bytes]
"""Voucher, line, month of booking, change of the cash, text of the digest."""


def _books(ledger: Ledger) -> dict[int, list[Line]]:
    numbers = {row[0]: row[2] for row in ledger.vouchers}
    books: dict[int, list[Line]] = {}
    for key, line, place, book, day, person, month, debit, credit, fen, _because in ledger.postings:
        number = numbers[key]
        text = f"{number}|{line}|{_iso(day)}|{person or ''}|{_iso(month)}|{debit}|{credit}|{fen}|0|\n"
        cash = fen * ((debit == "cash") - (credit == "cash"))
        books.setdefault(place, []).append((number, line, book, cash, text.encode()))
    for rows in books.values():
        rows.sort()
    return books


def _months(ledger: Ledger, place: int) -> Iterator[Month]:
    this = Month.of(date.fromordinal(ledger.today))
    behind = BEHIND[ledger.manners.get(place, "committee")]
    if behind is None:
        return
    if date.fromordinal(ledger.today).day <= CLOSED_ON:
        behind += 1
    for key in range(Month(this.year - 1, 12).key, this.key - behind + 1):
        yield Month.from_key(key)


def _closing(ledger: Ledger, place: int, month: Month, rows: list[Line], sums: tuple[int, int]) -> Row:
    first = month.first.toordinal()
    until = [row for row in rows if row[2] <= first]
    digest = sha256(b"".join(row[4] for row in until)).hexdigest()
    day = month.last.toordinal() + CLOSED_ON
    at = datetime.fromtimestamp((day - EPOCH) * 86_400 + 10 * 3600, UTC)
    return (
        place, first, len({row[0] for row in until if row[2] == first}), *sums, sum(row[3] for row in until), 0, digest,
        ledger.collectors.get(place, "党务工作者"), at,
    )  # fmt: skip
