"""The sheet that tells members of a year of dues. In Chinese: it hangs on a wall in China."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu.dues.models import Purpose as UsePurpose
from zhibu.dues.queries.yearly import Figures
from zhibu.notices.models import Notice
from zhibu.notices.told import Purpose
from zhibu.register.models import Organisation
from zhibu.ui.formats import fen as yuan
from zhibu.ui.formats import share
from zhibu.ui.language import in_chinese


@dataclass(frozen=True, slots=True)
class Sheet:
    """Title and text of what is put up."""

    title: str
    text: str


def purpose(organisation: Organisation, year: int) -> Purpose:
    """What such a notice is for: the dues of an organisation in a year."""
    return Purpose(Organisation._meta.db_table, organisation.pk, f"dues-{year}")


def earlier(organisation: Organisation, year: int) -> QuerySet[Notice]:
    """What was put up of this year before, newest first."""
    asked = purpose(organisation, year)
    rows = Notice.objects.filter(
        organisation=organisation, purpose_table=asked.table, purpose_id=asked.id, purpose_step=asked.step
    )
    return rows.order_by("-opens_on", "-pk")


def worded(organisation: Organisation, year: int, told: Figures, opens_on: date, closes_on: date) -> Sheet:
    """The sheet: sums only."""
    so_far = year == opens_on.year
    lines = [
        (
            f"现将{organisation.name}{year}年{f'截至{_in_full(opens_on)}的' if so_far else ''}党费收缴、使用和管理情况公开如下，"
            "请党员和群众监督。"
        ),
        (
            f"一、收缴情况。已登记{told.months}个月，应交党费{yuan(told.due_fen)}元，实交{yuan(told.received_fen)}元，"
            f"收缴率{share(told.received_fen, told.due_fen)}，其中当月交纳{yuan(told.in_time_fen)}元。"
        ),
        f"二、上缴和留存情况。{_passed(told)}",
        f"三、使用情况。{_used(told)}",
        f"四、结存情况。{'截至当日' if so_far else '年末'}账上结存{yuan(told.left_fen)}元。",
        f"公开时间：{_in_full(opens_on)}至{_in_full(closes_on)}。",
        organisation.name,
    ]
    return Sheet(f"{organisation.name}{year}年党费收缴、使用和管理情况公开"[:120], "\n".join(lines))


def _passed(told: Figures) -> str:
    arrived = f"收到下级上缴{yuan(told.arrived_fen)}元；" if told.arrived_fen else ""
    if not told.sent_count:
        return f"{arrived}没有上缴。"
    return f"{arrived}向上级上缴{told.sent_count}笔，共{yuan(told.sent_fen)}元；本级留存{yuan(told.kept_fen)}元。"


def _used(told: Figures) -> str:
    """By purpose; what a use was for in particular may name somebody, and stays in the book."""
    if not told.used:
        return "没有使用党费。"
    named = dict(UsePurpose.choices)
    parts = "；".join(f"{in_chinese(named[kind])}{yuan(fen)}元" for kind, fen in told.used)
    return f"共使用{yuan(told.used_fen)}元，均经集体讨论决定：{parts}。"


def _in_full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
