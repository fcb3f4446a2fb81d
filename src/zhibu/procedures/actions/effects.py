"""What a step changes in the register: one function for each kind of effect, all through the register's own acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import Effect, EffectKind
from zhibu.core.procedure import Attempt, Standing, Taken, done_on, value_of
from zhibu.core.refusal import Refusal, Refused
from zhibu.procedures import policies
from zhibu.procedures.actions import elected
from zhibu.procedures.actions.following import by_own_step
from zhibu.procedures.models import Case
from zhibu.register import actions as register
from zhibu.register.models import (
    COMMITTEE_POSTS,
    Ended,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Post,
    Stage,
    UnitType,
)

STAGES = list(Stage.values)
SINGLE = ("secretary", "committee_secretary", "group_leader")
VERBS: dict[EffectKind, tuple[str, ...]] = {
    EffectKind.SET_STAGE: ("register.change_stage", "register.send_back_stage", "register.join"),
    EffectKind.CHANGE_AFFILIATION: ("register.transfer",),
    EffectKind.SEND_AWAY: ("register.leave",),
    EffectKind.END_MEMBERSHIP: ("register.leave",),
    EffectKind.APPOINT: ("register.appoint", "register.dismiss"),
    EffectKind.DISMISS: ("register.dismiss",),
    EffectKind.RECORD_TERM: ("register.record_term",),
    EffectKind.SHIFT_TERM: ("register.shift_term",),
    EffectKind.OPEN_ORGANISATION: ("register.create_organisation",),
    EffectKind.CLOSE_ORGANISATION: ("register.close_organisation",),
    EffectKind.RENAME_ORGANISATION: ("register.edit_organisation",),
    EffectKind.MOVE_ORGANISATION: ("register.move_organisation",),
    EffectKind.RECORD_MOBILE: ("register.record_mobile",),
    EffectKind.END_MOBILE: ("register.end_mobile",),
}


@dataclass(frozen=True, slots=True)
class Doing:
    """One effect about to be carried out."""

    actor: Actor
    case: Case
    standing: Standing
    taken: Taken
    effect: Effect
    on: date
    today: date
    now: datetime

    def given(self, *names: str) -> Any:
        """The first of the arguments that is written and has a value."""
        for name in names:
            path = self.effect.arguments.get(name)
            found = value_of(self.standing, path, self.taken, self.on) if path else None
            if found is not None and found != "":
                return found
        return None

    def needed(self, *names: str) -> Any:
        """The same; without it the step cannot be taken."""
        found = self.given(*names)
        if found is None:
            raise Refused(
                Refusal(
                    "procedures.effect_incomplete", _("缺少登记所需的“{name}”"), {"name": names[0]},
                    remedy=_("请在本步骤或立项时填写"),
                )
            )  # fmt: skip
        return found

    def lent(self, *places: Organisation | None) -> Actor:
        """The actor with the right this effect needs, where it needs it."""
        return policies.lent(self.actor, VERBS[self.effect.kind], self.case.organisation, *places)

    @property
    def at(self) -> dict[str, Any]:
        """Today and the instant, as the register's acts take them."""
        return {"today": self.today, "now": self.now}


def carry_out(
    actor: Actor,
    case: Case,
    standing: Standing,
    attempt: Attempt,
    *,
    earliest: date | None,
    today: date,
    now: datetime,
) -> list[dict[str, Any]]:
    """Carry out what the step changes; what was done comes back, so that it can be undone.

    It changes on the day the step is done; a step that waited for something does not change before that was there.
    """
    taken = attempt.taken
    usual = min(max(done_on(standing.plan, taken), earliest or date.min), today)
    found: list[dict[str, Any]] = []
    for effect in attempt.effects:
        path = effect.arguments.get("day")
        day = value_of(standing, path, taken, usual) if path else usual
        on = day if isinstance(day, date) else usual
        doing = Doing(actor, case, standing, taken, effect, on, today, now)
        found += [{"does": effect.kind.value, **each} for each in DONE_BY[effect.kind](doing)]
    return found


# ----------------------------------------------------------------------------------------------- persons
def _person(doing: Doing) -> Person:
    pk = doing.given("person") or doing.case.person_id
    found = Person.objects.filter(pk=pk).first() if isinstance(pk, int) else None
    if found is None:
        raise Refused(Refusal("procedures.no_person", _("此事没有写明是谁"), remedy=_("请选择人员")))
    return found


