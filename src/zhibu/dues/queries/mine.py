"""A member's own dues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.core.calendar import Month
from zhibu.core.levy import Stage, months_in_a_row, stage_of
from zhibu.dues import secrets
from zhibu.dues.models import Arrangement, Base, DuesPosting, Hardship, PayOrder
from zhibu.dues.queries import balances, charging
from zhibu.dues.queries.balances import PAID, Balance
from zhibu.dues.queries.collecting import arrears_on
from zhibu.register.models import Membership


@dataclass(frozen=True, slots=True)
class MyMonth:
    """A month of mine: charged, or only planned for the running month."""

    month: Month
    due_fen: int
    paid_fen: int
    charged: bool

    @property
    def open_fen(self) -> int:
        """What is still to come."""
        return max(0, self.due_fen - self.paid_fen)


@dataclass(frozen=True, slots=True)
class MyBase:
    """A base with its figures, for its own person only."""

    row: Base
    fen: int | None
    basic_fen: int | None


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything on the page."""

    months: list[MyMonth]
    owed_fen: int
    payable: list[Month]
    in_a_row: int
    stage: str
    bases: list[MyBase]


def mine(belonging: Membership, today: date) -> Mine:
    """My months of this year and every unpaid one, my bases, how long I am late."""
    this = Month.of(today)
    known = balances.of_person(belonging.person_id)
    months = [_charged(day, balance) for (_person, day), balance in sorted(known.items())]
    kept = [each for each in months if each.month.year == this.year or each.open_fen]
    if all(each.month != this for each in months):
        kept += [
            MyMonth(this, each.fen, 0, charged=False)
            for each in charging.plan([belonging.organisation_id], this, today, {belonging.person_id})
            if each.fen
        ]
    unpaid = {each.month for each in months if each.open_fen}
    count, rule = months_in_a_row(unpaid, this), arrears_on(today)
    rows = Base.objects.filter(person_id=belonging.person_id, replaced=0).order_by("-since_on")[:12]
    return Mine(
        sorted(kept, key=lambda each: each.month, reverse=True),
        sum(each.open_fen for each in kept if each.charged),
        _payable(belonging, unpaid),
        count,
        stage_of(count, rule).value if rule else Stage.NONE.value,
        [MyBase(row, *secrets.open_base(row.sealed)) for row in rows],
    )


def _payable(belonging: Membership, unpaid: set[Month]) -> list[Month]:
    """Unpaid months charged where I am now; what a former branch charged is paid there."""
    if not unpaid:
        return []
    here = balances.of_people([belonging.person_id], unpaid, belonging.organisation_id)
    return sorted(Month.of(day) for (_person, day), balance in here.items() if balance.open_fen > 0)


def _charged(day: date, balance: Balance) -> MyMonth:
    return MyMonth(Month.of(day), balance.charged_fen, balance.paid_fen, charged=True)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: one voucher, one member."""

    voucher: int
    number: str
    day: date
    fen: int
    months: list[Month]


def receipts(person: int, limit: int = 24) -> list[Receipt]:
    """What I paid, newest first; what was reversed is left out."""
    # a reversal pays nothing, so it need not be asked for; SQLite would take the index of what reverses nothing: all rows
    rows = (
        DuesPosting.objects.filter(PAID, person_id=person, reversed_by__isnull=True)
        .select_related("voucher", "organisation")
        .order_by("-posted_on", "-voucher_id", "month_on")[: limit * 4]
    )
    found: dict[int, Receipt] = {}
    for row in rows:
        receipt = found.setdefault(
            row.voucher_id, Receipt(row.voucher_id, number_of(row), row.posted_on, 0, [])
        )
        found[row.voucher_id] = Receipt(
            receipt.voucher, receipt.number, receipt.day, receipt.fen + row.fen,
            [*receipt.months, *([Month.of(row.month_on)] if row.month_on else [])],
        )  # fmt: skip
    return list(found.values())[:limit]


def number_of(row: DuesPosting) -> str:
    """The number of a receipt: branch, year, voucher, first line."""
    return f"{row.organisation.code}-{row.book_on.year}-{row.voucher.number:04d}-{row.line:02d}"


def receipt_rows(voucher: int, person: int) -> list[DuesPosting]:
    """The lines of one receipt."""
    rows = DuesPosting.objects.filter(voucher_id=voucher, person_id=person)
    found = rows.select_related("voucher", "organisation", "person", "reversed_by__voucher").order_by("line")
    return [row for row in found if row.reverses_id is None]


def orders(person: int) -> list[PayOrder]:
    """My orders that are not settled, and the last settled ones."""
    return list(PayOrder.objects.filter(person_id=person).order_by("-created_at")[:5])


def consents(person: int) -> list[Arrangement]:
    """What the branch consented to for me."""
    return list(Arrangement.objects.filter(person_id=person, until_on__isnull=True).order_by("-since_on"))


def reliefs(person: int) -> list[Hardship]:
    """Relief granted or asked for me."""
    return list(Hardship.objects.filter(person_id=person).order_by("-since_on")[:6])
