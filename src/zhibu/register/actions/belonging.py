"""Acts on belonging: joining a branch, moving to another, the next stage, the Party group, leaving.

A change closes one spell and opens the next on the same day, so that every past day has one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.record.past import instant
from zhibu.register import policies
from zhibu.register.models import (
    BRANCH_KINDS,
    LEAVING,
    MEMBER_STAGES,
    Began,
    Ended,
    Membership,
    MobileSpell,
    Organisation,
    Person,
    Post,
    Stage,
)

when_moved: Callable[[Actor, Person, Organisation, Organisation, date, datetime], None] | None = None
"""Told within the act that a person moved from one branch to another; set by a room that keeps what goes along."""

when_left: Callable[[Actor, Person, str, date, datetime], None] | None = None
"""Told within the act that a person's belonging ended, with the reason; set by a room that keeps what ends with it."""

STAGES = (Stage.APPLICANT, Stage.ACTIVIST, Stage.PROSPECT, Stage.PROBATIONARY_MEMBER, Stage.FULL_MEMBER)


@transaction.atomic
def join(
    actor: Actor,
    *,
    person: Person,
    organisation: Organisation,
    stage: str,
    since: date,
    today: date,
    now: datetime,
    party_group: Organisation | None = None,
    remark: str = "",
) -> Membership:
    """Register a person who belongs nowhere yet, or no longer, in a branch."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_if(
        policies.must_hold(actor, "register.join", organisation),
        policies.must_be_open(organisation),
        _not_a_branch(organisation),
        policies.not_in_future(since, today, _("起始日期")),
        _elsewhere(person),
        _not_its_group(party_group, organisation),
    )
    spell = Membership.objects.create(
        person=person, organisation=organisation, party_group=party_group, stage=stage, since=since, remark=remark,
        known_at=instant(now),
    )  # fmt: skip
    _record(
        actor, "register.join", spell, now, stage=stage, since=since, group=party_group and party_group.pk
    )
    return spell


def _elsewhere(person: Person) -> Refusal | None:
    if not Membership.objects.filter(person=person, until=None).exists():
        return None
    return Refusal(
        "belongs_already",
        _("{person}的组织关系已在一个党支部。"),
        {"person": person.name},
        remedy=_("请由所在党支部办理转出。"),
    )


def _not_a_branch(organisation: Organisation) -> Refusal | None:
    if organisation.kind in BRANCH_KINDS:
        return None
    return Refusal("not_a_branch", _("“{name}”不是党支部，党员应编入党支部。"), {"name": organisation.name})


def _not_its_group(group: Organisation | None, branch: Organisation) -> Refusal | None:
    if group is None or (group.parent_id == branch.pk and group.closed_on is None):
        return None
    return Refusal("not_its_group", _("“{group}”不是这个党支部的党小组。"), {"group": group.name})


@transaction.atomic
def transfer(
    actor: Actor,
    *,
    person: Person,
    organisation: Organisation,
    since: date,
    today: date,
    now: datetime,
    remark: str = "",
    party_group: Organisation | None = None,
) -> Membership:
    """Move a person's affiliation to another branch of this installation. Posts in the old branch end the same day."""
    spell = _open_spell(person)
    source = spell.organisation
    refuse_if(*_may_transfer(actor, spell, organisation, party_group, since, today))
    following = _follow(
        spell, since, now, Began.TRANSFER, Ended.TRANSFER,
        organisation=organisation, party_group=party_group, remark=remark,
    )  # fmt: skip
    ended = Post.objects.filter(person=person, until=None, organisation__path__startswith=source.path).update(
        until=since, known_at=following.known_at
    )
    MobileSpell.objects.filter(person=person, until=None).update(organisation=organisation)
    values = {
        "was": source.pk,
        "branch": organisation.pk,
        "since": since,
        "posts_ended": ended,
        "remark": remark,
    }
    record.write_many(
        record.Draft(actor, "register.transfer", person, place, now, values)
        for place in (source, organisation)
    )
    if when_moved is not None:
        when_moved(actor, person, source, organisation, since, now)
    return following