def _set_stage(doing: Doing) -> Iterable[dict[str, Any]]:
    person, stage = _person(doing), doing.effect.value
    spell = Membership.objects.filter(person=person, until=None).first()
    if spell is None:
        actor = doing.lent()
        register.join(
            actor, person=person, organisation=doing.case.organisation, stage=stage, since=doing.on, **doing.at
        )  # fmt: skip
        return [{"person": person.pk, "stage": stage, "was": ""}]
    if spell.stage == stage:
        return []
    forward = STAGES.index(stage) > STAGES.index(spell.stage)
    act = register.change_stage if forward else register.send_back_stage
    act(
        doing.lent(spell.organisation),
        person=person,
        stage=stage,
        since=max(doing.on, spell.since),
        **doing.at,
    )
    return [{"person": person.pk, "stage": stage, "was": spell.stage}]


def _change_affiliation(doing: Doing) -> Iterable[dict[str, Any]]:
    person = _person(doing)
    target = _organisation(doing.needed("organisation", "to", "branch", "target"))
    spell = Membership.objects.filter(person=person, until=None).select_related("organisation").first()
    source = spell.organisation if spell else None
    actor = doing.lent(source, target)
    if source is None:
        stage = doing.given("stage") or Stage.FULL_MEMBER
        lent = policies.lent(actor, ("register.join",), target)
        register.join(
            lent, person=person, organisation=target, stage=str(stage), since=doing.on, remark=_remark(doing), **doing.at
        )  # fmt: skip
    else:
        register.transfer(
            actor, person=person, organisation=target, since=doing.on, remark=_remark(doing), **doing.at
        )  # fmt: skip
    return [{"person": person.pk, "was": source.pk if source else None, "organisation": target.pk}]


def _remark(doing: Doing) -> str:
    return str(doing.given("remark", "letter", "place", "where") or doing.case.title)[:200]


def _send_away(doing: Doing) -> Iterable[dict[str, Any]]:
    return _leave(doing, Ended.AWAY)


def _end_membership(doing: Doing) -> Iterable[dict[str, Any]]:
    return _leave(doing, doing.effect.value or Ended.EXPELLED)


def _leave(doing: Doing, because: str) -> Iterable[dict[str, Any]]:
    person = _person(doing)
    spell = Membership.objects.filter(person=person, until=None).select_related("organisation").first()
    with by_own_step(doing.case):
        register.leave(
            doing.lent(spell.organisation if spell else None), person=person, because=because, until=doing.on,
            remark=_remark(doing), **doing.at,
        )  # fmt: skip
    return [{"person": person.pk, "because": because}]


def _record_mobile(doing: Doing) -> Iterable[dict[str, Any]]:
    person = _person(doing)
    place = str(doing.needed("place", "where", "to"))[:120]
    register.record_mobile(doing.lent(), person=person, place=place, since=doing.on, **doing.at)
    return [{"person": person.pk, "place": place}]


def _end_mobile(doing: Doing) -> Iterable[dict[str, Any]]:
    person = _person(doing)
    register.end_mobile(doing.lent(), person=person, until=doing.on, **doing.at)
    return [{"person": person.pk}]


# ------------------------------------------------------------------------------------------------- posts
def _appoint(doing: Doing) -> Iterable[dict[str, Any]]:
    kind = str(doing.given("post") or doing.effect.value or "committee_member")
    place = (
        _organisation(doing.given("organisation")) if doing.given("organisation") else doing.case.organisation
    )
    actor, made = doing.lent(place), []
    for number, person in enumerate(elected.people(doing.standing, doing.taken, doing.effect, place)):
        # named together, the first is the secretary and the others are deputies
        kind = "deputy_secretary" if number and kind in ("secretary", "deputy_secretary") else kind
        held = list(Post.objects.filter(organisation=place, until=None, kind=kind).select_related("person"))
        if any(each.person_id == person.pk for each in held):
            continue
        for each in held if kind in SINGLE else ():
            register.dismiss(
                actor, post=each, until=max(doing.on, each.since), reason=doing.case.title, **doing.at
            )
        post = register.appoint(
            actor, person=person, organisation=place, kind=kind, since=doing.on,
            duties=str(doing.given("duties") or ""), **doing.at,
        )  # fmt: skip
        made.append({"post": post.pk, "person": person.pk, "kind": kind})
    return made


def _dismiss(doing: Doing) -> Iterable[dict[str, Any]]:
    place, kind = doing.case.organisation, doing.given("post") or doing.effect.value
    held = Post.objects.filter(organisation=place, until=None)
    if kind == "committee":
        held = held.filter(kind__in=COMMITTEE_POSTS)
    elif kind:
        held = held.filter(kind=kind)
    person = doing.given("person") or doing.case.person_id
    if person:
        held = held.filter(person=person)
    actor, ended = doing.lent(place), []
    for post in held:
        register.dismiss(
            actor, post=post, until=max(doing.on, post.since), reason=doing.case.title, **doing.at
        )
        ended.append({"post": post.pk, "person": post.person_id})
    return ended


