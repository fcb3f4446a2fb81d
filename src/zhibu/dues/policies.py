"""Who may see and enter the monthly totals of dues."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "dues.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the branches in reach."""
    return within(queryset, ranges(actor, verb), field)


def may_enter(actor: Actor, organisation: Organisation) -> Refusal | None:
    """The mandate at a branch; committees collect no dues of their own here."""
    if organisation.kind not in BRANCH_KINDS:
        return Refusal(
            "dues.not_a_branch",
            _("“{name}”不是党支部"),
            {"name": organisation.name},
            remedy=_("请选择党支部"),
        )
    if not may(actor, "dues.enter_month", organisation.path):
        return Refusal(
            "dues.no_mandate", _("您的职务不能登记“{name}”的党费"), {"name": organisation.name},
            remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
        )  # fmt: skip
    return None
