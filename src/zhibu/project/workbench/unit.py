"""The home and the unit on the desk of a branch: figures to enter, results to enter, things to look at again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core import authority
from zhibu.premises import queries as home
from zhibu.production import queries as work
from zhibu.register.models import Organisation
from zhibu.ui import formats

from .lines import Line

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def unit_lines(actor: Actor, branch: Organisation, today: date) -> tuple[Line, ...]:
    """What the branch's own people are to enter; nothing for whoever may not."""
    if not authority.may(actor, "production.enter_figures", branch.path):
        return ()
    wanting, ended, old = _found(branch, today)
    lines = []
    if wanting is not None:
        month, due = wanting
        page = f"{reverse('production:enter_figures')}?organisation={branch.pk}&month={month:%Y-%m}"
        what = _("填报%(month)s单位数字") % {"month": formats.month(f"{month:%Y-%m}")}
        lines.append(_line(due, today, what, _("计划、成本、安全"), page, _("填报")))
    for pk, title, closed_on in ended:
        page = reverse("production:enter_results", args=[pk])
        lines.append(
            _line(closed_on, today, _("登记“%(title)s”的结果") % {"title": title}, "", page, _("登记"))
        )
    if old:
        page = f"{reverse('premises:inventory')}?organisation={branch.pk}"
        what = _("阵地 %(n)d 项满一年没看") % {"n": old}
        lines.append(Line(_("现在"), "soon", what, "", _("阵地"), page, _("查看"), page, today))
    return tuple(lines)


def _found(
    branch: Organisation, today: date
) -> tuple[tuple[date, date] | None, tuple[tuple[int, str, date], ...], int]:
    """The month wanting, campaigns over without results, things seen too long ago; nobody is asked to begin."""
    ended = tuple(work.over(branch, today))
    lines = home.inventory(branch, today).lines
    old = sum(line.look_again for line in lines if line.fixture is not None)
    return work.wanting(branch, today), ended, old


def _line(due: date, today: date, what: str, note: str, page: str, step: str) -> Line:
    late = due < today
    when = formats.overdue((today - due).days) if late else _("%(day)s前") % {"day": formats.near(due)}
    return Line(when, "overdue" if late else "soon", what, note, _("中心工作"), page, step, page, due)