def _record_term(doing: Doing) -> Iterable[dict[str, Any]]:
    seats = doing.given("seats")
    term = register.record_term(
        doing.lent(), organisation=doing.case.organisation, elected_on=doing.on,
        seats=seats if isinstance(seats, int) else 0, **doing.at,
    )  # fmt: skip
    return [{"term": term.pk}]


def _shift_term(doing: Doing) -> Iterable[dict[str, Any]]:
    until = doing.needed("until", "shifted_to", "to", "day")
    term = register.shift_term(
        doing.lent(), organisation=doing.case.organisation, shifted_to=until, **doing.at
    )
    return [{"term": term.pk}]


# ----------------------------------------------------------------------------------------- organisations
def _organisation(pk: Any) -> Organisation:
    found = Organisation.objects.filter(pk=int(pk)).first() if str(pk).isdigit() else None
    if found is None:
        raise Refused(
            Refusal(
                "procedures.no_organisation",
                _("没有写明党组织"),
                remedy=_("请选择系统内的党组织；系统外的按转出办理"),
            )
        )
    return found


def _open_organisation(doing: Doing) -> Iterable[dict[str, Any]]:
    own = doing.case.organisation
    kind = str(doing.given("kind") or doing.effect.value or OrganisationKind.BRANCH)
    parent = own.parent if own.is_branch and kind != OrganisationKind.PARTY_GROUP else own
    if doing.given("parent"):
        parent = _organisation(doing.given("parent"))
    if parent is None:
        raise Refused(Refusal("procedures.no_superior", _("“{name}”没有上级党组织"), {"name": own.name}))
    unit = str(doing.given("unit_type") or own.unit_type)
    made = register.create_organisation(
        doing.lent(parent), parent=parent, name=str(doing.needed("name")), kind=kind, founded_on=doing.on, now=doing.now,
        unit_type=unit if unit in UnitType.values else UnitType.OTHER,
    )  # fmt: skip
    return [{"organisation": made.pk}]


def _close_organisation(doing: Doing) -> Iterable[dict[str, Any]]:
    given = doing.given("organisation")
    place = _organisation(given) if given else doing.case.organisation
    register.close_organisation(
        doing.lent(place), organisation=place, closed_on=doing.on, reason=doing.case.title, **doing.at
    )
    return [{"organisation": place.pk}]


def _rename_organisation(doing: Doing) -> Iterable[dict[str, Any]]:
    place = Organisation.objects.get(pk=doing.case.organisation_id)
    was = place.name
    register.edit_organisation(
        doing.lent(place), organisation=place, version=place.version, changes={"name": str(doing.needed("name", "to"))},
        **doing.at,
    )  # fmt: skip
    return [{"organisation": place.pk, "was": was}]


def _move_organisation(doing: Doing) -> Iterable[dict[str, Any]]:
    place = Organisation.objects.select_related("parent").get(pk=doing.case.organisation_id)
    parent, was = _organisation(doing.needed("parent", "to")), place.parent_id
    register.move_organisation(
        doing.lent(place, place.parent, parent),
        organisation=place,
        parent=parent,
        reason=doing.case.title,
        **doing.at,
    )
    return [{"organisation": place.pk, "was": was, "parent": parent.pk}]


DONE_BY: dict[EffectKind, Callable[[Doing], Iterable[dict[str, Any]]]] = {
    EffectKind.SET_STAGE: _set_stage,
    EffectKind.CHANGE_AFFILIATION: _change_affiliation,
    EffectKind.SEND_AWAY: _send_away,
    EffectKind.END_MEMBERSHIP: _end_membership,
    EffectKind.APPOINT: _appoint,
    EffectKind.DISMISS: _dismiss,
    EffectKind.RECORD_TERM: _record_term,
    EffectKind.SHIFT_TERM: _shift_term,
    EffectKind.OPEN_ORGANISATION: _open_organisation,
    EffectKind.CLOSE_ORGANISATION: _close_organisation,
    EffectKind.RENAME_ORGANISATION: _rename_organisation,
    EffectKind.MOVE_ORGANISATION: _move_organisation,
    EffectKind.RECORD_MOBILE: _record_mobile,
    EffectKind.END_MOBILE: _end_mobile,
}
