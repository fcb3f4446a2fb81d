"""Why an act on a notice is refused, each reason by itself."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.refusal import Caution, Refusal
from zhibu.notices import queries
from zhibu.notices.models import Notice, NoticeReply, PostingKind
from zhibu.register.identity import IDENTITY_WITHIN, NUMBERS_WITHIN
from zhibu.register.models import Organisation


def order(opens_on: date, closes_on: date) -> Refusal | None:
    """A window ends on or after the day it opens."""
    if closes_on >= opens_on:
        return None
    return Refusal("notices.closes_before_opening", _("结束日期早于开始日期"), remedy=_("请核对日期"))


def existed(organisation: Organisation, opens_on: date) -> Refusal | None:
    """The organisation was there on the opening day."""
    founded, closed = organisation.founded_on, organisation.closed_on
    if (founded and opens_on < founded) or (closed and opens_on >= closed):
        return Refusal(
            "notices.no_branch_then", _("{day} 时“{name}”不存在"),
            {"day": opens_on.isoformat(), "name": organisation.name}, remedy=_("请核对日期"),
        )  # fmt: skip
    return None


def needs_subject(kind: str, subject: int | None) -> Refusal | None:
    """A notice about a person names one."""
    if subject or not queries.publication(kind).about_person:
        return None
    return Refusal("notices.subject_needed", _("这类公示要写明公示对象"), remedy=_("请在名册中选择公示的人"))


def numbers_in(text: str) -> bool:
    """Whether somebody's number, of identity or telephone, seems to stand in what is about to be sent."""
    return NUMBERS_WITHIN.search(text) is not None


def no_numbers(*texts: str) -> Refusal | None:
    """An identity number has no place on a public board."""
    if not any(IDENTITY_WITHIN.search(text) for text in texts):
        return None
    return Refusal(
        "notices.identity_number", _("公示内容里有身份证号码"), remedy=_("请删去；公示只写姓名等必要内容")
    )


def too_short(opens_on: date, days: int, least: int) -> Caution | None:
    """Shorter than the rule asks: recorded as it is, and told."""
    if days >= least:
        return None
    return Caution(
        "notices.too_short", _("公示 {days} 个工作日，少于规定的 {least} 个工作日"),
        {"days": days, "least": least}, remedy=_("请把结束日期延后；短于规定的公示不计入考核"),
    )  # fmt: skip


def still_open(notice: Notice) -> Refusal | None:
    """Neither withdrawn nor ended."""
    if notice.withdrawn:
        return Refusal("notices.withdrawn", _("公示已经撤回"))
    if notice.has_result:
        return Refusal("notices.has_result", _("公示结果已经登记"))
    return None


def window_over(notice: Notice, today: date) -> Refusal | None:
    """The last day has passed."""
    if today > notice.closes_on:
        return None
    return Refusal(
        "notices.window_open", _("公示到 {day} 才期满"), {"day": notice.closes_on.isoformat()},
        remedy=_("期满后再登记结果"),
    )  # fmt: skip


def has_ended(closes_on: date, today: date) -> Refusal | None:
    """What hung on paper is entered when it is over."""
    if closes_on <= today:
        return None
    return Refusal(
        "notices.not_over", _("公示到 {day} 才期满"), {"day": closes_on.isoformat()}, remedy=_("期满后再登记")
    )


def window_runs(notice: Notice, today: date) -> Refusal | None:
    """The last day has not passed."""
    if today <= notice.closes_on:
        return None
    return Refusal(
        "notices.window_over", _("公示已于 {day} 期满"), {"day": notice.closes_on.isoformat()},
        remedy=_("内容有误的，重新公示"),
    )  # fmt: skip


def all_answered(notice: Notice) -> Refusal | None:
    """Every objection has its answer."""
    _received, unanswered = queries.objections_of(notice)
    if not unanswered:
        return None
    return Refusal(
        "notices.unanswered", _("还有 {count} 件异议没有答复"), {"count": unanswered},
        remedy=_("核查并答复后，再登记结果"),
    )  # fmt: skip


def everywhere(notice: Notice) -> Refusal | None:
    """A sheet hung at every place asked for."""
    missing = queries.places_missing(notice)
    if not missing:
        return None
    named = "、".join(str(PostingKind(kind).label) for kind in missing)
    return Refusal(
        "notices.places_missing", _("没有登记在“{places}”张贴满规定的工作日"), {"places": named},
        remedy=_("流动人员要在单位和居住地都公示；登记张贴地点和起止日期"),
    )  # fmt: skip


def given(text: str, code: str, message: str, remedy: str = "") -> Refusal | None:
    """Something was written."""
    return None if text.strip() else Refusal(code, message, remedy=remedy)


def takes_answers(notice: Notice) -> Refusal | None:
    """A disclosure that only informs takes none."""
    if notice.reply != NoticeReply.NONE:
        return None
    return Refusal("notices.informs_only", _("这是一项公开，不受理异议"))
