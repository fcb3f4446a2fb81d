"""DuesPosting to a book: the one way anything gets into the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import refuse_if
from zhibu.dues import policies
from zhibu.dues.models import DuesBook, DuesEffect, DuesPosting, Fund, Voucher, VoucherKind
from zhibu.record.past import instant
from zhibu.register.models import Organisation

BATCH = 2000


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


def locked(organisation: Organisation) -> DuesBook:
    """The book of an organisation, locked until the transaction ends; two collectors wait for one another here."""
    rows = DuesBook.objects.select_for_update()
    found = rows.filter(organisation=organisation).first()
    if found is None:
        DuesBook.objects.get_or_create(organisation=organisation)
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
    voucher = Voucher.objects.create(
        organisation_id=book.organisation_id, number=book.last_number, kind=slip.kind,
        book_on=slip.posted_on.replace(day=1), posted_on=slip.posted_on, channel=slip.channel, memo=slip.memo[:200],
        reference=slip.reference, rulebook=slip.rulebook, lines=len(moves), total_fen=sum(each.fen for each in moves),
        actor_user=actor.user if actor else None, actor_name=(actor.name if actor else "系统")[:150], at=slip.now,
        known_at=known,
    )  # fmt: skip
    DuesPosting.objects.bulk_create(
        [
            DuesPosting(
                voucher=voucher, line=line, organisation_id=book.organisation_id, book_on=voucher.book_on,
                posted_on=voucher.posted_on, person_id=each.person, month_on=each.month.first if each.month else None,
                debit=each.debit, credit=each.credit, fen=each.fen, turn=each.turn, because=each.because,
                reverses=each.reverses,
            )
            for line, each in enumerate(moves, 1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    DuesEffect.objects.bulk_create(_effects(voucher, slip, moves), batch_size=BATCH)
    return voucher


def _effects(voucher: Voucher, slip: Slip, moves: Sequence[Move]) -> list[DuesEffect]:
    found = {
        month: DuesEffect(
            voucher=voucher, organisation_id=voucher.organisation_id, month_on=month.first, charged=1,
            known_at=voucher.known_at,
        )
        for month in slip.charged
    }  # fmt: skip
    for each in moves:
        if each.month is None or Fund.RECEIVABLE not in (each.debit, each.credit):
            continue
        effect = found.setdefault(
            each.month,
            DuesEffect(
                voucher=voucher, organisation_id=voucher.organisation_id, month_on=each.month.first,
                known_at=voucher.known_at,
            ),
        )  # fmt: skip
        _add(effect, each, slip.posted_on)
    return list(found.values())


def _add(effect: DuesEffect, move: Move, posted_on: date) -> None:
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
