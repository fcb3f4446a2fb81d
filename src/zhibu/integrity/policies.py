"""Who signs, who hands out duties, who checks; and who sees who has not signed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, may_for_self
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation

VIEW, OVERSEE, SIGN, ASSIGN, CHECK, FINDING = (
    "integrity.view", "integrity.oversee", "integrity.sign_promise", "integrity.assign_duties",
    "integrity.record_check", "integrity.add_finding",
)  # fmt: skip


def may_sign(actor: Actor, organisation: Organisation, person: int) -> Refusal | None:
    """For oneself; the branch may file what someone signed on paper."""
    if person == actor.person and may_for_self(actor, SIGN):
        return None
    if person != actor.person and may(actor, SIGN, organisation.path):
        return None
    return Refusal(
        "integrity.not_yours", _("廉政承诺由本人签署"),
        remedy=_("请由本人签署；纸质签署的，由支部附上签字件代录"), who=_("本人，或党支部书记、支部委员"),
    )  # fmt: skip


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the branch."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "integrity.no_mandate", _("您的职务不能在“{name}”办理廉政事项"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记、纪检委员、支部委员，或上级党组织"),
    )  # fmt: skip


def sees_all(actor: Actor, organisation: Organisation) -> bool:
    """Who has not signed and what checks found is seen by the committee and above."""
    return may(actor, CHECK, organisation.path) or may(actor, OVERSEE, organisation.path)
