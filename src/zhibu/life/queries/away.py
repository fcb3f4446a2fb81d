"""Members away from the branch: where they are, when they were last reached, and what the rule asks now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.calendar import add_months
from zhibu.life import policies
from zhibu.life.limits import Limit, limit
from zhibu.life.models import Attendance, AttendanceState, Talk
from zhibu.life.models.missing import MakeUp, MakeUpState, Voice, VoiceKind
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.record import vault
from zhibu.register.models import MobileSpell, Organisation
from zhibu.ui import formats

SEALED = "zb_mobile_card.contact"


@dataclass(frozen=True, slots=True)
class Away:
    """A member away: since when and where, last reached when and how, by when again.

    `standing`: fresh, due (the rule's cadence is over), searching (tried in vain since), lost (the months of the rule
    for suspension are over). A standing proposes; nothing happens by itself.
    """

    spell: int
    person: int
    name: str
    branch: int
    branch_name: str
    place: str
    since: date
    card: MobileCard | None
    reached_on: date | None
    tried_on: date | None
    due_on: date | None
    lost_on: date | None
    standing: str

    @property
    def mark(self) -> tuple[str, str]:
        """The standing in words with its tone."""
        day = formats.day(self.due_on) if self.due_on else ""
        return {
            "fresh": (_("%(day)s前再联系") % {"day": day}, "open") if day else (_("有联系"), "open"),
            "due": (_("该联系了"), "soon"),
            "searching": (_("没联系上，继续查找"), "overdue"),
            "lost": (_("失去联系已满规定月数"), "overdue"),
        }[self.standing]


def away_in(actor: Actor, today: date, *, branch: Organisation | None = None, city: str = "") -> list[Away]:
    """Members away from branches where the actor records contacts, the longest unreached first."""
    if branch is not None and not record.rows(_spells, branch.pk):
        return []
    rows = policies.visible_to(actor, MobileSpell.objects.filter(until__isnull=True), "life.record_contact")
    if branch is not None:
        rows = rows.filter(organisation=branch)
    found = _away(rows, today)
    if city:
        found = [each for each in found if each.card is not None and each.card.city == city]
    order = {"lost": 0, "searching": 1, "due": 2, "fresh": 3}
    return sorted(found, key=lambda each: (order[each.standing], each.reached_on or each.since, each.person))


def away_of(person: int | None, today: date) -> Away | None:
    """One's own spell away."""
    if person is None:
        return None
    return next(iter(_away(MobileSpell.objects.filter(until__isnull=True, person_id=person), today)), None)


def spell_for(actor: Actor, pk: int, verb: str = "life.record_contact") -> MobileSpell:
    """A running spell of a branch in reach, or one's own; 404 otherwise."""
    rows = MobileSpell.objects.filter(until__isnull=True, pk=pk).select_related("organisation", "person")
    found = policies.visible_to(actor, rows, verb).first()
    if found is None and actor.person is not None and verb == "life.keep_card":
        found = rows.filter(person=actor.person).first()
    if found is None:
        raise Http404(pk)
    return found


def _spells(branch: int) -> QuerySet[Any, Any]:
    return MobileSpell.objects.filter(until__isnull=True, organisation=branch).values_list("pk")[:1]


def _away(rows: QuerySet[Any, Any], today: date) -> list[Away]:
    spells = list(rows.select_related("person", "organisation").order_by("id"))
    if not spells:
        return []
    cards = {
        card.spell_id: card for card in MobileCard.objects.filter(spell__in=spells).select_related("keeper")
    }
    people = [spell.person_id for spell in spells]
    reached, tried = last_reached(people), _latest(Contact.objects.filter(person__in=people), "held_on")
    return [
        _one(spell, cards.get(spell.pk), reached.get(spell.person_id), tried.get(spell.person_id), today)
        for spell in spells
    ]


