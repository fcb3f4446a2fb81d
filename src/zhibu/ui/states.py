"""States in words, each with a tone; a tone is a mark and a colour, never a colour alone."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhibu.ui.pictures import icon

#: The sign drawn before the word: shapes that differ without their colours, also on paper.
SIGNS = {
    "done": "circle-check",
    "soon": "clock",
    "overdue": "alert-circle-filled",
    "open": "circle-dot",
    "wait": "circle",
    "idle": "circle-minus",
    "no": "circle-x",
    "part": "circle-half-2",
    "info": "info-circle",
}

#: What the platform's states are called. A room with a state of its own uses {% mark word tone %}.
STATES: dict[str, tuple[Any, str]] = {
    "draft": (_("草稿"), "idle"),
    "planned": (_("已安排"), "wait"),
    "open": (_("进行中"), "open"),
    "running": (_("进行中"), "open"),
    "closed": (_("已关闭"), "done"),
    "done": (_("已完成"), "done"),
    "held": (_("按时召开"), "done"),
    "held_late": (_("推迟召开"), "part"),
    "made_up": (_("补开"), "part"),
    "not_held": (_("未召开"), "no"),
    "late": (_("补录"), "soon"),
    "overdue": (_("逾期"), "overdue"),
    "soon": (_("将到期"), "soon"),
    "met": (_("达到"), "done"),
    "partly": (_("部分达到"), "part"),
    "not_met": (_("未达到"), "no"),
    "not_applicable": (_("不适用"), "idle"),
    "not_assessed": (_("不考核"), "idle"),
    "not_due": (_("本季不考"), "idle"),
    "awaiting_review": (_("待评议"), "wait"),
    "pending": (_("待办理"), "wait"),
    "submitted": (_("已送审"), "wait"),
    "approved": (_("已批准"), "done"),
    "returned": (_("已退回"), "no"),
    "rejected": (_("未通过"), "no"),
    "published": (_("公示中"), "open"),
    "objected": (_("有异议"), "overdue"),
    "withdrawn": (_("已撤回"), "idle"),
    "cancelled": (_("已取消"), "idle"),
    "ended": (_("已结束"), "idle"),
    "active": (_("有效"), "done"),
    "paid": (_("已交"), "done"),
    "unpaid": (_("未交"), "overdue"),
    "present": (_("到会"), "done"),
    "absent": (_("缺席"), "no"),
    "leave": (_("请假"), "idle"),
    "exempt": (_("免交"), "idle"),
}


def sign(tone: str) -> SafeString:
    """The sign of a tone alone, beside a word that says the same."""
    return icon(SIGNS.get(tone, SIGNS["idle"]))


def mark(word: object, tone: str = "idle") -> SafeString:
    """A word with the sign of its tone before it."""
    return format_html('<span class="zb-mark zb-mark-{}">{}{}</span>', tone, sign(tone), word)


def mark_of(state: object) -> SafeString:
    """The mark of a state the platform knows; an unknown state is shown as it is."""
    word, tone = STATES.get(str(state), (state, "idle"))
    return mark(word, tone)
