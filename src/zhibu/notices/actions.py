"""A notice goes up, comes down with its result, or is withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Caution, Refusal, refuse_if
from zhibu.notices import policies, queries
from zhibu.notices.models import Notice, NoticeKind
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def publish(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    opens_on: date,
    closes_on: date,
    now: datetime,
    text: str = "",
    subject: int | None = None,
) -> Notice:
    """Record that a notice is up from one day to another, both included; its working days are counted.

    A notice that was put up before it is entered here is shown as entered late. A window shorter than the rule asks
    is recorded as it is: it will not count.
    """
    today = timezone.localtime(now).date()
    counted = queries.counted(opens_on, closes_on) if closes_on >= opens_on else None
    cautions = refuse_if(
        policies.may_act(actor, "notices.publish", organisation),
        _order(opens_on, closes_on),
        _existed(organisation, opens_on),
        _needs_subject(kind, subject),
        _too_short(kind, opens_on, counted.days if counted else 0),
    )
    notice = Notice.objects.create(
        organisation=organisation, kind=NoticeKind(kind), title=title.strip()[:120], text=text.strip(),
        subject_id=subject, opens_on=opens_on, closes_on=closes_on, working_days=counted.days if counted else 0,
        provisional=int(bool(counted and counted.provisional)), entered_on=today, known_at=_epoch_ms(now),
    )  # fmt: skip
    write(
        actor, "notices.publish", notice, organisation=organisation, now=now, kind=kind,
        opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat(), working_days=notice.working_days,
        cautions=[each.code for each in cautions],
    )  # fmt: skip
    return notice


@transaction.atomic
def record_result(actor: Actor, *, notice: Notice, objections: int, result: str, now: datetime) -> Notice:
    """Record how a publication ended: after its last day, with the objections received."""
    notice = _locked(notice)
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "notices.record_result", notice.organisation),
        _still_open(notice),
        _window_over(notice, today),
        None
        if result.strip()
        else Refusal("notices.result_needed", _("请写明公示结果"), remedy=_("如“无异议”")),
    )
    counted = queries.counted(notice.opens_on, notice.closes_on)
    notice.working_days, notice.provisional = counted.days, int(counted.provisional)
    notice.has_result, notice.objections = 1, objections
    notice.result, notice.result_on = result.strip()[:300], today
    _save(notice, now)
    write(
        actor, "notices.record_result", notice, organisation=notice.organisation, now=now, objections=objections,
        working_days=notice.working_days,
    )  # fmt: skip
    return notice


@transaction.atomic
def withdraw(actor: Actor, *, notice: Notice, reason: str, now: datetime) -> Notice:
    """Take a notice down before its result: it stays in the list, with the reason, and counts for nothing."""
    notice = _locked(notice)
    refuse_if(
        policies.may_act(actor, "notices.withdraw", notice.organisation),
        _still_open(notice),
        None if reason.strip() else Refusal("notices.reason_needed", _("撤回公示要写明原因")),
    )
    notice.withdrawn, notice.withdrawn_because = 1, reason.strip()[:200]
    _save(notice, now)
    write(
        actor, "notices.withdraw", notice, organisation=notice.organisation, now=now,
        reason=notice.withdrawn_because,
    )  # fmt: skip
    return notice


def _locked(notice: Notice) -> Notice:
    return Notice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=notice.pk)


def _save(notice: Notice, now: datetime) -> None:
    notice.known_at = _epoch_ms(now)
    notice.version += 1
    notice.save()


def _epoch_ms(now: datetime) -> int:
    return round(now.timestamp() * 1000)


def _order(opens_on: date, closes_on: date) -> Refusal | None:
    if closes_on >= opens_on:
        return None
    return Refusal("notices.closes_before_opening", _("结束日期早于开始日期"), remedy=_("请核对日期"))


def _existed(organisation: Organisation, opens_on: date) -> Refusal | None:
    founded, closed = organisation.founded_on, organisation.closed_on
    if (founded and opens_on < founded) or (closed and opens_on >= closed):
        return Refusal(
            "notices.no_branch_then", _("{day} 时“{name}”不存在"),
            {"day": opens_on.isoformat(), "name": organisation.name}, remedy=_("请核对日期"),
        )  # fmt: skip
    return None


def _needs_subject(kind: str, subject: int | None) -> Refusal | None:
    if kind not in {NoticeKind.ADMISSION, NoticeKind.CONVERSION} or subject:
        return None
    return Refusal("notices.subject_needed", _("这类公示要写明公示对象"), remedy=_("请在名册中选择公示的人"))


def _too_short(kind: str, opens_on: date, days: int) -> Caution | None:
    least = queries.least_days(opens_on) if kind == NoticeKind.ADMISSION else None
    if least is None or days >= least:
        return None
    return Caution(
        "notices.too_short", _("公示 {days} 个工作日，少于规定的 {least} 个工作日"),
        {"days": days, "least": least}, remedy=_("请把结束日期延后；短于规定的公示不计入考核"),
    )  # fmt: skip


def _still_open(notice: Notice) -> Refusal | None:
    if notice.withdrawn:
        return Refusal("notices.withdrawn", _("公示已经撤回"))
    if notice.has_result:
        return Refusal("notices.has_result", _("公示结果已经登记"))
    return None


def _window_over(notice: Notice, today: date) -> Refusal | None:
    if today > notice.closes_on:
        return None
    return Refusal(
        "notices.window_open", _("公示到 {day} 才期满"), {"day": notice.closes_on.isoformat()},
        remedy=_("期满后再登记结果"),
    )  # fmt: skip
