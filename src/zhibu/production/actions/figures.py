"""The unit's figures of a month."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.production import policies
from zhibu.production.models import Figures
from zhibu.production.told import Told
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.doors import Stale


@transaction.atomic
def enter_figures(
    actor: Actor,
    *,
    organisation: Organisation,
    month_on: date,
    figures: Told,
    now: datetime,
    version: int = 0,
) -> Figures:
    """Enter the unit's figures of a month, or put them right: what they said before is kept with its day.

    `version` is what the person saw; someone else's entry of meanwhile is not overwritten.
    """
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "production.enter_figures", organisation),
        None
        if month_on.replace(day=1) <= today.replace(day=1)
        else Refusal("production.month_to_come", _("这个月还没有到"), remedy=_("请选择本月或以前的月份")),
        _something(figures),
        None
        if figures.hazards_fixed <= figures.hazards_found
        else Refusal("production.more_fixed_than_found", _("整改的隐患比查出的多"), remedy=_("请核对数字")),
    )
    month_on = month_on.replace(day=1)
    found = Figures.objects.select_for_update().filter(organisation=organisation, month_on=month_on).first()
    if found is not None and found.version != version:
        raise Stale([(str(_("版本")), found.version, version)])
    row = found or Figures(organisation=organisation, month_on=month_on, entered_on=today, version=0)
    for name, value in asdict(figures).items():
        setattr(row, name, value)
    row.known_at, row.version = instant(now), row.version + 1
    row.save()
    write(
        actor, "production.enter_figures", row, organisation=organisation, now=now, month_on=month_on.isoformat(),
        **{name: value for name, value in asdict(figures).items() if value not in (None, "")},
    )  # fmt: skip
    return row


def _something(figures: Told) -> Refusal | None:
    pairs = ((figures.planned, figures.done), (figures.cost_plan_fen, figures.cost_fen))
    if any((one is None) != (other is None) for one, other in pairs):
        return Refusal(
            "production.half_a_pair",
            _("计划和实际要成对填写"),
            remedy=_("只有一个数的，两个都不填，写在说明里"),
        )
    if all(one is None for one, _other in pairs) and not figures.note.strip():
        return Refusal("production.nothing_entered", _("还没有填数字"), remedy=_("没有指标的，在说明里写明"))
    return None
