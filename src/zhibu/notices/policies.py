"""Who may see, publish and end notices, and who may handle what is said against them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.notices.models import Notice
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])

HANDLE = "notices.answer_objection"
"""Whoever may answer objections may read them, and nobody else."""


def visible_to(
    actor: Actor, queryset: Rows, verb: str = "notices.view", field: str = "organisation__path"
) -> Rows:
    """Rows of the organisations in reach."""
    return within(queryset, ranges(actor, verb), field)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the organisation that publishes."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "notices.no_mandate", _("您的职务不能在“{name}”办理公示"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip


def may_handle(actor: Actor, verb: str, notice: Notice) -> Refusal | None:
    """The mandate to handle objections, for someone the notice is not about and who did not sponsor that person."""
    return may_act(actor, verb, notice.organisation) or has_interest(actor, notice)


def has_interest(actor: Actor, notice: Notice) -> Refusal | None:
    """Refused to the person the notice is about and to the sponsors: nobody judges in one's own cause."""
    if actor.person is None or actor.person not in {notice.subject_id, *notice.barred}:
        return None
    return Refusal(
        "notices.conflict_of_interest", _("公示涉及您本人或您介绍的人，您应当回避"),
        remedy=_("请由其他支部委员或上级党组织受理"), who=_("其他支部委员，或上级党组织"),
    )  # fmt: skip
