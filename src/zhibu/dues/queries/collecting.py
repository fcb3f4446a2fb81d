"""The collector's pages: a branch's month by name, bases, vouchers, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu import rulebook
from zhibu.core.calendar import Month
from zhibu.core.levy import ArrearsRow, Stage, in_force, months_in_a_row, stage_of
from zhibu.dues.imports import members_now
from zhibu.dues.models import (
    Base,
    DuesPosting,
    Hardship,
    PayOrder,
    Remittance,
    StatementLine,
    Voucher,
)
from zhibu.dues.queries import balances, charging
from zhibu.dues.queries.balances import MonthSum
from zhibu.register.models import Organisation

LOOKED_BACK = 24
"""Months looked back for unpaid ones."""


@dataclass(frozen=True, slots=True)
class RollRow:
    """A member in a branch's month. Fen; `due_fen` None when no base is known."""

    person: int
    name: str
    due_fen: int | None
    because: str
    paid_fen: int
    charged: bool
    in_a_row: int
    stage: str
    payer: str = ""

    @property
    def open_fen(self) -> int:
        """What is still to come for the month."""
        return max(0, (self.due_fen or 0) - self.paid_fen)

    @property
    def ticked(self) -> bool:
        """Whether the member is offered as paying."""
        return self.open_fen > 0


def arrears_on(day: date) -> ArrearsRow | None:
    """The rule on arrears in force on a day."""
    levy = rulebook.load().levy
    return in_force(levy.arrears.rows, day) if levy.arrears else None


def roll(organisation: Organisation, month: Month, today: date) -> list[RollRow]:
    """Everybody who pays here for the month, and whoever was charged though gone since."""
    this = Month.of(today)
    first = Month.from_key(min(month.key, this.key) - LOOKED_BACK).first
    known = balances.of_branch(organisation.pk, first, month.last if month > this else this.last)
    unpaid: dict[int, set[Month]] = {}
    for (person, day), balance in known.items():
        if balance.open_fen > 0:
            unpaid.setdefault(person, set()).add(Month.of(day))
    rule = arrears_on(today)
    rows = []
    for each in charging.plan([organisation.pk], month, today):
        balance = known.get((each.person, month.first), balances.NOTHING)
        count = months_in_a_row(unpaid.get(each.person, set()), this)
        charged = balance.charged_fen > 0
        rows.append(
            RollRow(
                each.person, each.name, balance.charged_fen if charged else each.fen, each.because, balance.paid_fen,
                charged, count, stage_of(count, rule).value if rule else Stage.NONE.value, each.payer,
            )
        )  # fmt: skip
    return rows


def year(organisation: Organisation, number: int) -> list[tuple[Month, MonthSum | None]]:
    """Twelve months of a branch; one query."""
    first, last = Month(number, 1).first, Month(number, 12).first
    found = balances.month_sums([organisation.pk], first, last)
    return [
        (Month(number, count), found.get((organisation.pk, Month(number, count).first)))
        for count in range(1, 13)
    ]


def vouchers(organisation: Organisation, month: Month | None = None) -> QuerySet[Voucher]:
    """Vouchers of a book, newest first."""
    rows = Voucher.objects.filter(organisation=organisation)
    return (rows.filter(book_on=month.first) if month else rows).order_by("-number")


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as a page shows it."""

    pk: int
    line: int
    name: str
    person: int | None
    month: date | None
    debit: str
    credit: str
    fen: int
    reversed: bool


def lines(voucher: Voucher) -> list[Line]:
    """The postings of a voucher, with names."""
    rows = (
        DuesPosting.objects.filter(voucher=voucher)
        .order_by("line")
        .values_list(
            "pk", "line", "person__name", "person_id", "month_on", "debit", "credit", "fen", "reversed_by"
        )
    )
    return [Line(*row[:8], row[8] is not None) for row in rows]


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A member with the base in force; the figures stay sealed."""

    person: int
    name: str
    base: Base | None
    waiting: Base | None
    base_fen: int | None = None
    waiting_fen: int | None = None


def bases(
    organisation: Organisation,
    today: date,
    figures: Mapping[int, tuple[int | None, int | None]] | None = None,
) -> list[BaseRow]:
    """Members of a branch with their bases, confirmed and waiting; with the figures when they were asked for."""
    members = members_now(organisation)
    rows = Base.objects.filter(person_id__in=[each[0] for each in members], replaced=0).order_by("since_on")
    confirmed: dict[int, Base] = {}
    waiting: dict[int, Base] = {}
    for row in rows:
        if row.confirmed_on is None:
            waiting[row.person_id] = row
        elif row.since_on <= today:
            confirmed[row.person_id] = row
    return [
        BaseRow(
            pk, name, confirmed.get(pk), waiting.get(pk),
            *((figures or {}).get(row.pk, (None, None))[0] if row else None for row in (confirmed.get(pk), waiting.get(pk))),
        )
        for pk, name in members
    ]  # fmt: skip


def statement_lines(organisation: Organisation, state: str) -> QuerySet[StatementLine]:
    """Lines of statements of a branch."""
    return (
        StatementLine.objects.filter(organisation=organisation, state=state)
        .select_related("proposed", "voucher")
        .order_by("-came_on", "-pk")
    )


def orders_waiting(organisation: Organisation) -> QuerySet[PayOrder]:
    """Orders whose money did not fit."""
    return (
        PayOrder.objects.filter(organisation=organisation, state="review")
        .select_related("person")
        .order_by("created_at")
    )


def hardships(organisations: Iterable[int], *, waiting: bool = False) -> QuerySet[Hardship]:
    """Requests for relief, the newest first."""
    rows = Hardship.objects.filter(organisation_id__in=list(organisations)).select_related(
        "person", "organisation"
    )
    if waiting:
        rows = rows.filter(approved_on__isnull=True, refused_on__isnull=True)
    return rows.order_by("-studied_on", "-pk")


def remittances(organisation: Organisation) -> QuerySet[Remittance]:
    """What an organisation handed up, newest first."""
    return (
        Remittance.objects.filter(sender=organisation).select_related("receiver").order_by("-sent_on", "-pk")
    )


def recent(this: Month, count: int = 12) -> Sequence[Month]:
    """The month given and those before it, the newest first."""
    return [Month.from_key(this.key - back) for back in range(count)]