def last_reached(people: Iterable[int]) -> dict[int, date]:
    """When each was last heard of: a contact that reached, a meeting attended, one made up, a talk, a voice.

    Signing in is no contact: nobody is watched by it.
    """
    who = list(people)
    found: dict[int, date] = {}
    for rows, column in (
        (Contact.objects.filter(person__in=who, reached=1), "held_on"),
        (Attendance.objects.filter(person__in=who, state=AttendanceState.PRESENT), "held_on"),
        (MakeUp.objects.filter(person__in=who).exclude(state=MakeUpState.RETURNED), "done_on"),
        (Talk.objects.filter(person__in=who), "held_on"),
        (Voice.objects.filter(person__in=who), "sent_on"),
    ):
        for person, day in _latest(rows, column).items():
            found[person] = max(day, found.get(person, day))
    return found


def _latest(rows: QuerySet[Any, Any], column: str) -> dict[int, date]:
    return dict(rows.order_by().values_list("person_id").annotate(day=Max(column)))


def _one(
    spell: MobileSpell, card: MobileCard | None, reached: date | None, tried: date | None, today: date
) -> Away:
    last = max(spell.since, reached) if reached else spell.since
    every = cadence(today, abroad=bool(card and card.abroad))
    lost = limit("lost_contact_months", today)
    due = add_months(last, every.number) if every else None
    lost_on = add_months(last, lost.number) if lost else None
    if lost_on is not None and today >= lost_on:
        standing = "lost"
    elif due is not None and today > due:
        standing = "searching" if tried is not None and tried > last else "due"
    else:
        standing = "fresh"
    return Away(
        spell.pk, spell.person_id, spell.person.name, spell.organisation_id, spell.organisation.name, spell.place,
        spell.since, card, reached, tried, due, lost_on, standing,
    )  # fmt: skip


def cadence(today: date, *, abroad: bool) -> Limit | None:
    """How often the rule asks for contact."""
    return limit("abroad_contact_months" if abroad else "mobile_contact_months", today)


def contacts_of(person: int) -> list[Contact]:
    """The contact log of a member, newest first."""
    return list(Contact.objects.filter(person_id=person).order_by("-held_on", "-id")[:50])


def contact_told(card: MobileCard | None) -> str:
    """How a member away is reached, opened for whoever may see it."""
    return vault.open_sealed(card.contact_sealed, SEALED) if card is not None and card.contact_sealed else ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another member away in the same city, who agreed to be found."""

    name: str
    branch: str
    contact: str


def neighbours(card: MobileCard | None) -> list[Neighbour]:
    """Members away in the same city, of any branch, who agreed to be found; for who agreed themselves, nobody else."""
    if card is None or not card.city or not card.shares:
        return []
    rows = MobileCard.objects.filter(city=card.city, shares=1, spell__until__isnull=True).exclude(pk=card.pk)
    found = rows.select_related("person", "organisation").order_by("person__initials", "id")
    return [Neighbour(each.person.name, each.organisation.name, contact_told(each)) for each in found[:100]]


def shared_in(card: MobileCard | None) -> list[Voice]:
    """What members away in the same city saw and share there."""
    if card is None or not card.city or not card.shares:
        return []
    rows = Voice.objects.filter(city=card.city, shared=1, kind=VoiceKind.FINDING)
    return list(rows.select_related("person", "organisation").order_by("-sent_on", "-id")[:30])


def cities(found: Iterable[Away]) -> list[tuple[str, int]]:
    """The cities of these members with how many are there, most first."""
    counts: dict[str, int] = {}
    for each in found:
        if each.card is not None and each.card.city:
            counts[each.card.city] = counts.get(each.card.city, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def city_names() -> list[str]:
    """The cities in use, to choose from."""
    return list(
        MobileCard.objects.exclude(city="").values_list("city", flat=True).distinct().order_by("city")[:200]
    )


def plain_city(text: str) -> str:
    """A city as groups are made by: 广东省深圳市南山区 and 深圳 are one."""
    name = "".join(text.split())
    for ending in ("省", "自治区"):
        _head, found, tail = name.partition(ending)
        if found and tail:
            name = tail
    # 沙市 and 津市 are names of cities themselves
    end = name.find("市", 2)
    return (name[:end] if end > 0 else name)[:40]
