"""Correcting what is due: reversed as it was, raised anew as it should be."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import Slip, locked, post, today_of
from zhibu.dues.actions.charging import raised
from zhibu.dues.actions.payments import charge_postings, reversal_moves
from zhibu.dues.models import Voucher, VoucherKind
from zhibu.dues.queries import charging
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def adjust_charge(
    actor: Actor, *, organisation: Organisation, month: Month, person: int, reason: str, now: datetime
) -> Voucher:
    """Reverse a member's charge of a month and raise it anew by the base and the rule as they are now."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.adjust_charge", organisation),
        None if reason.strip() else Refusal("dues.reason_needed", _("更正应交数要写明原因")),
    )
    book = locked(organisation)
    standing = charge_postings(organisation, person, month)
    refuse_if(
        None
        if standing
        else Refusal("dues.not_charged", _("这个月没有生成应交数"), remedy=_("先生成本月应交"))
    )
    slip = Slip(VoucherKind.REVERSAL, today, now, memo=reason.strip())
    post(actor, book, slip, reversal_moves(standing))
    plan = [each for each in charging.plan([organisation.pk], month, today) if each.person == person]
    made = raised(actor, book, plan, month, posted_on=today, now=now, whole=False)
    voucher = made or Voucher.objects.filter(organisation=organisation).latest("number")
    write(
        actor, "dues.adjust_charge", voucher, organisation=organisation, now=now, month=month.code, person=person,
        before_fen=sum(each.fen for each in standing), after_fen=made.total_fen if made else 0,
        reason=reason.strip(),
    )  # fmt: skip
    return voucher
