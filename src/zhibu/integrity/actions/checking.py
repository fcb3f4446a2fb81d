"""A check is recorded; what it found is put right by someone by a day, and reported back when that is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.integrity import policies
from zhibu.integrity.queries import checking
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.told import Source, Undertaken


@transaction.atomic
def record_check(
    actor: Actor,
    *,
    organisation: Organisation,
    text: str,
    result: str,
    owner: int,
    now: datetime,
    helpers: Sequence[int] = (),
) -> Undertaking:
    """Record a check that was made: what was looked at, by whom, and what came of it; another one confirms it."""
    refuse_if(policies.may_act(actor, policies.CHECK, organisation))
    row = undertakings.undertake(
        actor, organisation=organisation, now=now,
        what=Undertaken(
            checking.KIND, text, owner, due_on=timezone.localtime(now).date(), helpers=helpers
        ),
    )  # fmt: skip
    row = undertakings.report_done(actor, undertaking=row, result=result, now=now)
    write(actor, "integrity.record_check", row, organisation=organisation, now=now)
    return row


@transaction.atomic
def add_finding(
    actor: Actor, *, check: Undertaking, problem: str, text: str, owner: int, due_on: date, now: datetime
) -> Undertaking:
    """Add what a check found: the problem, how it is put right, by whom and by when."""
    refuse_if(policies.may_act(actor, policies.FINDING, check.organisation))
    refuse_if(
        None
        if check.kind == checking.KIND and check.state != UndertakingState.GIVEN_UP
        else Refusal("integrity.not_a_check", _("这不是一次廉政检查"), remedy=_("请从检查页面添加")),
        None
        if problem.strip()
        else Refusal(
            "undertakings.problem_needed", _("这类事项要写明是什么问题"), remedy=_("写明查出的问题")
        ),
    )
    row = undertakings.undertake(
        actor, organisation=check.organisation, now=now,
        what=Undertaken(
            checking.FINDING, text, owner, due_on=due_on, problem=problem,
            source=Source(checking.SOURCE, check.pk, f"廉政检查 {check.opened_on.isoformat()}"),
        ),
    )  # fmt: skip
    write(
        actor, "integrity.add_finding", row, organisation=check.organisation, now=now, check=check.pk,
        due_on=due_on.isoformat(),
    )  # fmt: skip
    return row
