"""Undertakings on the desks: one's own until they are closed, what is late in the branch, what waits to be confirmed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core import authority
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.undertakings import policies, queries

from .lines import Line, Waiting, day_told

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def undertaking_lines(actor: Actor, today: date, branch: Organisation | None = None) -> tuple[Line, ...]:
    """One's own, a step from done; with a branch that one leads, also what is late in it."""
    leads = branch is not None and authority.may(actor, policies.CLOSE, branch.path)
    found = queries.reminders(actor, today, branch=branch if leads else None)
    return tuple(_line(each, today) for each in found)


def small_lines(actor: Actor, today: date) -> tuple[Line, ...]:
    """Small tasks of one's branch that wait for someone; what one has claimed is a line of one's own already."""
    if actor.person is None or not authority.may_for_self(actor, policies.CLAIM):
        return ()
    number, first, due_on = queries.unclaimed(actor.person)
    if not number:
        return ()
    late = due_on is not None and due_on < today
    when = _("%(day)s前") % {"day": day_told(due_on)} if due_on and not late else _("等人认领")
    words = (
        first
        if number == 1
        else ngettext("%(n)d 件微心愿等人认领", "%(n)d 件微心愿等人认领", number) % {"n": number}
    )
    page = reverse("undertakings:small_tasks")
    return (
        Line(when, "soon", words, "", _("微心愿"), page, _("看看认领"), page, due_on or today),
    )  # fmt: skip


def _line(each: queries.Reminder, today: date) -> Line:
    page = reverse("undertakings:undertaking", args=[each.id])
    late = each.due_on is not None and each.due_on < today
    if each.due_on is None:
        when = _("不定期限")
    elif late:
        when = formats.overdue((today - each.due_on).days)
    else:
        when = _("%(day)s前") % {"day": day_told(each.due_on)}
    step = reverse("undertakings:report_done", args=[each.id]) if each.mine else page
    return Line(
        when,
        "overdue" if late else "soon",
        each.text,
        "" if each.mine else each.owner,
        each.kind,
        page,
        _("报告办结") if each.mine else _("督办"),
        step,
        each.due_on or today,
    )


def to_confirm(actor: Actor, branch: Organisation) -> tuple[Waiting, ...]:
    """What people of the branch say is done."""
    return tuple(
        Waiting(_("确认销号"), f"{text} · {owner}", reverse("undertakings:close", args=[pk]))
        for pk, text, owner in queries.to_confirm(actor, branch)
    )


def of_committee(actor: Actor, today: date) -> tuple[Waiting, ...]:
    """What the committee set and branches say is done; how many branches are late with theirs."""
    found = [
        Waiting(_("确认销号"), f"{text} · {name}", reverse("undertakings:close", args=[pk]))
        for pk, text, name in queries.to_confirm_above(actor)
    ]
    branches, late = queries.late_under(actor, today)
    if late:
        words = _("%(branches)d 个支部 %(count)d 件") % {"branches": branches, "count": late}
        found.append(Waiting(_("支部逾期任务"), words, reverse("undertakings:behind")))
    return tuple(found)
