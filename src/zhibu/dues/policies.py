"""Who may see and do what with dues."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, may_for_self, ranges
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal
from zhibu.dues.models import DuesBook
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "dues.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the organisations in reach."""
    return within(queryset, ranges(actor, verb), field)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate for an act on a book."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "dues.no_mandate", _("您的职务不能办理“{name}”的这项党费工作"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党费收缴人、党支部书记或组织委员"),
    )  # fmt: skip


def may_act_for(actor: Actor, verb: str, person: int, organisation: Organisation) -> Refusal | None:
    """The same, or for oneself where a mandate grants that."""
    if actor.person is not None and actor.person == person and may_for_self(actor, verb):
        return None
    return may_act(actor, verb, organisation)


def is_branch(organisation: Organisation) -> Refusal | None:
    """Members pay in branches only."""
    if organisation.kind in BRANCH_KINDS:
        return None
    return Refusal(
        "dues.not_a_branch", _("“{name}”不是党支部"), {"name": organisation.name}, remedy=_("请选择党支部")
    )


def month_exists(organisation: Organisation, month: Month, today: date, ahead: int = 0) -> Refusal | None:
    """A month that has begun (or begins within `ahead` months), while the branch existed."""
    founded, closed = organisation.founded_on, organisation.closed_on
    params = {"month": month.code}
    if month.key > Month.of(today).key + ahead:
        return Refusal("dues.in_the_future", _("{month} 还没有开始"), params, remedy=_("请到当月再登记"))
    if founded and founded > month.last:
        return Refusal("dues.before_founding", _("{month} 时党支部尚未成立"), params, remedy=_("请核对月份"))
    if closed and closed <= month.first:
        return Refusal("dues.after_closing", _("{month} 时党支部已经撤销"), params, remedy=_("请核对月份"))
    return None


def day_sane(day: date, today: date) -> Refusal | None:
    """A day that is past, and not a slip of the keyboard."""
    if day > today:
        return Refusal("dues.day_ahead", _("日期 {day} 还没有到"), {"day": day}, remedy=_("写实际收到的日期"))
    if (today - day).days > 3660:
        return Refusal("dues.day_long_ago", _("日期 {day} 太早"), {"day": day}, remedy=_("请核对日期"))
    return None


def month_open(book: DuesBook, day: date) -> Refusal | None:
    """A closed month takes nothing more; the database says the same."""
    if book.closed_through is None or day.replace(day=1) > book.closed_through:
        return None
    return Refusal(
        "dues.month_closed", _("{month} 已经结账，不能再记"), {"month": Month.of(day).code},
        remedy=_("用结账之后的日期登记；原来记错的，冲销后重记"),
    )  # fmt: skip
