"""Sums over postings: of members and months, and of the funds of a book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhibu import record
from zhibu.core.calendar import Month
from zhibu.dues.models import DuesEffect, DuesPosting, Fund


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody pays for one month."""

    person: int
    month: Month
    fen: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member was charged for a month and what came for it, reversals taken off. Fen."""

    charged_fen: int
    paid_fen: int
    turns: int

    @property
    def open_fen(self) -> int:
        """What is still to come; negative when more came than is due since a correction."""
        return self.charged_fen - self.paid_fen

    @property
    def settled(self) -> bool:
        """Whether the month counts as paid."""
        return 0 < self.charged_fen <= self.paid_fen

    def after(self, charged_fen: int = 0, paid_fen: int = 0) -> Balance:
        """The balance when so much more was charged or paid."""
        return Balance(self.charged_fen + charged_fen, self.paid_fen + paid_fen, self.turns)


NOTHING = Balance(0, 0, 0)
Key = tuple[int, date]


CHARGED = Q(debit=Fund.RECEIVABLE, credit=Fund.DUES)
UNCHARGED = Q(debit=Fund.DUES, credit=Fund.RECEIVABLE)
PAID = Q(credit=Fund.RECEIVABLE) & ~Q(debit=Fund.DUES)


def balances(rows: QuerySet[DuesPosting]) -> dict[Key, Balance]:
    """By member and month, over any postings.

    Summed by kind of posting in the database and put together here: a sum with a condition each costs more to compile
    than to run.
    """
    return _put_together(_summed(rows))


def _summed(rows: QuerySet[DuesPosting]) -> QuerySet[DuesPosting, Any]:
    rows = rows.filter(person__isnull=False, month_on__isnull=False)
    columns = rows.values_list("person_id", "month_on", "debit", "credit")
    return columns.annotate(sum=Sum("fen"), count=Count("pk")).order_by()


def _put_together(summed: Iterable[tuple[Any, ...]]) -> dict[Key, Balance]:
    found: dict[Key, list[int]] = {}
    for person, month, debit, credit, fen, count in summed:
        # charged, paid, turns
        row = found.setdefault((person, month), [0, 0, 0])
        raised = debit == Fund.RECEIVABLE
        if Fund.DUES in (debit, credit):
            row[0] += fen if raised else -fen
            row[2] += count if raised else 0
        else:
            row[1] -= fen if raised else -fen
    return {key: Balance(*row) for key, row in found.items()}


def of_branch(organisation: int, first: date, last: date) -> dict[Key, Balance]:
    """The months of a branch, as charged there."""
    return balances(DuesPosting.objects.filter(organisation_id=organisation, month_on__range=(first, last)))


def of_person(person: int) -> dict[Key, Balance]:
    """All months of a member, wherever charged."""
    return _put_together(record.rows(_person_summed, person))


def _person_summed(person: int) -> QuerySet[DuesPosting, Any]:
    return _summed(DuesPosting.objects.filter(person_id=person))


def charged_at(person: int) -> record.Places:
    """The branches in whose books a member stands."""
    return record.places_in(
        "SELECT DISTINCT organisation_id FROM zb_dues_posting WHERE person_id = %s", person
    )


def owed(person: int) -> int:
    """What a member was charged and has not paid, fen."""
    return sum(max(0, each.open_fen) for each in of_person(person).values())


def of_people(
    people: Iterable[int], months: Iterable[Month], organisation: int | None = None
) -> dict[Key, Balance]:
    """Some months of some members, wherever charged, or as charged in one branch."""
    rows = DuesPosting.objects.filter(
        person_id__in=list(people), month_on__in=[each.first for each in months]
    )
    return balances(rows if organisation is None else rows.filter(organisation_id=organisation))


def open_of(organisation: int, person: int | None = None) -> dict[Key, Balance]:
    """Every month charged in a branch that is not paid, oldest first for each member."""
    rows = DuesPosting.objects.filter(organisation_id=organisation)
    found = balances(rows.filter(person_id=person) if person else rows)
    return {key: found[key] for key in sorted(found) if found[key].open_fen > 0}


def funds(organisations: Iterable[int], until: date | None = None) -> dict[int, dict[str, int]]:
    """Debit less credit of every fund of some books, up to a month of booking."""
    rows = DuesPosting.objects.filter(organisation_id__in=list(organisations))
    if until is not None:
        rows = rows.filter(book_on__lte=until)
    found: dict[int, dict[str, int]] = {}
    summed = rows.values_list("organisation_id", "debit", "credit").annotate(sum=Sum("fen")).order_by()
    for organisation, debit, credit, fen in summed:
        book = found.setdefault(organisation, {})
        book[debit] = book.get(debit, 0) + fen
        book[credit] = book.get(credit, 0) - fen
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """A book at a glance, fen: in hand, owed by members, not yet handed up, left to be used."""

    cash_fen: int = 0
    bank_fen: int = 0
    receivable_fen: int = 0
    received_fen: int = 0
    from_below_fen: int = 0
    extra_fen: int = 0
    remitted_fen: int = 0
    in_transit_fen: int = 0
    retained_fen: int = 0
    used_fen: int = 0
    other_fen: int = 0

    @property
    def in_hand_fen(self) -> int:
        """Cash and bank together."""
        return self.cash_fen + self.bank_fen

    @property
    def to_use_fen(self) -> int:
        """What the organisation may use: kept, allocated or earned, less what was used."""
        return self.retained_fen + self.other_fen - self.used_fen

    @property
    def to_hand_up_fen(self) -> int:
        """What is in hand and not its own to use."""
        return self.in_hand_fen - self.to_use_fen


def standing(book: dict[str, int] | None) -> Standing:
    """The funds of a book, read."""
    book = book or {}

    def of(fund: str, sign: int = 1) -> int:
        return sign * book.get(fund, 0)

    return Standing(
        cash_fen=of(Fund.CASH),
        bank_fen=of(Fund.BANK),
        receivable_fen=of(Fund.RECEIVABLE),
        received_fen=of(Fund.DUES, -1) - of(Fund.RECEIVABLE),
        from_below_fen=of(Fund.FROM_BELOW, -1),
        extra_fen=of(Fund.EXTRA, -1),
        remitted_fen=of(Fund.REMITTED),
        in_transit_fen=of(Fund.IN_TRANSIT),
        retained_fen=of(Fund.RETAINED, -1),
        used_fen=of(Fund.USED),
        other_fen=of(Fund.ALLOCATED, -1) + of(Fund.INTEREST, -1),
    )


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A month of a branch, from the evidence rows."""

    due_fen: int
    received_fen: int
    in_time_fen: int
    members_due: int
    members_paid: int
    charged: int

    @property
    def late_fen(self) -> int:
        """What came after the month."""
        return self.received_fen - self.in_time_fen

    @property
    def owed_fen(self) -> int:
        """What has not come."""
        return max(0, self.due_fen - self.received_fen)


SUMMED = ("due_fen", "received_fen", "in_time_fen", "members_due", "members_paid", "charged")


def month_sums(organisations: Iterable[int], first: date, last: date) -> dict[tuple[int, date], MonthSum]:
    """Branch and month to its sums; one query."""
    rows = (
        DuesEffect.objects.filter(organisation_id__in=list(organisations), month_on__range=(first, last))
        .values_list("organisation_id", "month_on")
        .annotate(**{f"sum_{name}": Sum(name) for name in SUMMED})
        .order_by()
    )
    return {(row[0], row[1]): MonthSum(*row[2:]) for row in rows}
