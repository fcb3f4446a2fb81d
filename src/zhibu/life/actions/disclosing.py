"""What was done is told to the members: the dues of a year, on the public board."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues.queries.yearly import Figures, figures
from zhibu.life import policies
from zhibu.life.queries import disclosing
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def disclose_dues(
    actor: Actor, *, organisation: Organisation, year: int, closes_on: date, now: datetime
) -> Notice:
    """Publish to the members what dues came in, went up and were used in a year: sums of the ledger, nobody is named."""
    today = timezone.localtime(now).date()
    told = figures(organisation, year)
    refuse_if(
        policies.may_act(actor, "life.disclose_dues", organisation),
        _something_to_tell(told, year, today),
        _not_hanging(organisation, year, today),
    )
    sheet = disclosing.worded(organisation, year, told, today, closes_on)
    notice = notices.publish(
        actor, organisation=organisation, kind="dues", opens_on=today, closes_on=closes_on, title=sheet.title,
        text=sheet.text, purpose=disclosing.purpose(organisation, year), now=now,
    )  # fmt: skip
    write(
        actor, "life.disclose_dues", notice, organisation=organisation, now=now, year=year, due_fen=told.due_fen,
        received_fen=told.received_fen, sent_fen=told.sent_fen, used_fen=told.used_fen, left_fen=told.left_fen,
    )  # fmt: skip
    return notice


def _something_to_tell(told: Figures, year: int, today: date) -> Refusal | None:
    if year <= today.year and told.months:
        return None
    return Refusal(
        "life.no_dues_to_tell", _("{year} 年还没有登记党费"), {"year": year}, source="dues-2008", article="26",
        remedy=_("先登记各月党费"),
    )  # fmt: skip


def _not_hanging(organisation: Organisation, year: int, today: date) -> Refusal | None:
    hanging = disclosing.earlier(organisation, year).filter(withdrawn=0, closes_on__gte=today).first()
    if hanging is None:
        return None
    return Refusal(
        "life.dues_hang_already", _("{year} 年的党费正在公开，到 {day} 为止"),
        {"year": year, "day": hanging.closes_on.isoformat()}, remedy=_("数字变了的，先撤回那一张"),
    )  # fmt: skip
