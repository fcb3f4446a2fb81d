"""A step that publishes: its window is a notice of the room of notices, and it is done from the notice's result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhibu.core.norms.procedures import Step, StepKind
from zhibu.core.refusal import Refusal, Refused
from zhibu.notices.models import Notice
from zhibu.procedures.models import Case, CaseNotice

if TYPE_CHECKING:
    from zhibu.procedures.actions.taking import Told


def notice_of(case: Case, step: str) -> Notice | None:
    """The notice opened last for a step and not withdrawn."""
    rows = CaseNotice.objects.filter(case=case, step=step, notice__withdrawn=0).select_related("notice")
    found = rows.order_by("-pk").first()
    return found.notice if found else None


def of_notice(case: Case, step: Step, told: Told, today: date) -> tuple[Told, int | None]:
    """The window of the step as the notice has it; without a notice the days are those entered."""
    if step.kind is not StepKind.NOTICE:
        return told, None
    notice = notice_of(case, step.id)
    if notice is None:
        return told, None
    if not notice.has_result:
        raise Refused(
            Refusal(
                "procedures.notice_without_result", _("公示结果还没有登记（{day} 期满）"),
                {"day": notice.closes_on.isoformat()}, remedy=_("期满后先在“公示”中登记结果，有异议的先核查答复"),
            )
        )  # fmt: skip
    return replace(told, on=notice.opens_on, until=notice.closes_on), notice.pk
