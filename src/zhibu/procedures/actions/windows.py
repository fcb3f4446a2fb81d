"""A step that publishes: its window is a notice of the room of notices, and it is done from the notice's result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import Step, StepKind
from zhibu.core.procedure import Taken
from zhibu.core.refusal import Refusal, Refused
from zhibu.notices import queries as notices
from zhibu.notices.actions import publish as publish_notice
from zhibu.notices.actions import withdraw as withdraw_notice
from zhibu.notices.models import Notice, NoticeKind
from zhibu.notices.told import OnPaper, Phase, Purpose, Standing
from zhibu.procedures import policies
from zhibu.procedures.models import Case
from zhibu.procedures.told import Told

AFFECTED = "affected"
UPHELD = "sustained"


def purpose_of(case: Case, step: str) -> Purpose:
    """What a notice of the step is opened for."""
    return Purpose(Case._meta.db_table, case.pk, step)


def notice_of(case: Case, step: str, today: date) -> Standing | None:
    """The notice opened last for a step and not withdrawn, and where it stands."""
    found = notices.opened_for(purpose_of(case, step), today)
    return None if found is None or found.phase is Phase.WITHDRAWN else found


def of_notice(case: Case, step: Step, told: Told, today: date) -> tuple[Told, int | None]:
    """The window and the outcome as the notice has them; without a notice they are those entered."""
    if step.kind is not StepKind.NOTICE:
        return told, None
    found = notice_of(case, step.id, today)
    if found is None or _used(case, step.id, found.notice):
        return told, None
    if found.phase is not Phase.CLOSED:
        raise Refused(
            Refusal(
                "procedures.notice_without_result", _("公示结果还没有登记（{day} 期满）"),
                {"day": found.closes_on.isoformat()}, remedy=_("期满后先在“公示”中登记结果，有异议的先核查答复"),
            )
        )  # fmt: skip
    outcome = UPHELD if found.outcome == AFFECTED and step.outcome(UPHELD) else ""
    return replace(told, on=found.opens_on, until=found.closes_on, outcome=outcome), found.notice


def on_paper(actor: Actor, case: Case, step: Step, taken: Taken, now: datetime) -> int | None:
    """Record once: a notice that hung on paper and is entered with the step stands among the notices too."""
    if step.kind is not StepKind.NOTICE or taken.until is None:
        return None
    outcome = step.outcome(taken.outcome)
    objections = taken.values.get("objections")
    lent = policies.lent(actor, ("notices.publish",), case.organisation)
    made = publish_notice(
        lent, organisation=case.organisation, kind=kind_of(step), subject=case.person_id, opens_on=taken.on,
        text=_("公示以纸质张贴，内容以归档的公示原件为准。"),
        closes_on=taken.until, least=step.number("working_days", taken.on) or 0, places=(), board=False, now=now,
        purpose=purpose_of(case, step.id),
        ended=OnPaper(
            outcome.title.zh if outcome else taken.outcome, objections if isinstance(objections, int) else 0,
            affects=outcome is not None and not outcome.passes,
        ),
    )  # fmt: skip
    return made.pk


def take_back(actor: Actor, case: Case, notice: int | None, *, reason: str, now: datetime) -> None:
    """The notice that was entered with a step goes with it; one that stood on the board stays."""
    found = Notice.objects.filter(pk=notice).select_related("organisation").first() if notice else None
    if found is not None and notices.hung_on_paper(found):
        lent = policies.lent(actor, ("notices.withdraw",), case.organisation)
        withdraw_notice(lent, notice=found, reason=reason, now=now)


def kind_of(step: Step) -> str:
    """The kind of notice a step puts up."""
    return step.notice if step.notice in NoticeKind.values else NoticeKind.NOTICE.value


def result_day(notice: int | None) -> date | None:
    """The day on which the result of the notice was recorded: what waits for it takes hold then, not before."""
    return None if notice is None else Notice.objects.values_list("result_on", flat=True).get(pk=notice)


def _used(case: Case, step: str, notice: int) -> bool:
    """Whether an earlier taking of the step came from this notice: sent back, it is published anew."""
    return case.steps.filter(step=step, notice=notice, reversed=0).exists()
