"""Pledges on the desks: one's own that is still to be made, and those that wait for the branch."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import record
from zhibu.core import authority
from zhibu.pledges import policies, queries
from zhibu.register.models import Organisation

from .lines import Line, Waiting

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def own_pledge(actor: Actor, today: date) -> tuple[Line, ...]:
    """The pledge of this year, while it is not made; a step from done."""
    person = actor.person
    if person is None or not authority.may_for_self(actor, policies.MAKE):
        return ()
    if not record.kept(("own pledge", person, today), lambda: queries.without_pledge(person, today)):
        return ()
    page, step = reverse("pledges:pledges"), reverse("pledges:make")
    return (Line(_("今年"), "soon", _("本年承诺未作"), "", _("党员承诺"), page, _("作承诺"), step, today),)


def pledges_waiting(actor: Actor, branch: Organisation, today: date) -> tuple[Waiting, ...]:
    """What members promise and the actor may confirm for the branch."""
    if not authority.may(actor, policies.PUBLISH, branch.path):
        return ()
    key = ("pledges waiting", branch.pk, actor.person, today)
    number = record.kept(key, lambda: queries.to_publish(branch, today, actor.person))
    if not number:
        return ()
    words = ngettext("%(n)d 份", "%(n)d 份", number) % {"n": number}
    url = f"{reverse('pledges:publish')}?organisation={branch.pk}"
    return (Waiting(_("确认并公示承诺"), words, url),)
