"""A step that publishes: its window is a notice of the room of notices, and it is done from the notice's result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.norms.procedures import Step, StepKind
from zhibu.core.refusal import Refusal, Refused
from zhibu.notices import queries as notices
from zhibu.notices.models import Notice
from zhibu.notices.told import Phase, Purpose, Standing
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


def result_day(notice: int | None) -> date | None:
    """The day on which the result of the notice was recorded: what waits for it takes hold then, not before."""
    return None if notice is None else Notice.objects.values_list("result_on", flat=True).get(pk=notice)


def _used(case: Case, step: str, notice: int) -> bool:
    """Whether an earlier taking of the step came from this notice: sent back, it is published anew."""
    return case.steps.filter(step=step, notice=notice, reversed=0).exists()
