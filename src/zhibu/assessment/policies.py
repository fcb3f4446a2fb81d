"""Who sees which branch's assessment, and in which state what may be done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Caution, Refusal
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import within

from .models import Appeal, AppealState, Run, RunState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhibu.core.authority import Actor


def branches_visible_to(actor: Actor, verb: str = "assessment.view") -> QuerySet[Organisation]:
    """Branches whose assessment the actor may see (or do ``verb`` to), dissolved ones too."""
    return within(Organisation.objects.filter(kind__in=BRANCH_KINDS), authority.ranges(actor, verb), "path")


def committees_visible_to(actor: Actor, verb: str = "assessment.view") -> QuerySet[Organisation]:
    """Committees within the actor's reach, the uppermost first."""
    kinds = ("primary_committee", "general_branch")
    return within(
        Organisation.objects.filter(kind__in=kinds), authority.ranges(actor, verb), "path"
    ).order_by("path")


def may(actor: Actor, verb: str, path: str) -> Refusal | None:
    """The refusal of a verb outside the actor's mandates."""
    if authority.may(actor, verb, path):
        return None
    return Refusal("not_your_part", _("你的职务不包含此项操作"), who=_("有此职务的同志"))


def may_open_run(
    covering: Run | None, below: Run | None, quarter: Quarter, today: date
) -> tuple[Refusal | None, ...]:
    """A quarter is run once for a branch, by one committee, and not before it has begun."""
    return (
        Refusal("run_exists", _("上级已开展本季度考核"), remedy=_("在上级的考核中评审本单位所属支部"))
        if covering
        else None,
        Refusal("run_below_exists", _("下级党委已开展本季度考核"), remedy=_("请其定案，或由其继续完成"))
        if below
        else None,
        Refusal("quarter_not_begun", _("季度尚未开始"), remedy=_("到季度开始后再开展考核"))
        if quarter.first > today
        else None,
        Caution("quarter_not_over", _("季度尚未结束，结果随记录变化"))
        if quarter.first <= today <= quarter.last
        else None,
    )


def may_review(run: Run) -> Refusal | None:
    """Points are given while a run is open; after publication only to correct, until it is frozen."""
    if run.state == RunState.FROZEN:
        return Refusal(
            "run_frozen", _("本季度考核已定案，不能再改"), remedy=_("如有新情况，在下一季度考核中反映")
        )
    return None


def may_compute(run: Run, *, corrected: bool) -> Refusal | None:
    """An open run is computed as often as wanted; a published one again only after an appeal was upheld."""
    if run.state == RunState.PUBLISHED and not corrected:
        return Refusal(
            "published_stands",
            _("结果已公布，没有采纳的申诉，不能重算"),
            remedy=_("其后录入的记录在“差异”中列出"),
        )
    return may_review(run)


def may_self_review(run: Run) -> Refusal | None:
    """A branch assesses itself while the run is open."""
    if run.state == RunState.OPEN:
        return None
    return Refusal("self_review_closed", _("结果已公布，不能再自评"), remedy=_("对结果有意见可以申诉"))


def may_see_judgement(actor: Actor, run: Run | None, path: str) -> bool:
    """Whether the reader sees places and the superior's points: the reviewer always, others once published."""
    published = run is None or run.state != RunState.OPEN
    return published or authority.may(actor, "assessment.review", path)


def may_publish(run: Run, today: date, awaiting: int) -> tuple[Refusal | None, ...]:
    """A result is published once, after the quarter's end; parts nobody judged leave the denominator."""
    quarter = Quarter.from_key(run.quarter)
    return (
        Refusal("already_published", _("结果已公布")) if run.state != RunState.OPEN else None,
        Refusal(
            "quarter_not_over",
            _("季度到 {last} 结束，之后才能公布"),
            params={"last": quarter.last.isoformat()},
            remedy=_("季度结束后再公布"),
        )
        if today <= quarter.last
        else None,
        Caution("parts_awaiting", _("还有 {count} 项未评审，不计入总分"), params={"count": awaiting})
        if awaiting
        else None,
    )


def may_freeze(run: Run, open_appeals: int) -> tuple[Refusal | None, ...]:
    """A run is frozen after publication, when every appeal has its answer."""
    return (
        Refusal("not_published", _("结果尚未公布，不能定案"), remedy=_("先公布结果"))
        if run.state == RunState.OPEN
        else None,
        Refusal("already_frozen", _("本季度考核已定案")) if run.state == RunState.FROZEN else None,
        Refusal(
            "appeals_open",
            _("还有 {count} 件申诉未答复"),
            params={"count": open_appeals},
            remedy=_("先答复申诉"),
        )
        if open_appeals
        else None,
    )


def may_appeal(run: Run, *, pending: bool) -> tuple[Refusal | None, ...]:
    """A branch appeals between publication and freezing, one appeal a standard at a time."""
    return (
        None
        if run.state == RunState.PUBLISHED
        else Refusal("appeal_closed", _("结果公布后、定案前可以申诉"), remedy=_("请与上级党委联系")),
        Refusal("appeal_pending", _("此项标准的申诉正在办理"), remedy=_("等待答复")) if pending else None,
    )


def may_answer(appeal: Appeal) -> Refusal | None:
    """An appeal is answered once."""
    if appeal.state != AppealState.OPEN:
        return Refusal("already_answered", _("该申诉已答复"))
    return None
