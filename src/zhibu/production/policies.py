"""Who may see the unit's figures, enter them, and run campaigns."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "production.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the organisations in reach."""
    return within(queryset, ranges(actor, verb), field)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the branch."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "production.no_mandate", _("您的职务不能为“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip
