"""What follows a published result: appeals with their answers, and help for the weak. People decide."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.register.models import Organisation, Person

from .. import policies
from ..models import Appeal, AppealState, Rectification, RectificationState, Result, Run

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@transaction.atomic
def appeal(
    actor: Actor, *, run: Run, branch: Organisation, standard: str, text: str, now: datetime
) -> Appeal:
    """Appeal against one standard of a published result; between publication and freezing."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(policies.may(actor, "assessment.appeal", branch.path))
    found = Result.objects.filter(run=run, branch=branch).values_list("standards", flat=True).first()
    unknown = found is None or standard not in json.loads(found)
    pending = run.appeals.filter(branch=branch, standard=standard, state=AppealState.OPEN).exists()
    refuse_if(
        *policies.may_appeal(run, pending=pending),
        Refusal("standard_not_assessed", _("本次考核没有这一项"), remedy=_("在考核表中选择要申诉的标准"))
        if unknown
        else None,
        None
        if text.strip()
        else Refusal("text_missing", _("请写明申诉理由"), remedy=_("写明哪项记录未计入、应得多少")),
    )
    made = Appeal.objects.create(
        run=run, branch=branch, standard=standard, text=text.strip(), by_name=actor.name, at=now
    )
    record.write(
        actor, "assessment.appeal", made, organisation=branch, now=now,
        quarter=Quarter.from_key(run.quarter).code, standard=standard,
    )  # fmt: skip
    return made


@transaction.atomic
def answer_appeal(actor: Actor, *, appeal: Appeal, upheld: bool, answer: str, now: datetime) -> Appeal:
    """Answer an appeal with its reason. Upholding changes no points by itself: the reviewer changes them."""
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    refuse_if(
        policies.may(actor, "assessment.answer_appeal", appeal.branch.path),
        policies.may_answer(appeal),
        None
        if answer.strip()
        else Refusal("answer_missing", _("请写明答复理由"), remedy=_("写明依据和结论")),
    )
    appeal.state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    appeal.answer, appeal.answered_by, appeal.answered_at = answer.strip(), actor.name, now
    appeal.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record.write(
        actor, "assessment.answer_appeal", appeal, organisation=appeal.branch, now=now, upheld=upheld
    )
    return appeal


@transaction.atomic
def open_rectification(
    actor: Actor,
    *,
    organisation: Organisation,
    branch: Organisation,
    quarter: Quarter,
    reason: str,
    owner: Person | None,
    due_on: date,
    today: date,
    now: datetime,
) -> Rectification:
    """Open the rectification of a weak branch, with an owner and a date: a decision of the committee."""
    Organisation.objects.select_for_update().get(pk=branch.pk)  # two officers at once open one
    running = Rectification.objects.filter(branch=branch, state=RectificationState.OPEN).exists()
    refuse_if(
        policies.may(actor, "assessment.open_rectification", branch.path),
        Refusal("rectification_running", _("该支部正在整改"), remedy=_("先销号，再开展新的整改"))
        if running
        else None,
        Refusal("due_in_past", _("完成期限已过"), remedy=_("填写今天以后的日期"))
        if due_on <= today
        else None,
        None if reason.strip() else Refusal("reason_missing", _("请写明整改事由")),
    )
    made = Rectification.objects.create(
        organisation=organisation, branch=branch, quarter=quarter.key, reason=reason.strip(), owner=owner,
        due_on=due_on, opened_by=actor.name, opened_at=now,
    )  # fmt: skip
    record.write(
        actor, "assessment.open_rectification", made, organisation=branch, now=now, due_on=due_on.isoformat()
    )
    return made


@transaction.atomic
def close_rectification(
    actor: Actor, *, rectification: Rectification, outcome: str, today: date, now: datetime
) -> Rectification:
    """Close a rectification with its outcome."""
    rectification = Rectification.objects.select_for_update().get(pk=rectification.pk)
    refuse_if(
        policies.may(actor, "assessment.close_rectification", rectification.branch.path),
        Refusal("already_closed", _("该整改已销号"))
        if rectification.state == RectificationState.CLOSED
        else None,
        None if outcome.strip() else Refusal("outcome_missing", _("请写明整改结果")),
    )
    rectification.state, rectification.outcome, rectification.closed_on = (
        RectificationState.CLOSED,
        outcome.strip(),
        today,
    )
    rectification.save(update_fields=["state", "outcome", "closed_on"])
    record.write(
        actor, "assessment.close_rectification", rectification, organisation=rectification.branch, now=now
    )
    return rectification
