"""Where else a notice hung, and how it ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices import policies, queries
from zhibu.notices.actions import checks, sheets
from zhibu.notices.models import Notice, NoticeReply, NoticeSheet, Objection, Outcome, Posting, PostingKind
from zhibu.record.writing import write


@transaction.atomic
def record_posting(
    actor: Actor, *, notice: Notice, kind: str, place: str, from_on: date, until_on: date, now: datetime
) -> Posting:
    """Record that the sheet hung at a place, from one day to another, both included."""
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "notices.record_posting", notice.organisation),
        checks.still_open(notice),
        checks.given(place, "notices.place_needed", _("请写明张贴地点")),
        checks.order(from_on, until_on),
        None
        if notice.opens_on <= from_on and until_on <= max(notice.closes_on, today)
        else Refusal("notices.posting_outside", _("张贴日期不在公示期内"), remedy=_("请核对日期")),
    )
    posting = Posting.objects.create(
        notice=notice, kind=PostingKind(kind), place=place.strip()[:120], from_on=from_on, until_on=until_on,
        entered_on=today,
    )  # fmt: skip
    sheets.save(notice, now)
    write(
        actor, "notices.record_posting", notice, organisation=notice.organisation, now=now, kind=kind,
        from_on=from_on.isoformat(), until_on=until_on.isoformat(),
    )  # fmt: skip
    return posting


@transaction.atomic
def record_result(
    actor: Actor, *, notice: Notice, result: str, now: datetime, objections: int = 0, affects: bool = False
) -> Notice:
    """Record how a publication ended: after its last day, and after every objection was answered.

    `objections` are those received and answered elsewhere, beside those kept here; `affects` says that one of them
    changes what was published.
    """
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "notices.record_result", notice.organisation),
        policies.has_interest(actor, notice),
        checks.still_open(notice),
        checks.window_over(notice, today),
        checks.all_answered(notice),
        checks.everywhere(notice),
        checks.given(result, "notices.result_needed", _("请写明公示结果"), _("如“无异议”")),
    )
    counted = queries.counted(notice.opens_on, notice.closes_on, exclude_start=bool(notice.exclude_start))
    received = list(Objection.objects.filter(notice=notice).order_by("number"))
    notice.working_days, notice.provisional = counted.days, int(counted.provisional)
    total = objections + (len(received) if notice.reply == NoticeReply.OBJECTION else 0)
    notice.has_result, notice.objections = 1, total
    notice.outcome = outcome_of(total, affects=affects or any(each.affects for each in received))
    notice.result, notice.result_on = result.strip()[:300], today
    sheets.save(notice, now)
    write(
        actor, "notices.record_result", notice, organisation=notice.organisation, now=now, objections=total,
        working_days=notice.working_days, outcome=notice.outcome,
        sheets=list(NoticeSheet.objects.filter(notice=notice).order_by("number").values_list("sha256", flat=True)),
        received=[[each.number, each.received_on.isoformat(), each.late] for each in received],
    )  # fmt: skip
    return notice


def outcome_of(total: int, *, affects: bool) -> Outcome:
    """The word for how a notice ended."""
    if not total:
        return Outcome.CLEAR
    return Outcome.AFFECTED if affects else Outcome.UNAFFECTED
