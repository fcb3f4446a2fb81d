"""What a branch should have received for a month, and what came in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies
from zhibu.dues.models import DuesMonth
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.doors import Stale
from zhibu.ui.formats import fen as yuan


@dataclass(frozen=True, slots=True)
class Amounts:
    """The figures of a month. Money is fen; `in_time_fen` is the part received by the last day of the month."""

    members_due: int
    members_paid: int
    due_fen: int
    received_fen: int
    in_time_fen: int


@transaction.atomic
def enter_month(
    actor: Actor,
    *,
    organisation: Organisation,
    month: Month,
    amounts: Amounts,
    now: datetime,
    version: int = 0,
) -> DuesMonth:
    """Enter or change the dues of a month. A change keeps the figures before it in the record.

    `version` is that of the row the figures were typed against, 0 for a month not entered yet. Raises Stale when
    someone else entered it meanwhile.
    """
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_enter(actor, organisation),
        _lawful(organisation, month, now),
        *_sane(amounts),
    )
    row = (
        DuesMonth.objects.select_for_update().filter(organisation=organisation, month_on=month.first).first()
    )
    before = _amounts(row) if row else None
    if row and before == amounts:
        return row
    if (row.version if row else 0) != version:
        raise Stale(
            _difference(before, amounts), back=reverse("dues:months") + f"?organisation={organisation.pk}"
        )
    if row is None:
        row = DuesMonth(organisation=organisation, month_on=month.first, version=0)
    for name, value in asdict(amounts).items():
        setattr(row, name, value)
    row.entered_on, row.known_at, row.version = today, instant(now), row.version + 1
    row.save()
    write(
        actor, "dues.enter_month", row, organisation=organisation, now=now, month=month.code,
        before=asdict(before) if before else None, after=asdict(amounts),
    )  # fmt: skip
    return row


def _amounts(row: DuesMonth) -> Amounts:
    return Amounts(row.members_due, row.members_paid, row.due_fen, row.received_fen, row.in_time_fen)


def _lawful(organisation: Organisation, month: Month, now: datetime) -> Refusal | None:
    """A month that has begun, while the branch existed."""
    founded, closed = organisation.founded_on, organisation.closed_on
    params = {"month": month.code}
    if month.first > timezone.localtime(now).date():
        return Refusal("dues.in_the_future", _("{month} 还没有开始"), params, remedy=_("请到当月再登记"))
    if founded and founded > month.last:
        return Refusal("dues.before_founding", _("{month} 时党支部尚未成立"), params, remedy=_("请核对月份"))
    if closed and closed <= month.first:
        return Refusal("dues.after_closing", _("{month} 时党支部已经撤销"), params, remedy=_("请核对月份"))
    return None


def _sane(amounts: Amounts) -> list[Refusal]:
    """Figures that contradict each other."""
    found = []
    if min(asdict(amounts).values()) < 0:
        found.append(Refusal("dues.negative", _("金额和人数不能小于零")))
    if amounts.in_time_fen > amounts.received_fen:
        found.append(
            Refusal(
                "dues.in_time_over_received", _("按时收到的多于实收"),
                remedy=_("“其中按时”是当月月底前收到的部分，不能超过实收"),
            )
        )  # fmt: skip
    if amounts.members_paid > amounts.members_due:
        found.append(
            Refusal("dues.paid_over_due", _("已交人数多于应交人数"), remedy=_("自愿多交的不增加人数"))
        )
    return found


def _difference(before: Amounts | None, mine: Amounts) -> list[tuple[str, str, str]]:
    labels = {
        "members_due": _("应交人数"), "members_paid": _("已交人数"), "due_fen": _("应交（元）"),
        "received_fen": _("实收（元）"), "in_time_fen": _("其中按时（元）"),
    }  # fmt: skip
    rows = []
    for name, label in labels.items():
        values = [getattr(each, name) if each else None for each in (before, mine)]
        told = [
            yuan(value) if name.endswith("_fen") else "" if value is None else str(value) for value in values
        ]
        rows.append((label, told[0], told[1]))
    return rows
