"""A payer's account worked out: what was due month by month, what came, what is owed, and how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.core.calendar import Month
from zhibu.core.norms.dues import Levy, PracticeRow, in_force

from .amounts import Because, Charge, Member, charge
from .owing import Destination, Stage, destination, months_in_a_row, stage_of, within_back_payment
from .stated import Paid, Stated


@dataclass(frozen=True, slots=True)
class MonthOfPayer:
    """A month's charge, what was paid for it, and of that what came by its last day."""

    charge: Charge
    paid_fen: int
    in_time_fen: int

    @property
    def owed_fen(self) -> int:
        """What has not come."""
        return max(0, (self.charge.fen or 0) - self.paid_fen)


@dataclass(frozen=True, slots=True)
class ExtraPayment:
    """A voluntary payment and where it goes."""

    fen: int
    on: date
    destination: Destination


@dataclass(frozen=True, slots=True)
class Account:
    """The whole. `in_a_row` counts unpaid months up to the last whole month before the day of looking."""

    id: str
    months: tuple[MonthOfPayer, ...]
    extra: tuple[ExtraPayment, ...]
    in_a_row: int
    stage: Stage
    beyond_back_payment: tuple[Month, ...]

    @property
    def due_fen(self) -> int:
        """What was due in all months."""
        return sum(each.charge.fen or 0 for each in self.months)

    @property
    def paid_fen(self) -> int:
        """What came for them."""
        return sum(each.paid_fen for each in self.months)

    @property
    def owed_fen(self) -> int:
        """What has not come."""
        return sum(each.owed_fen for each in self.months)

    @property
    def unknown(self) -> tuple[Month, ...]:
        """Months whose amount cannot be said."""
        return tuple(each.charge.month for each in self.months if each.charge.fen is None)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from the first to the last, both included."""
    return (Month.from_key(key) for key in range(first.key, last.key + 1))


def first_stated(member: Member) -> Month | None:
    """The first month anything is known of a payer."""
    months = [each.since for each in member.spells]
    if member.admitted_on is not None:
        months.append(Month.of(member.admitted_on))
    return min(months, default=None)


def account(
    levy: Levy, stated: Stated, practice: PracticeRow, as_of: date, first: Month | None = None, last: Month | None = None
) -> Account:  # fmt: skip
    """Work out a payer's months from `first` (default: the first anything is known of) to `last` (the month of `as_of`)."""
    this = Month.of(as_of)
    begin, end = first or first_stated(stated.member), min(last or this, this)
    months = [
        _month(charge(levy, stated.member, each, practice), stated.paid, as_of)
        for each in (months_between(begin, end) if begin else ())
    ]
    shown = tuple(each for each in months if each.charge.because not in (Because.BEFORE, Because.AFTER))
    unpaid = {each.charge.month for each in shown if each.owed_fen}
    arrears = in_force(levy.arrears.rows, as_of) if levy.arrears else None
    count = months_in_a_row(unpaid, this)
    return Account(
        stated.id,
        shown,
        _extra(levy, stated.extra, as_of),
        count,
        stage_of(count, arrears) if arrears else Stage.NONE,
        tuple(sorted(each for each in unpaid if arrears and not within_back_payment(each, this, arrears))),
    )


def _month(found: Charge, paid: Sequence[Paid], as_of: date) -> MonthOfPayer:
    came = [each for each in paid if each.month == found.month and each.on <= as_of]
    in_time = sum(each.fen for each in came if each.on <= found.month.last)
    return MonthOfPayer(found, sum(each.fen for each in came), in_time)


def _extra(levy: Levy, extra: Sequence[Paid], as_of: date) -> tuple[ExtraPayment, ...]:
    found = []
    for each in extra:
        row = in_force(levy.extra.rows, each.on) if levy.extra else None
        if row is not None and each.on <= as_of:
            found.append(ExtraPayment(each.fen, each.on, destination(each.fen, row)))
    return tuple(found)
