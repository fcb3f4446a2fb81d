"""The letter of integrity on the desk of whoever is asked to sign it, by the day of the rulebook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core import authority
from zhibu.integrity import policies, queries
from zhibu.ui import formats

from .lines import Line, day_told

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def own_promise(actor: Actor, today: date) -> tuple[Line, ...]:
    """The letter of this year, while it is not signed; a step from done."""
    person = actor.person
    if person is None or not authority.may_for_self(actor, policies.SIGN):
        return ()
    found = queries.unsigned(person, today)
    if found is None:
        return ()
    branch, _name, due_on = found
    late = due_on < today
    when = formats.overdue((today - due_on).days) if late else _("%(day)s前") % {"day": day_told(due_on)}
    query = f"?organisation={branch}"
    return (
        Line(
            when,
            "overdue" if late else "soon",
            _("本年廉政承诺书未签"),
            "",
            _("党风廉政"),
            reverse("integrity:integrity") + query,
            _("阅读并签署"),
            reverse("integrity:sign_promise") + query,
            due_on,
        ),
    )
