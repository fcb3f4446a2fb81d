"""Who may see the unit's figures, enter them, run campaigns, and read practices of other branches."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])
TOP = 4
"""Digits of a path that name the top organisation."""


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "production.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the organisations in reach."""
    return within(queryset, ranges(actor, verb), field)


def readable_by(actor: Actor, practices: Rows) -> Rows:
    """Practices of one's own part, and shared ones of every branch under the same top organisation.

    The one thing that is read across the walls between branches: whoever wrote it chose to share it.
    """
    reach = ranges(actor, "production.view")
    own = visible_to(actor, practices).values("pk")
    tops = {low[:TOP] for low, _end in reach if low}
    shared = Q(pk__in=())
    for top in tops:
        shared |= Q(organisation__path__startswith=top)
    if any(not low for low, _end in reach):
        shared = Q()
    return practices.filter(Q(pk__in=own) | (shared & Q(shared=1, withdrawn=0)))


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the branch."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "production.no_mandate", _("您的职务不能为“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip
