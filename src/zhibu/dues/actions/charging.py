"""Raising what is due for a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import Move, Slip, locked, post, today_of
from zhibu.dues.models import DuesBook, DuesEffect, Fund, Voucher, VoucherKind
from zhibu.dues.queries import balances, charging
from zhibu.dues.queries.balances import NOTHING, Balance
from zhibu.dues.queries.charging import Planned
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def charge_month(actor: Actor, *, organisation: Organisation, month: Month, now: datetime) -> Voucher | None:
    """Raise the dues of every member of a branch for a month; again, only what is missing. None: nothing was."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.charge_month", organisation),
        policies.is_branch(organisation),
        policies.month_exists(organisation, month, today),
    )
    book = locked(organisation)
    made = raised(
        actor, book, charging.plan([organisation.pk], month, today), month, posted_on=today, now=now
    )
    if made is not None:
        write(
            actor, "dues.charge_month", made, organisation=organisation, now=now, month=month.code,
            members=made.lines, fen=made.total_fen, rulebook=made.rulebook,
        )  # fmt: skip
    return made


def raised(
    actor: Actor | None,
    book: DuesBook,
    planned: Sequence[Planned],
    month: Month,
    *,
    posted_on: date,
    now: datetime,
    whole: bool = True,
) -> Voucher | None:
    """Charge what is not charged yet. `whole`: the month counts as entered, were there nothing due at all."""
    moves = moves_of(planned, month, _paid_before(book, planned, month))
    entered = DuesEffect.objects.filter(organisation_id=book.organisation_id, month_on=month.first, charged=1)
    counts = whole and not entered.exists()
    if not moves and not counts:
        return None
    slip = Slip(
        VoucherKind.CHARGE, posted_on, now, rulebook=rulebook.load().digest, charged=(month,) if counts else ()
    )  # fmt: skip
    return post(actor, book, slip, moves)


def _paid_before(book: DuesBook, planned: Sequence[Planned], month: Month) -> Mapping[int, Balance]:
    """What had come for a month of those whose charge was taken back: a smaller one may be settled at once."""
    again = [each.person for each in planned if each.turns and each.charged_fen is None]
    if not again:
        return {}
    known = balances.of_people(again, [month], book.organisation_id)
    return {person: balance for (person, _month), balance in known.items()}


def moves_of(
    planned: Sequence[Planned], month: Month, before: Mapping[int, Balance] | None = None
) -> list[Move]:
    """The charges a plan comes to: what has an amount and is not charged yet."""
    return [
        Move(
            Fund.RECEIVABLE, Fund.DUES, each.fen, each.person, month, turn=each.turns, because=each.because,
            settles=int((before or {}).get(each.person, NOTHING).after(charged_fen=each.fen).settled),
        )
        for each in planned
        if each.fen and each.charged_fen is None
    ]  # fmt: skip
