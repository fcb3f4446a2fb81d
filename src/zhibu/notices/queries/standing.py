"""Where a notice stands: what a procedure waits for, and the words for it on pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core import windows
from zhibu.notices.models import Notice, NoticeReply, Objection, ObjectionState, Posting
from zhibu.notices.queries.windows import calendar
from zhibu.notices.told import Phase, Purpose, Standing


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a notice and its tone for the page."""

    text: str
    tone: str


def standing(notice: Notice, today: date) -> Standing:
    """Where a notice stands on a day."""
    days, exclude = calendar(), bool(notice.exclude_start)
    window = windows.counted(days, notice.opens_on, notice.closes_on, exclude_start=exclude)
    shortest = windows.earliest_last_day(days, notice.opens_on, notice.least, exclude_start=exclude)
    received, unanswered = objections_of(notice)
    return Standing(
        notice=notice.pk,
        phase=_phase(notice, today, unanswered),
        opens_on=notice.opens_on,
        closes_on=notice.closes_on,
        working_days=window.days,
        least=notice.least,
        earliest_last_day=shortest.day,
        provisional=window.provisional or shortest.provisional,
        objections=max(received, notice.objections),
        objections_unanswered=unanswered,
        places_missing=places_missing(notice),
        outcome=notice.outcome,
        result_on=notice.result_on,
    )


def opened_for(purpose: Purpose, today: date) -> Standing | None:
    """The newest notice opened for a purpose that was not withdrawn (else the newest), and where it stands."""
    rows = Notice.objects.filter(purpose_table=purpose.table, purpose_id=purpose.id)
    if purpose.step:
        rows = rows.filter(purpose_step=purpose.step)
    found = rows.order_by("withdrawn", "-id").first()
    return standing(found, today) if found else None


def hung_on_paper(notice: Notice) -> bool:
    """Whether it was entered with its result: every other result is recorded after the last day."""
    return bool(notice.result_on and notice.result_on <= notice.closes_on and not notice.withdrawn)


def _phase(notice: Notice, today: date, unanswered: int) -> Phase:
    if notice.withdrawn:
        return Phase.WITHDRAWN
    if notice.has_result:
        return Phase.CLOSED
    if today < notice.opens_on:
        return Phase.PLANNED
    if today <= notice.closes_on:
        return Phase.OPEN
    return Phase.OBJECTIONS_OPEN if unanswered else Phase.OVER


def objections_of(notice: Notice) -> tuple[int, int]:
    """(received, not yet answered); comments on a disclosure wait for nobody."""
    states = list(Objection.objects.filter(notice=notice).values_list("state", flat=True))
    waiting = sum(state != ObjectionState.ANSWERED for state in states)
    return len(states), waiting if notice.reply == NoticeReply.OBJECTION else 0


def places_missing(notice: Notice) -> tuple[str, ...]:
    """Places asked for at which no sheet hung for the working days the rule asks."""
    if not notice.places_asked:
        return ()
    days, exclude = calendar(), bool(notice.exclude_start)
    long_enough = set()
    for kind, first, last in Posting.objects.filter(notice=notice).values_list("kind", "from_on", "until_on"):
        if windows.counted(days, first, last, exclude_start=exclude).days >= max(notice.least, 1):
            long_enough.add(kind)
    return tuple(kind for kind in notice.places_asked if kind not in long_enough)


def marks(notice: Any, today: date) -> list[Mark]:
    """Where a notice stands, and what must not be hidden about it. Takes a row of `listed` or a Notice."""
    value: Any = notice.get if isinstance(notice, dict) else lambda name: getattr(notice, name)
    found = [_standing_mark(value, today)]
    if value("objections"):
        found.append(Mark(_("有异议 %(count)d 件") % {"count": value("objections")}, "overdue"))
    if value("provisional"):
        found.append(Mark(_("工作日暂按周末推算"), "idle"))
    if value("entered_on") and value("entered_on") > value("opens_on"):
        days = (value("entered_on") - value("opens_on")).days
        words = ngettext("公示后 %(days)d 天录入", "公示后 %(days)d 天录入", days)
        found.append(Mark(words % {"days": days}, "soon"))
    return found


def _standing_mark(value: Any, today: date) -> Mark:
    if value("withdrawn"):
        return Mark(_("已撤回"), "idle")
    if value("has_result"):
        return Mark(_("已登记结果"), "done")
    if value("opens_on") > today:
        return Mark(_("未开始"), "idle")
    informs = value("reply") != NoticeReply.OBJECTION
    if value("closes_on") >= today:
        return Mark(_("公开中") if informs else _("公示中"), "open")
    return Mark(_("公开期满"), "done") if informs else Mark(_("期满待登记结果"), "soon")
