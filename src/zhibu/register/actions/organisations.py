"""Acts on the tree: setting up, renaming, moving, dissolving, and the terms of office of committees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.calendar import add_months
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.record.past import instant
from zhibu.register import names, policies, tree
from zhibu.register.limits import limit
from zhibu.register.models import (
    BRANCH_KINDS,
    Membership,
    MobileSpell,
    Organisation,
    OrganisationKind,
    Person,
    Placement,
    Post,
    PostKind,
    Term,
    UnitType,
)
from zhibu.ui.doors import Stale

EDITED = ("name", "short_name", "code", "kind", "unit_type", "founded_on", "can_approve")
BEFORE_ALL = date(1921, 7, 1)
"""For a placement that nobody dated: before it there was no organisation to stand under."""

link_officer: Callable[[Actor, Person, datetime], None] | None = None
"""Gives the sign-in of the one who founds the first organisation its person; set by a room that knows accounts."""


@transaction.atomic
def create_organisation(
    actor: Actor,
    *,
    parent: Organisation,
    name: str,
    kind: str,
    now: datetime,
    unit_type: str = UnitType.OTHER,
    founded_on: date | None = None,
    short_name: str = "",
    code: str = "",
) -> Organisation:
    """Set up an organisation below another. Without `founded_on` it counts as having always existed."""
    # the superior's row is locked: two set up at once must not get the same place
    parent = Organisation.objects.select_for_update().get(pk=parent.pk)
    refuse_if(
        policies.must_hold(actor, "register.create_organisation", parent),
        policies.must_be_open(parent),
        policies.may_stand_below(kind, parent),
        _name_taken(name, parent),
        _code_taken(code),
    )
    created = _create(parent, name, kind, unit_type, founded_on, short_name, code, known_at=instant(now))
    record.write(
        actor, "register.create_organisation", created,
        organisation=created, now=now, name=name, kind=kind, unit_type=unit_type, founded_on=founded_on, parent=parent.pk,
    )  # fmt: skip
    return created


def _create(
    parent: Organisation | None,
    name: str,
    kind: str,
    unit_type: str,
    founded_on: date | None,
    short_name: str,
    code: str,
    *,
    known_at: int,
) -> Organisation:
    (path,) = tree.free_paths(parent)
    pinyin, initials = names.organisation_pinyin(name)
    return Organisation.objects.create(
        code=code or tree.codes_for(parent, [path])[0], name=name, short_name=short_name, kind=kind,
        unit_type=unit_type, parent=parent, path=path, founded_on=founded_on, pinyin=pinyin, initials=initials,
        can_approve=int(kind == OrganisationKind.PRIMARY_COMMITTEE), known_at=known_at,
    )  # fmt: skip


def _name_taken(name: str, parent: Organisation | None, but: int = 0) -> Refusal | None:
    same = Organisation.objects.filter(parent=parent, name=name, closed_on=None).exclude(pk=but)
    if not same.exists():
        return None
    return Refusal(
        "name_taken",
        _("“{name}”已经在这里了。"),
        {"name": name},
        remedy=_("请换一个能区分的名称，或打开已有的组织。"),
    )


def _code_taken(code: str, but: int = 0) -> Refusal | None:
    if not code or not Organisation.objects.filter(code=code).exclude(pk=but).exists():
        return None
    return Refusal(
        "code_taken", _("编码 {code} 已被使用。"), {"code": code}, remedy=_("请换一个编码，或留空自动编码。")
    )


@transaction.atomic
def edit_organisation(
    actor: Actor,
    *,
    organisation: Organisation,
    version: int,
    changes: dict[str, Any],
    today: date,
    now: datetime,
) -> Organisation:
    """Correct what the register says of an organisation. A new name is kept with its day; the old one is not lost.

    Raises Stale when somebody else changed it since `version` was read.
    """
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if current.version != version:
        raise Stale(_difference(current, changes))
    changed = {
        name: value for name, value in changes.items() if name in EDITED and getattr(current, name) != value
    }
    if not changed:
        return current
    refuse_if(
        policies.must_hold(actor, "register.edit_organisation", current),
        policies.may_stand_below(changed["kind"], current.parent) if "kind" in changed else None,
        _name_taken(changed["name"], current.parent, current.pk) if "name" in changed else None,
        _code_taken(changed.get("code", ""), current.pk),
        policies.not_in_future(changed.get("founded_on"), today, _("成立日期")),
    )
    if "name" in changed:
        _place(current, today)
        current.pinyin, current.initials = names.organisation_pinyin(changed["name"])
    was = {name: getattr(current, name) for name in changed}
    for name, value in changed.items():
        setattr(current, name, value)
    current.version, current.known_at = current.version + 1, instant(now)
    current.save()
    record.write(
        actor, "register.edit_organisation", current, organisation=current, now=now, was=was, now_is=changed
    )
    return current


def _difference(current: Any, changes: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (str(current._meta.get_field(name).verbose_name), getattr(current, name), value)
        for name, value in changes.items()
        if hasattr(current, name) and getattr(current, name) != value
    ]


def _place(organisation: Organisation, today: date) -> None:
    """Close what the organisation's place and name were until today."""
    last = organisation.placements.filter(until=None).first()
    if last is not None:
        last.until = today
        last.save(update_fields=["until"])
        return
    Placement.objects.create(
        organisation=organisation, parent_id=organisation.parent_id, name=organisation.name,
        since=organisation.founded_on or BEFORE_ALL, until=today,
    )  # fmt: skip


