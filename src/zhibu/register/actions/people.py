"""Acts on a person's file, on mobile spells, and the look at a number that is otherwise masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu import record
from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.register import names, policies, secrets
from zhibu.register.actions.belonging import join
from zhibu.register.identity import NumberFault, read_id, read_phone
from zhibu.register.imports.report import words_for
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, PhoneToken
from zhibu.ui.doors import Stale

EDITED = ("name", "nation", "education", "position", "note", "joined_on", "full_since")
LABELS = {
    "name": gettext_lazy("姓名"),
    "nation": gettext_lazy("民族"),
    "education": gettext_lazy("学历"),
    "position": gettext_lazy("工作岗位"),
    "note": gettext_lazy("备注"),
    "joined_on": gettext_lazy("入党日期"),
    "full_since": gettext_lazy("转正日期"),
}


@transaction.atomic
def add_person(
    actor: Actor,
    *,
    organisation: Organisation,
    name: str,
    id_number: str,
    stage: str,
    since: date,
    today: date,
    now: datetime,
    phone: str = "",
    party_group: Organisation | None = None,
    **details: Any,
) -> Person:
    """Add a person to a branch at a stage since a day. Sex and birth day are read from the ID number."""
    refuse_if(
        policies.must_hold(actor, "register.add_person", organisation), policies.must_be_open(organisation)
    )
    identity = _checked(read_id, id_number)
    digits = _checked(read_phone, phone)
    index = _free_index(identity.number)
    pinyin, initials = names.person_pinyin(name)
    id_sealed, _index = secrets.seal_id(identity.number)
    phone_sealed, phone_index = secrets.seal_phone(digits)
    person = Person.objects.create(
        name=name, pinyin=pinyin, initials=initials, sex=identity.sex, born_on=identity.born_on, id_sealed=id_sealed,
        id_index=index, phone_sealed=phone_sealed, phone_index=phone_index,
        **{key: value for key, value in details.items() if key in EDITED},
    )  # fmt: skip
    _index_phone(person, digits)
    record.write(
        actor, "register.add_person", person, organisation=organisation, now=now, name=name, stage=stage
    )
    join(
        actor, person=person, organisation=organisation, stage=stage, since=since, party_group=party_group,
        today=today, now=now,
    )  # fmt: skip
    return person


def _free_index(number: str) -> str:
    index = secrets.id_index(number)
    if Person.objects.filter(id_index=index).exists():
        # whether and where the person is registered elsewhere is not this actor's to know
        raise Refused(_spoken("id_elsewhere"))
    return index


def _checked(read: Any, value: str) -> Any:
    try:
        return read(value)
    except NumberFault as fault:
        raise Refused(_spoken(fault.code)) from None


def _spoken(code: str) -> Refusal:
    message, remedy = words_for(code, {})
    return Refusal(code, message, remedy=remedy)


def _index_phone(person: Person, digits: str) -> None:
    PhoneToken.objects.filter(person=person).delete()
    PhoneToken.objects.bulk_create(
        [PhoneToken(person=person, token=token) for token in secrets.phone_tokens(digits)]
    )


@transaction.atomic
def edit_person(
    actor: Actor,
    *,
    person: Person,
    version: int,
    changes: dict[str, Any],
    now: datetime,
    phone: str | None = None,
) -> Person:
    """Correct a file. `phone` None leaves the number, an empty text removes it. Raises Stale on an older `version`."""
    current = Person.objects.select_for_update().get(pk=person.pk)
    place = place_of(current)
    refuse_if(policies.must_hold(actor, "register.edit_person", place) if place else None)
    _refuse_stale(current, version, changes)
    was = {
        key: getattr(current, key)
        for key, new in changes.items()
        if key in EDITED and getattr(current, key) != new
    }
    for key in was:
        setattr(current, key, changes[key])
    digits = None if phone is None else _checked(read_phone, phone)
    phone_changed = digits is not None and secrets.phone_index(digits) != current.phone_index
    if not was and not phone_changed:
        return current
    refuse_if(_conversion(current))
    if "name" in was:
        current.pinyin, current.initials = names.person_pinyin(current.name)
    if phone_changed and digits is not None:
        current.phone_sealed, current.phone_index = secrets.seal_phone(digits)
        _index_phone(current, digits)
    current.version += 1
    current.save()
    record.write(
        actor, "register.edit_person", current, organisation=place, now=now,
        was=was, now_is={key: changes[key] for key in was}, phone=phone_changed,
    )  # fmt: skip
    return current


def _refuse_stale(current: Person, version: int, changes: dict[str, Any]) -> None:
    if current.version != version:
        raise Stale(
            [
                (str(LABELS[key]), getattr(current, key) or "", value or "")
                for key, value in changes.items()
                if key in LABELS and getattr(current, key) != value
            ]
        )


def _conversion(person: Person) -> Refusal | None:
    if person.joined_on and person.full_since and person.full_since < person.joined_on:
        return _spoken("converted_before_joined")
    return None


def place_of(person: Person) -> Organisation | None:
    """The branch a person belongs to now, or belonged to last."""
    spells = Membership.objects.filter(person=person).select_related("organisation").order_by("-since", "-id")
    spell = next((each for each in spells if each.until is None), None) or spells.first()
    return spell.organisation if spell else None


@transaction.atomic
def reveal(actor: Actor, *, person: Person, field: str, reason: str, now: datetime) -> str:
    """The clear ID number (`id`) or telephone number (`phone`) of a person; who looked and why is recorded first."""
    place = place_of(person)
    own = actor.person is not None and actor.person == person.pk
    if not own:
        if place is None or not may(actor, "register.reveal", place.path):
            raise Refused(
                Refusal("not_permitted", _("您的职务不能查看完整号码。"), who=_("该党支部的书记或组织委员"))
            )
        if not reason.strip():
            raise Refused(
                Refusal(
                    "reason_missing",
                    _("查看完整号码要写明用途。"),
                    remedy=_("请填写用途，如“办理组织关系转接”。"),
                )
            )
    record.write(
        actor,
        "register.reveal",
        person,
        organisation=place,
        now=now,
        field=field,
        reason=reason.strip(),
        own=own,
    )
    return secrets.open_id(person.id_sealed) if field == "id" else secrets.open_phone(person.phone_sealed)


@transaction.atomic
def record_mobile(
    actor: Actor, *, person: Person, place: str, since: date, today: date, now: datetime
) -> MobileSpell:
    """Record that a member works away from the branch since a day."""
    organisation = _branch_of(person)
    current = MobileSpell.objects.filter(person=person, until=None).first()
    refuse_if(
        policies.must_hold(actor, "register.record_mobile", organisation),
        policies.not_in_future(since, today, _("外出日期")),
        Refusal("already_mobile", _("{person}已经登记为流动党员（{place}）。"), {"person": person.name, "place": current.place},
                remedy=_("请先登记返回，再登记新的外出。")) if current else None,
    )  # fmt: skip
    spell = MobileSpell.objects.create(person=person, organisation=organisation, place=place, since=since)
    record.write(
        actor, "register.record_mobile", person, organisation=organisation, now=now, place=place, since=since
    )
    return spell


@transaction.atomic
def end_mobile(actor: Actor, *, person: Person, until: date, today: date, now: datetime) -> MobileSpell:
    """Record that a mobile member has come back: `until` is the first day back."""
    organisation = _branch_of(person)
    current = MobileSpell.objects.select_for_update().filter(person=person, until=None).first()
    if current is None:
        raise Refused(Refusal("not_mobile", _("{person}没有登记为流动党员。"), {"person": person.name}))
    refuse_if(
        policies.must_hold(actor, "register.end_mobile", organisation),
        policies.not_in_future(until, today, _("返回日期")),
        policies.not_before(until, current.since, _("返回日期"), _("外出日期")),
    )
    current.until = until
    current.save(update_fields=["until"])
    record.write(actor, "register.end_mobile", person, organisation=organisation, now=now, until=until)
    return current


def _branch_of(person: Person) -> Organisation:
    spell = Membership.objects.filter(person=person, until=None).select_related("organisation").first()
    if spell is None:
        raise Refused(
            Refusal("belongs_nowhere", _("{person}现在不属于任何党支部。"), {"person": person.name})
        )
    return spell.organisation