def _may_transfer(
    actor: Actor,
    spell: Membership,
    target: Organisation,
    group: Organisation | None,
    since: date,
    today: date,
) -> tuple[Refusal | None, ...]:
    source = spell.organisation
    return (
        policies.must_hold(actor, "register.transfer", source),
        policies.must_hold(actor, "register.transfer", target),
        policies.must_be_open(target),
        _not_a_branch(target),
        policies.not_in_future(since, today, _("转接日期")),
        policies.not_before(since, spell.since, _("转接日期"), _("现在的起始日期")),
        _not_its_group(group, target),
        _same_branch(spell.person, source, target),
    )


def _same_branch(person: Person, source: Organisation, target: Organisation) -> Refusal | None:
    if source.pk != target.pk:
        return None
    return Refusal("same_branch", _("{person}已经在这个党支部。"), {"person": person.name})


@transaction.atomic
def change_stage(
    actor: Actor, *, person: Person, stage: str, since: date, today: date, now: datetime
) -> Membership:
    """Record the next stage from a day on: activist, prospect, probationary member, full member.

    Admission and conversion also set the days from which membership and standing count.
    """
    spell = _open_spell(person)
    refuse_if(
        policies.must_hold(actor, "register.change_stage", spell.organisation),
        policies.not_in_future(since, today, _("日期")),
        policies.not_before(since, spell.since, _("日期"), _("现阶段的起始日期")),
        _not_forward(spell, stage),
    )
    following = _follow(spell, since, now, Began.STAGE, Ended.STAGE, stage=stage)
    days = {Stage.PROBATIONARY_MEMBER: "joined_on", Stage.FULL_MEMBER: "full_since"}
    if stage in days:
        person = Person.objects.select_for_update().get(pk=person.pk)
        setattr(person, days[Stage(stage)], since)
        person.version += 1
        person.save()
    _record(actor, "register.change_stage", following, now, was=spell.stage, stage=stage, since=since)
    return following


def _not_forward(spell: Membership, stage: str) -> Refusal | None:
    if STAGES.index(Stage(stage)) == STAGES.index(Stage(spell.stage)) + 1:
        return None
    labels = dict(Stage.choices)
    return Refusal(
        "stage_not_next",
        _("现在是{now}，下一步不是{stage}。"),
        {"now": labels[Stage(spell.stage)], "stage": labels[Stage(stage)]},
        remedy=_("发展党员逐步进行；登记错误的，请由上级更正。"),
    )


@transaction.atomic
def send_back_stage(
    actor: Actor, *, person: Person, stage: str, since: date, today: date, now: datetime
) -> Membership:
    """Record that someone on the way to admission is at an earlier stage again from a day on, by a decision."""
    spell = _open_spell(person)
    refuse_if(
        policies.must_hold(actor, "register.send_back_stage", spell.organisation),
        policies.not_in_future(since, today, _("日期")),
        policies.not_before(since, spell.since, _("日期"), _("现阶段的起始日期")),
        _not_backward(spell, stage),
    )
    following = _follow(spell, since, now, Began.STAGE, Ended.STAGE, stage=stage)
    _record(actor, "register.send_back_stage", following, now, was=spell.stage, stage=stage, since=since)
    return following


def _not_backward(spell: Membership, stage: str) -> Refusal | None:
    if spell.stage not in MEMBER_STAGES and STAGES.index(Stage(stage)) < STAGES.index(Stage(spell.stage)):
        return None
    return Refusal("stage_not_earlier", _("只有尚未入党的人可以退回到较早的阶段。"))


@transaction.atomic
def take_back_stage(actor: Actor, *, person: Person, stage: str, reason: str, now: datetime) -> Membership:
    """Undo a stage that was recorded in error: the stage before holds again as if it had never ended."""
    spell = _open_spell(person)
    before = (
        Membership.objects.select_for_update(of=("self",))
        .filter(person=person, organisation=spell.organisation, until=spell.since, ended_because=Ended.STAGE)
        .exclude(pk=spell.pk)
        .order_by("-since", "-pk")
        .first()
    )
    refuse_if(
        policies.must_hold(actor, "register.take_back_stage", spell.organisation),
        _not_the_last(spell, before, stage),
    )
    if before is None:
        return spell
    days = {Stage.PROBATIONARY_MEMBER: "joined_on", Stage.FULL_MEMBER: "full_since"}
    if spell.stage in days:
        person = Person.objects.select_for_update().get(pk=person.pk)
        setattr(person, days[Stage(spell.stage)], None)
        person.version += 1
        person.save()
    since = spell.since
    spell.delete()
    before.until, before.ended_because, before.known_at = None, "", instant(now)
    before.save(update_fields=["until", "ended_because", "known_at"])
    _record(
        actor, "register.take_back_stage", before, now, was=stage, stage=before.stage, since=since, reason=reason
    )  # fmt: skip
    return before


