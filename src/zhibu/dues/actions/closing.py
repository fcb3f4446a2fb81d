"""Closing a month: it is summed up, sealed with a digest, and takes nothing more."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import locked, today_of
from zhibu.dues.models import Closing, DuesBook, DuesPosting, Voucher
from zhibu.dues.queries import balances
from zhibu.record.writing import write
from zhibu.register.models import Organisation

DIGESTED = (
    "voucher__number", "line", "posted_on", "person_id", "month_on", "debit", "credit", "fen", "turn", "reverses_id",
)  # fmt: skip


@transaction.atomic
def close_month(actor: Actor, *, organisation: Organisation, month: Month, now: datetime) -> Closing:
    """Close a month of a book, and every month before it; what comes later is booked later."""
    refuse_if(policies.may_act(actor, "dues.close_month", organisation))
    book = locked(organisation)
    refuse_if(_may_close(book, month, Month.of(today_of(now))))
    book.closed_through = month.first
    book.save(update_fields=["closed_through"])
    standing = balances.standing(balances.funds([organisation.pk], month.first).get(organisation.pk))
    sums = balances.month_sums([organisation.pk], month.first, month.first).get(
        (organisation.pk, month.first)
    )
    made = Closing.objects.create(
        organisation=organisation, month_on=month.first,
        vouchers=Voucher.objects.filter(organisation=organisation, book_on=month.first).count(),
        due_fen=sums.due_fen if sums else 0, received_fen=sums.received_fen if sums else 0,
        cash_fen=standing.cash_fen, bank_fen=standing.bank_fen, digest=digest_until(organisation, month),
        actor_name=actor.name, at=now,
    )  # fmt: skip
    write(
        actor, "dues.close_month", made, organisation=organisation, now=now, month=month.code, digest=made.digest,
        cash_fen=made.cash_fen, bank_fen=made.bank_fen,
    )  # fmt: skip
    return made


def _may_close(book: DuesBook, month: Month, this: Month) -> Refusal | None:
    if month >= this:
        return Refusal("dues.month_running", _("本月还没有结束"), remedy=_("下月初再结账"))
    if book.closed_through is not None and month.first <= book.closed_through:
        return Refusal("dues.closed_already", _("这个月已经结账"))
    return None


def digest_until(organisation: Organisation, month: Month) -> str:
    """SHA-256 over every posting booked up to a month, in their order; the same for ever once it is closed."""
    rows = DuesPosting.objects.filter(organisation=organisation, book_on__lte=month.first)
    found = sha256()
    for row in rows.order_by("voucher__number", "line").values_list(*DIGESTED).iterator(chunk_size=5000):
        found.update(("|".join("" if each is None else str(each) for each in row) + "\n").encode())
    return found.hexdigest()
