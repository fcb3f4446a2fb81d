"""Undoing what a step changed in the register, where that is possible."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal
from zhibu.procedures import policies
from zhibu.procedures.models import Case, StepTaken
from zhibu.register import actions as register
from zhibu.register.models import MobileSpell, Organisation, Person, Post

UNDOABLE = ("set_stage", "appoint", "record_mobile", "rename_organisation")


def cannot_be_undone(row: StepTaken) -> Refusal | None:
    """What the step changed and cannot be taken back from here."""
    left = [each for each in row.effects if each["does"] not in UNDOABLE or each.get("was") == ""]
    if not left:
        return None
    return Refusal(
        "procedures.effect_stands", _("这一步已经改变了名册（{count} 处），不能直接撤销"), {"count": len(left)},
        remedy=_("请先在名册中改正，再由上级终止此事另行办理"), who=_("上级党组织的党务工作者"),
    )  # fmt: skip


def undo(actor: Actor, case: Case, row: StepTaken, *, reason: str, today: date, now: datetime) -> None:
    """Take back what the step changed, the last first."""
    lent = policies.lent(
        actor,
        ("register.take_back_stage", "register.dismiss", "register.end_mobile", "register.edit_organisation"),
        case.organisation,
    )
    for each in reversed(row.effects):
        _undo_one(lent, each, reason=reason, today=today, now=now)


def _undo_one(actor: Actor, effect: dict[str, Any], *, reason: str, today: date, now: datetime) -> None:
    if effect["does"] == "set_stage":
        person = Person.objects.get(pk=effect["person"])
        register.take_back_stage(actor, person=person, stage=effect["stage"], reason=reason, now=now)
    elif effect["does"] == "appoint":
        post = Post.objects.get(pk=effect["post"])
        if post.until is None:
            register.dismiss(actor, post=post, until=post.since, today=today, now=now, reason=reason)
    elif effect["does"] == "rename_organisation":
        place = Organisation.objects.get(pk=effect["organisation"])
        register.edit_organisation(
            actor,
            organisation=place,
            version=place.version,
            changes={"name": effect["was"]},
            today=today,
            now=now,
        )
    elif spell := MobileSpell.objects.filter(person=effect["person"], until=None).first():
        register.end_mobile(actor, person=spell.person, until=spell.since, today=today, now=now)