def _not_the_last(spell: Membership, before: Membership | None, stage: str) -> Refusal | None:
    if before is not None and spell.stage == stage and spell.began_because == Began.STAGE:
        return None
    return Refusal(
        "stage_went_on", _("此后身份或组织关系又有变化，不能撤回。"), remedy=_("请先撤回之后的变化。")
    )


@transaction.atomic
def assign_group(
    actor: Actor, *, person: Person, party_group: Organisation | None, since: date, today: date, now: datetime
) -> Membership:
    """Put a member into a Party group of the branch, or into none, from a day on."""
    spell = _open_spell(person)
    refuse_if(
        policies.must_hold(actor, "register.assign_group", spell.organisation),
        policies.not_in_future(since, today, _("日期")),
        policies.not_before(since, spell.since, _("日期"), _("现在的起始日期")),
        _not_its_group(party_group, spell.organisation),
    )
    if spell.party_group_id == (party_group.pk if party_group else None):
        return spell
    following = _follow(spell, since, now, Began.GROUP, Ended.GROUP, party_group=party_group)
    _record(actor, "register.assign_group", following, now, group=party_group and party_group.pk, since=since)
    return following


@transaction.atomic
def leave(
    actor: Actor, *, person: Person, because: str, until: date, today: date, now: datetime, remark: str = ""
) -> Membership:
    """End a person's belonging: affiliation moved out of this installation, death, expulsion, cancellation."""
    spell = _open_spell(person)
    refuse_if(
        policies.must_hold(actor, "register.leave", spell.organisation),
        policies.not_in_future(until, today, _("日期")),
        policies.not_before(until, spell.since, _("日期"), _("现在的起始日期")),
        None if because in LEAVING else Refusal("reason_unknown", _("请选择离开的原因。")),
    )
    spell.until, spell.ended_because, spell.known_at = until, because, instant(now)
    spell.remark = remark or spell.remark
    spell.save(update_fields=["until", "ended_because", "remark", "known_at"])
    Post.objects.filter(person=person, until=None).update(until=until, known_at=spell.known_at)
    MobileSpell.objects.filter(person=person, until=None).update(until=until)
    _record(actor, "register.leave", spell, now, because=because, until=until, remark=remark)
    if when_left is not None:
        when_left(actor, person, because, until, now)
    return spell


def _open_spell(person: Person) -> Membership:
    spell = (
        Membership.objects.select_for_update(of=("self",))
        .filter(person=person, until=None)
        .select_related("organisation")
        .first()
    )
    if spell is None:
        raise Refused(
            Refusal("belongs_nowhere", _("{person}现在不属于任何党支部。"), {"person": person.name})
        )
    return spell


def _follow(
    spell: Membership, since: date, now: datetime, began: str, ended: str, **changes: Any
) -> Membership:
    """Close a spell on a day and open the next, alike but for the changes."""
    kept: dict[str, Any] = {
        "organisation": spell.organisation,
        "party_group_id": spell.party_group_id,
        "stage": spell.stage,
        "dues_monthly_fen": spell.dues_monthly_fen,
    }
    if "party_group" in changes:
        kept.pop("party_group_id")
    spell.until, spell.ended_because, spell.known_at = since, ended, instant(now)
    spell.save(update_fields=["until", "ended_because", "known_at"])
    return Membership.objects.create(
        person_id=spell.person_id,
        since=since,
        began_because=began,
        known_at=spell.known_at,
        **{**kept, **changes},
    )


def _record(actor: Actor, act: str, spell: Membership, now: datetime, **values: Any) -> None:
    record.write(actor, act, spell.person, organisation=spell.organisation, now=now, **values)