@transaction.atomic
def move_organisation(
    actor: Actor, *, organisation: Organisation, parent: Organisation, reason: str, today: date, now: datetime
) -> Organisation:
    """Put an organisation, with everything below it, under another superior; where it stood is kept with its days."""
    refuse_if(
        policies.must_hold(actor, "register.move_organisation", organisation),
        policies.must_hold(actor, "register.move_organisation", parent),
        policies.must_be_open(parent),
        policies.may_stand_below(organisation.kind, parent),
    )
    Organisation.objects.select_for_update().filter(pk__in=[organisation.pk, parent.pk]).count()
    organisation.refresh_from_db()
    low, end = tree.subtree(organisation)
    if low <= parent.path < end:
        raise Refused(
            Refusal("below_itself", _("不能移到自己或自己的下级下面。"), remedy=_("请选择另一个上级组织。"))
        )
    if organisation.parent_id == parent.pk:
        raise Refused(Refusal("already_there", _("已经在“{name}”下面。"), {"name": parent.name}))
    refuse_if(_name_taken(organisation.name, parent, organisation.pk))
    was = organisation.path
    _place(organisation, today)
    (path,) = tree.free_paths(parent)
    # what is replaced is kept once an instant: of the organisation itself with its old superior and its old path
    known_at = instant(now)
    Organisation.objects.filter(pk=organisation.pk).update(parent=parent, known_at=known_at)
    Organisation.objects.filter(path__gte=low, path__lt=end).update(
        path=Concat(Value(path), Substr("path", len(was) + 1)), version=F("version") + 1, known_at=known_at
    )
    organisation.refresh_from_db()
    Placement.objects.create(organisation=organisation, parent=parent, name=organisation.name, since=today)
    record.write(
        actor, "register.move_organisation", organisation, organisation=organisation, now=now,
        was=was, path=path, parent=parent.pk, reason=reason,
    )  # fmt: skip
    return organisation


@transaction.atomic
def close_organisation(
    actor: Actor, *, organisation: Organisation, closed_on: date, reason: str, today: date, now: datetime
) -> Organisation:
    """Dissolve an organisation from a day on. Its people must have gone elsewhere before; its record stays."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    below = Organisation.objects.filter(parent=organisation, closed_on=None)
    groups = below.filter(kind=OrganisationKind.PARTY_GROUP)
    refuse_if(
        policies.must_hold(actor, "register.close_organisation", organisation),
        policies.must_be_open(organisation),
        policies.not_in_future(closed_on, today, _("撤销日期")),
        policies.not_before(closed_on, organisation.founded_on, _("撤销日期"), _("成立日期")),
        _still(Membership.objects.filter(Q(organisation=organisation) | Q(party_group=organisation), until=None).count(),
               "people_left", _("还有 {count} 人的组织关系在这里。"), _("请先把他们转到其他党支部。")),
        _still(below.exclude(kind=OrganisationKind.PARTY_GROUP).count(),
               "organisations_left", _("下面还有 {count} 个党组织。"), _("请先撤销或移走下级党组织。")),
    )  # fmt: skip
    involved, known_at = [organisation.pk, *groups.values_list("pk", flat=True)], instant(now)
    Post.objects.filter(organisation__in=involved, until=None).update(until=closed_on, known_at=known_at)
    MobileSpell.objects.filter(organisation=organisation, until=None).update(until=closed_on)
    Term.objects.filter(organisation=organisation, ended_on=None).update(
        ended_on=closed_on, known_at=known_at
    )
    Organisation.objects.filter(pk__in=involved).update(
        closed_on=closed_on, version=F("version") + 1, known_at=known_at
    )
    record.write(
        actor, "register.close_organisation", organisation, organisation=organisation, now=now,
        closed_on=closed_on, reason=reason,
    )  # fmt: skip
    organisation.refresh_from_db()
    return organisation


def _still(count: int, code: str, message: str, remedy: str) -> Refusal | None:
    return Refusal(code, message, {"count": count}, remedy=remedy) if count else None


@transaction.atomic
def record_term(
    actor: Actor,
    *,
    organisation: Organisation,
    elected_on: date,
    seats: int,
    today: date,
    now: datetime,
    number: int | None = None,
    shifted_to: date | None = None,
) -> Term:
    """Record an election: a new term of office begins and the one before ends. Its length is the rulebook's."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    last = Term.objects.filter(organisation=organisation).order_by("-elected_on").first()
    refuse_if(
        policies.must_hold(actor, "register.record_term", organisation),
        policies.must_be_open(organisation),
        policies.not_in_future(elected_on, today, _("选举日期")),
        policies.not_before(elected_on, organisation.founded_on, _("选举日期"), _("成立日期")),
        policies.not_before(
            elected_on,
            date.fromordinal(last.elected_on.toordinal() + 1) if last else None,
            _("选举日期"),
            _("上一届选举的次日"),
        ),
    )
    expires_on = add_months(elected_on, 12 * years_of_term(organisation, elected_on))
    refuse_if(*_shift(shifted_to, expires_on, elected_on))
    known_at = instant(now)
    Term.objects.filter(organisation=organisation, ended_on=None).update(
        ended_on=elected_on, known_at=known_at
    )
    term = Term.objects.create(
        organisation=organisation, number=number or (last.number + 1 if last else 1), elected_on=elected_on,
        expires_on=expires_on, shifted_to=shifted_to, valid_until=shifted_to or expires_on, seats=seats,
        known_at=known_at,
    )  # fmt: skip
    record.write(
        actor, "register.record_term", term, organisation=organisation, now=now,
        number=term.number, elected_on=elected_on, expires_on=expires_on, shifted_to=shifted_to, seats=seats,
    )  # fmt: skip
    return term


