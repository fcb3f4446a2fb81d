"""Who may see the home of a branch, enter what it has, and see an honour of a member."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.premises.models import Honour
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "premises.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the organisations in reach."""
    return within(queryset, ranges(actor, verb), field)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the branch."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "premises.no_mandate", _("您的职务不能登记“{name}”的阵地和荣誉"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip


def sees(actor: Actor, honour: Honour) -> bool:
    """Whether an honour in reach is shown to the actor: a member's own only with consent, to the member, and to whoever
    enters honours.
    """
    return (
        honour.person_id is None
        or bool(honour.shown)
        or actor.person == honour.person_id
        or may(actor, "premises.record_honour", honour.organisation.path)
    )
