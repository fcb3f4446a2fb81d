"""DuesPosting to a book: the one way anything gets into the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import refuse_if
from zhibu.dues import policies
from zhibu.dues.models import DuesBook, DuesPosting, Fund, Voucher, VoucherKind
from zhibu.record.past import instant
from zhibu.register.models import Organisation

POSTING = (
    "voucher_id", "line", "organisation_id", "book_on", "posted_on", "person_id", "month_on", "debit", "credit", "fen",
    "turn", "because", "reverses_id",
)  # fmt: skip
EFFECT = (
    "voucher_id", "organisation_id", "month_on", "charged", "due_fen", "received_fen", "in_time_fen", "members_due",
    "members_paid", "known_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """An amount from one fund to another. `settles`: 1 when a member's month is paid by it, -1 when no longer."""

    debit: str
    credit: str
    fen: int
    person: int | None = None
    month: Month | None = None
    turn: int = 0
    because: str = ""
    settles: int = 0
    reverses: DuesPosting | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """What a voucher says beside its moves."""

    kind: VoucherKind
    posted_on: date
    now: datetime
    channel: str = ""
    memo: str = ""
    reference: str | None = None
    rulebook: str = ""
    charged: Collection[Month] = ()


@dataclass(slots=True)
class Effect:
    """What a voucher does to a month of a branch, in the order of its columns."""

    charged: int = 0
    due_fen: int = 0
    received_fen: int = 0
    in_time_fen: int = 0
    members_due: int = 0
    members_paid: int = 0


def locked(organisation: Organisation) -> DuesBook:
    """The book of an organisation, locked until the transaction ends; two collectors wait for one another here."""
    rows = DuesBook.objects.select_for_update()
    found = rows.filter(organisation=organisation).first()
    if found is None:
        DuesBook.objects.bulk_create([DuesBook(organisation=organisation)], ignore_conflicts=True)
        found = rows.get(organisation=organisation)
    return found


def open_day(book: DuesBook, day: date, today: date) -> date:
    """The day itself while its month is open, else today: what came in a closed month is booked now."""
    closed = book.closed_through is not None and day.replace(day=1) <= book.closed_through
    return today if closed else day


def post(actor: Actor | None, book: DuesBook, slip: Slip, moves: Sequence[Move]) -> Voucher:
    """Write a voucher with its postings and its effects into a locked book."""
    refuse_if(policies.month_open(book, slip.posted_on))
    book.last_number += 1
    book.save(update_fields=["last_number"])
    known = instant(slip.now)
    book_on, posted_on = slip.posted_on.replace(day=1).toordinal(), slip.posted_on.toordinal()
    voucher = Voucher.objects.create(
        organisation_id=book.organisation_id, number=book.last_number, kind=slip.kind,
        book_on=slip.posted_on.replace(day=1), posted_on=slip.posted_on, channel=slip.channel, memo=slip.memo[:200],
        reference=slip.reference, rulebook=slip.rulebook, lines=len(moves), total_fen=sum(each.fen for each in moves),
        actor_user=actor.user if actor else None, actor_name=(actor.name if actor else "系统")[:150], at=slip.now,
        known_at=known,
    )  # fmt: skip
    _insert(
        "zb_dues_posting", POSTING,
        [
            (
                voucher.pk, line, book.organisation_id, book_on, posted_on, each.person,
                each.month.first.toordinal() if each.month else None, each.debit, each.credit, each.fen, each.turn,
                each.because, each.reverses.pk if each.reverses else None,
            )
            for line, each in enumerate(moves, 1)
        ],
    )  # fmt: skip
    _insert(
        "zb_dues_effect", EFFECT,
        [
            (voucher.pk, book.organisation_id, month.first.toordinal(), *astuple(effect), known)
            for month, effect in _effects(slip, moves).items()
        ],
    )  # fmt: skip
    return voucher


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[int | str | None]]) -> None:
    """Plain executemany: a row of Django's takes longer to make and prepare than to write."""
    if not rows:
        return
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 - names of this file
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _effects(slip: Slip, moves: Sequence[Move]) -> dict[Month, Effect]:
    found = {month: Effect(charged=1) for month in slip.charged}
    for each in moves:
        if each.month is not None and Fund.RECEIVABLE in (each.debit, each.credit):
            _add(found.setdefault(each.month, Effect()), each, slip.posted_on)
    return found


def _add(effect: Effect, move: Move, posted_on: date) -> None:
    sign = 1 if move.reverses is None else -1
    debit, credit = (move.debit, move.credit) if sign == 1 else (move.credit, move.debit)
    day = posted_on if move.reverses is None else move.reverses.posted_on
    effect.members_paid += move.settles
    if (debit, credit) == (Fund.RECEIVABLE, Fund.DUES):
        effect.due_fen += sign * move.fen
        effect.members_due += sign
    elif credit == Fund.RECEIVABLE:
        effect.received_fen += sign * move.fen
        if move.month and day <= move.month.last:
            effect.in_time_fen += sign * move.fen


def today_of(now: datetime) -> date:
    """The local day of an instant."""
    return timezone.localtime(now).date()