@transaction.atomic
def shift_term(
    actor: Actor, *, organisation: Organisation, shifted_to: date, today: date, now: datetime
) -> Term:
    """Record that the superior has approved another day for the election, within the time the rulebook allows."""
    term = (
        Term.objects.select_for_update()
        .filter(organisation=organisation, ended_on=None)
        .order_by("-elected_on")
        .first()
    )
    if term is None:
        raise Refused(Refusal("no_term", _("没有登记过届次。"), remedy=_("请先登记上次换届。")))
    refuse_if(
        policies.must_hold(actor, "register.shift_term", organisation),
        *_shift(shifted_to, term.expires_on, term.elected_on),
    )
    term.shifted_to = term.valid_until = shifted_to
    term.known_at = instant(now)
    term.save(update_fields=["shifted_to", "valid_until", "known_at"])
    record.write(
        actor, "register.shift_term", term, organisation=organisation, now=now, shifted_to=shifted_to,
        expires_on=term.expires_on,
    )  # fmt: skip
    return term


def years_of_term(organisation: Organisation, day: date) -> int:
    """Years of a term elected on a day: villages and communities have longer ones."""
    name = "term_years_village" if organisation.unit_type == UnitType.COMMUNITY else "term_years"
    # before the first dated row the number that came first is the best that is known
    found = limit(name, day) or limit(name, date.max)
    return found.number if found else 0


def _shift(shifted_to: date | None, expires_on: date, elected_on: date) -> list[Refusal | None]:
    if shifted_to is None:
        return []
    most = limit("term_shift_years", elected_on) or limit("term_shift_years", date.max)
    latest = add_months(expires_on, 12 * most.number) if most else expires_on
    if expires_on <= shifted_to <= latest:
        return []
    return [
        Refusal(
            "shift_too_long", _("换届可延期到 {latest}，不能到 {day}。"), {"latest": latest, "day": shifted_to},
            source=most.document if most else "", article=most.article if most else "",
            remedy=_("请按上级批复的日期填写。"),
        )
    ]  # fmt: skip


@transaction.atomic
def found_first_committee(
    actor: Actor,
    *,
    name: str,
    unit_type: str,
    kind: str,
    officer: str,
    today: date,
    now: datetime,
    mine: bool = True,
) -> tuple[Organisation, Person | None]:
    """The first organisation of an empty installation, and, when a name is given, the person who is its officer.

    An operator holds no right to personal data; whoever links this person to a sign-in holds those of the post.
    `mine`: that is who founds it; otherwise somebody who gets an account of their own.
    """
    refuse_if(
        _still(
            Organisation.objects.count(),
            "not_empty",
            _("已有 {count} 个党组织，不能再建第一个。"),
            _("请在“组织”里新建下级组织。"),
        ),
        policies.may_stand_below(kind, None),
    )
    known_at = instant(now)
    organisation = _create(None, name, kind, unit_type, None, "", "", known_at=known_at)
    person = None
    if officer:
        pinyin, initials = names.person_pinyin(officer)
        person = Person.objects.create(name=officer, pinyin=pinyin, initials=initials)
        at_branch = kind in BRANCH_KINDS
        Post.objects.create(
            organisation=organisation, person=person, since=today, known_at=known_at,
            kind=PostKind.SECRETARY if at_branch else PostKind.COMMITTEE_OFFICER, in_committee=int(at_branch),
        )  # fmt: skip
        if mine and link_officer is not None:
            link_officer(actor, person, now)
    record.write(
        actor, "register.create_organisation", organisation, organisation=organisation, now=now,
        name=name, kind=kind, unit_type=unit_type, first=True, officer=person.pk if person else None,
    )  # fmt: skip
    return organisation, person
