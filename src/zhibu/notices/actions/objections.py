"""Objections and comments: received, examined, answered."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices import policies, queries
from zhibu.notices.actions import checks, sheets
from zhibu.notices.models import Notice, NoticeReply, Objection, ObjectionChannel, ObjectionState
from zhibu.record import vault
from zhibu.record.writing import write

MOST_A_DAY = 200
"""Objections taken for one notice in one day from the board: a flood must not bury the others."""

LONGEST_TEXT, LONGEST_NAME, LONGEST_CONTACT, LONGEST_ANSWER = 2000, 30, 60, 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@transaction.atomic
def receive(
    *, notice: Notice, text: str, receipt: str, now: datetime, name: str = "", contact: str = ""
) -> Objection:
    """Take an objection or comment from the public board. Nobody acts: whoever sent it stays unknown.

    No entry is written now, because its instant would be the instant of sending; the entry of whoever examines it
    names its day and number. A second submission with the same receipt gives the first one.
    """
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    digest = queries.receipt_digest(receipt)
    before = Objection.objects.filter(receipt=digest, notice=notice).first()
    if before is not None:
        return before
    refuse_if(
        checks.takes_answers(notice),
        checks.still_open(notice),
        checks.given(clean(text), "notices.objection_empty", _("请写明意见内容")),
        _not_begun(notice, today),
        _flooded(notice, today),
    )
    return _keep(
        notice, today, today, ObjectionChannel.BOARD, receipt=digest, text=text, name=name, contact=contact
    )


@transaction.atomic
def record_objection(
    actor: Actor,
    *,
    notice: Notice,
    channel: str,
    received_on: date,
    text: str,
    now: datetime,
    name: str = "",
    contact: str = "",
) -> Objection:
    """Record an objection that came by letter, in person or by telephone; also after the end, as a late one."""
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_handle(actor, "notices.record_objection", notice),
        checks.takes_answers(notice),
        checks.given(clean(text), "notices.objection_empty", _("请写明意见内容")),
        None
        if notice.opens_on <= received_on <= today
        else Refusal(
            "notices.day_impossible", _("收到日期要在公示开始之后、今天之前"), remedy=_("请核对日期")
        ),
    )
    objection = _keep(
        notice,
        received_on,
        today,
        ObjectionChannel(channel),
        receipt=None,
        text=text,
        name=name,
        contact=contact,
    )
    write(
        actor, "notices.record_objection", objection, organisation=notice.organisation, now=now, notice=notice.pk,
        number=objection.number, received_on=received_on.isoformat(), channel=channel, late=objection.late,
        signed=objection.signed,
    )  # fmt: skip
    return objection


@transaction.atomic
def examine_objection(actor: Actor, *, objection: Objection, now: datetime) -> Objection:
    """Open an objection and take it into examination; from now on whoever may handle it reads it."""
    objection, notice = _held(objection)
    refuse_if(
        policies.may_handle(actor, "notices.examine_objection", notice),
        None
        if objection.state == ObjectionState.RECEIVED
        else Refusal("notices.already_examined", _("这件异议已经受理")),
    )
    objection.state, objection.examined_on = ObjectionState.EXAMINING, timezone.localtime(now).date()
    objection.save()
    write(
        actor, "notices.examine_objection", objection, organisation=notice.organisation, now=now, notice=notice.pk,
        number=objection.number, received_on=objection.received_on.isoformat(), late=objection.late,
        signed=objection.signed,
    )  # fmt: skip
    return objection


@transaction.atomic
def answer_objection(
    actor: Actor,
    *,
    objection: Objection,
    answer: str,
    now: datetime,
    finding: str = "",
    affects: bool = False,
) -> Objection:
    """Answer an objection: what was found stays in the file, the answer is what the sender reads."""
    objection, notice = _held(objection)
    refuse_if(
        policies.may_handle(actor, "notices.answer_objection", notice),
        _in_hand(objection),
        checks.given(clean(answer), "notices.answer_needed", _("请写明答复")),
        None
        if notice.reply == NoticeReply.COMMENT
        else checks.given(
            clean(finding), "notices.finding_needed", _("请写明核查情况"), _("如找谁核实、核实到什么")
        ),
    )
    objection.finding_sealed = vault.seal(clean(finding)[:LONGEST_ANSWER], "zb_objection.finding")
    objection.answer_sealed = vault.seal(clean(answer)[:LONGEST_ANSWER], "zb_objection.answer")
    objection.state, objection.answered_on = ObjectionState.ANSWERED, timezone.localtime(now).date()
    objection.affects = int(affects)
    objection.save()
    write(
        actor, "notices.answer_objection", objection, organisation=notice.organisation, now=now, notice=notice.pk,
        number=objection.number, affects=objection.affects,
    )  # fmt: skip
    return objection


def clean(text: str) -> str:
    """The text without control characters, at its ends trimmed."""
    return _CONTROL.sub("", text).strip()


def _keep(
    notice: Notice,
    received_on: date,
    today: date,
    channel: ObjectionChannel,
    *,
    receipt: str | None,
    text: str,
    name: str,
    contact: str,
) -> Objection:
    name, contact = clean(name)[:LONGEST_NAME], clean(contact)[:LONGEST_CONTACT]
    last = Objection.objects.filter(notice=notice).aggregate(last=Max("number"))["last"] or 0
    return Objection.objects.create(
        notice=notice, number=last + 1, receipt=receipt, channel=channel, received_on=received_on, entered_on=today,
        late=int(received_on > notice.closes_on), signed=int(bool(name)),
        text_sealed=vault.seal(clean(text)[:LONGEST_TEXT], "zb_objection.text"),
        name_sealed=vault.seal(name, "zb_objection.name") if name else "",
        contact_sealed=vault.seal(contact, "zb_objection.contact") if contact else "",
    )  # fmt: skip


def _held(objection: Objection) -> tuple[Objection, Notice]:
    notice = sheets.locked(objection.notice)
    return Objection.objects.get(pk=objection.pk), notice


def _in_hand(objection: Objection) -> Refusal | None:
    if objection.state == ObjectionState.EXAMINING:
        return None
    if objection.state == ObjectionState.ANSWERED:
        return Refusal("notices.already_answered", _("这件异议已经答复"))
    return Refusal("notices.not_examined", _("先受理，再答复"))


def _not_begun(notice: Notice, today: date) -> Refusal | None:
    if today >= notice.opens_on:
        return None
    return Refusal("notices.not_begun", _("公示还没有开始"))


def _flooded(notice: Notice, today: date) -> Refusal | None:
    taken = Objection.objects.filter(
        notice=notice, received_on=today, channel=ObjectionChannel.BOARD, entered_on=today
    ).count()
    if taken < MOST_A_DAY:
        return None
    return Refusal(
        "notices.flooded",
        _("这项公示今天收到的意见太多，暂不能再收"),
        remedy=_("请明天再来，或到受理单位当面反映"),
    )
