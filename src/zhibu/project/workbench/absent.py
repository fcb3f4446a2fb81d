"""Those who were not there, on the desks: make-ups to confirm, voices to answer, members away to be contacted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core import authority
from zhibu.life.queries import away, missed
from zhibu.life.queries.visits import visits_in
from zhibu.register.models import Organisation
from zhibu.ui import formats

from .lines import Line, Waiting, day_told

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


AHEAD = timedelta(days=14)


def absent_waiting(actor: Actor, branch: Organisation) -> tuple[Waiting, ...]:
    """What members say they made up, and what they wrote."""
    if not authority.may(actor, "life.record_make_up", branch.path):
        return ()
    reported, voices = missed.waiting_in(branch)
    url, found = f"{reverse('life:absentees')}?organisation={branch.pk}", []
    if reported:
        words = ngettext("%(n)d 人次", "%(n)d 人次", reported) % {"n": reported}
        found.append(Waiting(_("确认补课"), words, url))
    if voices and authority.may(actor, "life.answer_voice", branch.path):
        words = ngettext("%(n)d 条", "%(n)d 条", voices) % {"n": voices}
        found.append(Waiting(_("答复党员来言"), words, url))
    return tuple(found)


def visit_lines(actor: Actor, branch: Organisation, today: date) -> tuple[Line, ...]:
    """Members who need not come and whom the rule asks to visit, from two weeks before its day."""
    if not authority.may(actor, "life.record_visit", branch.path):
        return ()
    return tuple(
        _visit(visit.exemption.pk, visit.exemption.person.name, visit.due_on, today, branch)
        for visit in visits_in(branch, today)
        if visit.due_on is not None and visit.due_on - today <= AHEAD
    )


def _visit(exemption: int, name: str, due_on: date, today: date, branch: Organisation) -> Line:
    late = (today - due_on).days
    when = formats.overdue(late) if late > 0 else _("%(day)s前") % {"day": day_told(due_on)}
    return Line(
        when, "overdue" if late > 0 else "soon", _("走访 %(name)s") % {"name": name}, _("可不到会，送学上门"), _("走访"),
        f"{reverse('life:absentees')}?organisation={branch.pk}", _("记走访"),
        reverse("life:record_visit", args=[exemption]), due_on,
    )  # fmt: skip


def away_lines(actor: Actor, branch: Organisation, today: date) -> tuple[Line, ...]:
    """Members away whom the rule asks to contact now; who is out of contact long enough, with the step to propose."""
    if not authority.may(actor, "life.record_contact", branch.path):
        return ()
    found = [each for each in away.away_in(actor, today, branch=branch) if each.standing != "fresh"]
    return tuple(_line(each, today) for each in found[:3])


def _line(each: away.Away, today: date) -> Line:
    page = reverse("life:away_member", args=[each.spell])
    contact = reverse("life:record_contact", args=[each.spell])
    days = (today - each.due_on).days if each.due_on else 0
    if each.standing == "due":
        what, step, url = _("联系流动党员 %(name)s"), _("记联系"), contact
    elif each.standing == "searching":
        what, step, url = _("查找失去联系的党员 %(name)s"), _("记联系"), contact
    else:
        what, step, url = _("%(name)s 失去联系已满规定月数"), _("处置"), page
    return Line(
        formats.overdue(days) if days > 0 else _("现在"), "overdue" if days > 0 else "soon",
        what % {"name": each.name}, each.place, _("流动党员"), page, step, url, each.due_on or today,
    )  # fmt: skip
