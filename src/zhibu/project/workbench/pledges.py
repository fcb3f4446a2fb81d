"""Pledges on the desks: one's own to be made and marked; those that wait for the branch; marks and zones of the branch."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core import authority
from zhibu.pledges import policies, queries
from zhibu.pledges.models import MarkStage
from zhibu.register.models import Organisation
from zhibu.ui import formats

from .lines import Line, Waiting, day_told

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def own_pledge(actor: Actor, today: date) -> tuple[Line, ...]:
    """The pledge of this year, while it is not made; a step from done."""
    person = actor.person
    if person is None or not authority.may_for_self(actor, policies.MAKE):
        return ()
    if not queries.without_pledge(person, today):
        return ()
    page, step = reverse("pledges:pledges"), reverse("pledges:make")
    return (Line(_("今年"), "soon", _("本年承诺未作"), "", _("党员承诺"), page, _("作承诺"), step, today),)


def pledges_waiting(actor: Actor, branch: Organisation, today: date) -> tuple[Waiting, ...]:
    """What members promise and the actor may confirm for the branch."""
    if not authority.may(actor, policies.PUBLISH, branch.path):
        return ()
    number = queries.to_publish(branch, today, actor.person)
    if not number:
        return ()
    words = ngettext("%(n)d 份", "%(n)d 份", number) % {"n": number}
    url = f"{reverse('pledges:publish')}?organisation={branch.pk}"
    return (Waiting(_("确认并公示承诺"), words, url),)


def own_mark(actor: Actor, today: date) -> tuple[Line, ...]:
    """One's own mark of the half-year, while it is not given."""
    person = actor.person
    if person is None or not authority.may_for_self(actor, policies.MARK_SELF):
        return ()
    half = queries.own_mark_due(person, today)
    if half is None:
        return ()
    page, step = reverse("pledges:pledges"), reverse("pledges:mark_self")
    when, tone = when_due(half.due_on, today)
    what = _("上半年自评") if half.half == 1 else _("下半年自评")
    return (Line(when, tone, what, "", _("党员承诺"), page, _("自评"), step, half.due_on),)


def group_marks(actor: Actor, today: date) -> tuple[Line, ...]:
    """Marks of the half-year that a leader of a Party group has still to enter; of other groups their leaders are asked."""
    found = []
    half, led = queries.asked_half(today), _led(actor)
    for group in queries.groups_of(actor) if led else ():
        if group.parent is None or group.pk not in led:
            continue
        number = queries.lacking(group.parent, today, MarkStage.GROUP, actor.person, group)
        if number:
            words = ngettext("%(n)d 人", "%(n)d 人", number) % {"n": number}
            page = f"{reverse('pledges:mark_group')}?group={group.pk}"
            when, tone = when_due(half.due_on, today)
            found.append(Line(when, tone, _("半年小组评"), "", words, page, _("评"), page, half.due_on))
    return tuple(found)


def when_due(due_on: date, today: date) -> tuple[str, str]:
    """By when, in words, and the tone of it."""
    if due_on < today:
        return formats.overdue((today - due_on).days), "overdue"
    return _("%(day)s前") % {"day": day_told(due_on)}, "soon"


def branch_marks(actor: Actor, branch: Organisation, today: date) -> tuple[Waiting, ...]:
    """Marks of the half-year that the branch has still to give; zones that nobody looked at for too long."""
    found = []
    if authority.may(actor, policies.MARK_BRANCH, branch.path):
        number = queries.lacking(branch, today, MarkStage.BRANCH, actor.person)
        if number:
            words = ngettext("%(n)d 人", "%(n)d 人", number) % {"n": number}
            found.append(
                Waiting(_("半年支部评"), words, f"{reverse('pledges:mark_branch')}?organisation={branch.pk}")
            )
    if authority.may(actor, policies.CHECK_ZONE, branch.path):
        unseen, ended = queries.unseen(branch, today), queries.off_the_board(branch, today)
        if ended and authority.may(actor, policies.PUBLISH_ZONES, branch.path):
            page = f"{reverse('pledges:zones')}?organisation={branch.pk}"
            found.append(Waiting(_("责任区图重新上公示栏"), _("上年的已经期满"), page))
        if unseen:
            words = ngettext("%(n)d 处", "%(n)d 处", unseen) % {"n": unseen}
            found.append(
                Waiting(_("检查责任区"), words, f"{reverse('pledges:zones')}?organisation={branch.pk}")
            )
    return tuple(found)


def _led(actor: Actor) -> set[int | None]:
    return {mandate.organisation for mandate in actor.mandates if mandate.post == "group_leader"}
