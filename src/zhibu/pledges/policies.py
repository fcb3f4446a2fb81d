"""Who makes a pledge, who confirms and publishes it, and who sees who has not made one."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, may_for_self
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation

VIEW, MAKE, PUBLISH, WITHDRAW, OVERSEE = (
    "pledges.view", "pledges.make", "pledges.publish", "pledges.withdraw", "pledges.oversee",
)  # fmt: skip
SET_PLAN, REMOVE_PLAN, DRAW_ZONE, CHECK_ZONE, END_ZONE, PUBLISH_ZONES = (
    "pledges.set_plan", "pledges.remove_plan", "pledges.draw_zone", "pledges.check_zone", "pledges.end_zone", "pledges.publish_zones",
)  # fmt: skip
SET_PORTRAIT, REMOVE_PORTRAIT = "pledges.set_portrait", "pledges.remove_portrait"
MARK_SELF, MARK_GROUP, MARK_BRANCH = "pledges.mark_self", "pledges.mark_group", "pledges.mark_branch"
PHOTO_BYTES, PORTRAIT_SIDE = 8 * 1024 * 1024, 480
"""Bytes of a picture sent; pixels of the longer side kept of a portrait, which is printed two fingers wide."""
PLAN_TITLE = 30
"""Characters of the name of a plan."""
LEAST, MOST_TEXT = 10, 1000
"""Characters of a pledge: fewer promise nothing, more is not read on a board. As many as an undertaking holds."""


def may_make(actor: Actor, organisation: Organisation, person: int) -> Refusal | None:
    """One's own; the branch may write down what someone without a telephone promises on paper."""
    if person == actor.person and may_for_self(actor, MAKE):
        return None
    if may(actor, MAKE, organisation.path):
        return None
    return Refusal(
        "pledges.not_yours", _("承诺由本人作出"), remedy=_("请由本人填写，或由支部书记代录手写的承诺"),
        who=_("本人，或支部书记、支部委员"),
    )  # fmt: skip


def may_show(actor: Actor, verb: str, organisation: Organisation, person: int) -> Refusal | None:
    """One's own portrait; the branch may give a member's."""
    if person == actor.person and may_for_self(actor, verb):
        return None
    return may_act(actor, verb, organisation)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the branch."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "pledges.no_mandate", _("您的职务不能在“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip


def not_own(actor: Actor, owner: int) -> Refusal | None:
    """Nobody confirms for the branch what they themselves promise."""
    if actor.person is None or actor.person != owner:
        return None
    return Refusal(
        "pledges.own_pledge", _("自己的承诺不能由自己确认、撤回"), remedy=_("请由其他支部委员或上级党组织办理"),
        who=_("其他支部委员，或上级党组织"),
    )  # fmt: skip


def not_holder(actor: Actor, holder: int) -> Refusal | None:
    """Nobody looks for the branch at what they themselves answer for."""
    if actor.person is None or actor.person != holder:
        return None
    return Refusal(
        "pledges.own_zone", _("自己的责任区不能由自己检查、撤销、转交"), remedy=_("请由其他支部委员或上级党组织办理"),
        who=_("其他支部委员，或上级党组织"),
    )  # fmt: skip


def may_mark_self(actor: Actor, organisation: Organisation, person: int) -> Refusal | None:
    """One's own; the branch may write down what someone without a telephone says."""
    if (person == actor.person and may_for_self(actor, MARK_SELF)) or may(
        actor, MARK_SELF, organisation.path
    ):
        return None
    return Refusal(
        "pledges.not_your_mark", _("自评由本人作出"), remedy=_("请由本人填写，或由支部代录"),
        who=_("本人，或支部书记、支部委员"),
    )  # fmt: skip


def not_oneself(actor: Actor, people: Iterable[int]) -> Refusal | None:
    """Nobody gives the group's or the branch's mark to themselves."""
    if actor.person is None or actor.person not in set(people):
        return None
    return Refusal(
        "pledges.own_mark", _("自己的小组评、支部评不能由自己填写"), remedy=_("请由其他支部委员或上级党组织填写"),
        who=_("其他支部委员，或上级党组织"),
    )  # fmt: skip


def sees_year(actor: Actor, organisation: Organisation, person: int) -> bool:
    """Whose year on one page: one's own; of others the committee of the branch and those above."""
    return actor.person == person or sees_marks(actor, organisation)


def sees_marks(actor: Actor, organisation: Organisation) -> bool:
    """The committee of the branch, and those above."""
    return may(actor, MARK_BRANCH, organisation.path) or may(actor, OVERSEE, organisation.path)


def sees_all(actor: Actor, organisation: Organisation) -> bool:
    """Who has not pledged is seen by the committee and above; members see what was promised."""
    return may(actor, PUBLISH, organisation.path) or may(actor, OVERSEE, organisation.path)
