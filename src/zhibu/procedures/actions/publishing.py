"""Putting up the notice of a step."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import Step, StepKind, compared_in
from zhibu.core.procedure import try_on
from zhibu.core.procedure.case import Taken
from zhibu.core.procedure.timing import notice_end
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice
from zhibu.notices.told import Phase
from zhibu.procedures import policies
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.actions.windows import kind_of, notice_of, purpose_of
from zhibu.procedures.models import Case
from zhibu.procedures.queries.engine import plan_of, standing_of
from zhibu.record.writing import write

OF_THE_WINDOW = {"notice_open", "notice_too_short", "in_future", "outcome_contradicts", "field_missing"}


@transaction.atomic
def publish(
    actor: Actor,
    *,
    case: Case,
    step: str,
    opens_on: date,
    now: datetime,
    closes_on: date | None = None,
    text: str = "",
) -> Notice:
    """Open the window a step asks for; without a last day it is the earliest the rule allows."""
    case, today = locked(case), local_day(now)
    plan = plan_of(case.procedure)
    asked = plan.steps.get(step) if plan else None
    if plan is None or asked is None or asked.kind is not StepKind.NOTICE:
        raise Refused(Refusal("procedures.no_notice_here", _("这一步不用公示")))
    standing = standing_of(plan, case, opens_on)
    tried = try_on(standing, Taken(asked.id, opens_on), today)
    role = str(asked.by[0])
    running = notice_of(case, asked.id, today)
    refuse_if(
        policies.must_hold(actor, "procedures.publish", case.organisation),
        policies.must_run(case),
        Refusal("procedures.published", _("公示已于 {day} 张贴"), {"day": running.opens_on.isoformat()})
        if running and running.phase is not Phase.CLOSED else None,
        *(each for each in tried.refusals if each.code not in OF_THE_WINDOW | _asked_of_the_result(asked)),
    )  # fmt: skip
    lent = policies.lent(actor, ("notices.publish",), case.organisation)
    notice = notices.publish(
        lent, organisation=case.organisation, kind=kind_of(asked), text=text, subject=case.person_id, opens_on=opens_on,
        closes_on=closes_on or notice_end(standing, asked, opens_on).day, now=now,
        least=asked.number("working_days", opens_on) or 0, purpose=purpose_of(case, asked.id),
        barred=[person for person in _named(case) if person],
    )  # fmt: skip
    write(
        actor, "procedures.publish", case, organisation=case.organisation, now=now, step=asked.id, notice=notice.pk,
        opens_on=opens_on.isoformat(), closes_on=notice.closes_on.isoformat(), role=role,
    )  # fmt: skip
    refresh(case, today, now)
    return notice


def _asked_of_the_result(step: Step) -> set[str]:
    """What is asked of fields that are entered when the window is over: nobody can have met it when it opens."""
    own = {each.id for each in step.fields}
    return {
        each.code for each in step.requires
        if any(one.name in own or one.name.startswith(f"{step.id}.") for one in compared_in(each.met))
    }  # fmt: skip


def _named(case: Case) -> set[int]:
    """Those who were named in the case handle no objection to it: sponsors, mentors, candidates."""
    rows = case.steps.filter(reversed=0).values_list("people", flat=True)
    return {each["person"] for people in rows for each in people}
