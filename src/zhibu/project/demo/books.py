"""The books of dues of the demo into the database: bases sealed, vouchers with their postings, what was handed up."""

from __future__ import annotations

from collections.abc import Callable

from zhibu.dues.models import Base, Closing, DuesBook, DuesEffect, DuesPosting, FundUse, Remittance, Voucher
from zhibu.dues.secrets import seal_base

from . import closings, dues
from .bulk import insert


def write_books(ledger: dues.Ledger, say: Callable[[str], None]) -> None:
    """Everything the collectors of the demo booked."""
    say(f"写入 {len(ledger.vouchers)} 张党费凭证、{len(ledger.postings)} 条分录 …")
    closed = closings.close(ledger)
    insert(Base, dues.BASE_COLUMNS, ((*row[:4], seal_base(row[4]), *row[5:]) for row in ledger.bases))
    insert(DuesBook, dues.BOOK_COLUMNS, ledger.books)
    insert(Voucher, dues.VOUCHER_COLUMNS, ledger.vouchers)
    insert(DuesPosting, dues.POSTING_COLUMNS, ledger.postings)
    insert(DuesEffect, dues.EFFECT_COLUMNS, ledger.effects)
    insert(Remittance, dues.REMITTANCE_COLUMNS, ledger.remittances)
    insert(FundUse, dues.USE_COLUMNS, ledger.uses)
    # last: a closed month takes nothing more
    insert(Closing, closings.COLUMNS, closed)
