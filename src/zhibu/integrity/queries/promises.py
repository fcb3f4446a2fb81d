"""The promises of a year: who signs, who has, who has not. A promise is an undertaking due on the last day of its year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu import record, rulebook
from zhibu.core.norms import PromiseLetter, Signers
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, Post, PostKind
from zhibu.undertakings.models import Undertaking, UndertakingState

KIND = "promise_letter"


@dataclass(frozen=True, slots=True)
class Signer:
    """A person of the branch and the letter of the year. `asked`: whether the rule asks this person to sign."""

    person: int
    name: str
    post: str
    asked: bool
    letter: int | None
    signed_on: date | None

    @property
    def told(self) -> str:
        """The posts, or simply a member."""
        return self.post or str(_("党员"))


def rule() -> PromiseLetter | None:
    """The letter as the rulebook in force words it; None when a deployment has none."""
    return rulebook.load().promise_letter


def of_year(branch: Organisation, year: int) -> QuerySet[Undertaking]:
    """Letters of a year that were not taken back."""
    rows = Undertaking.objects.filter(
        organisation=branch, kind=KIND, due_on__gte=date(year, 1, 1), due_on__lte=date(year, 12, 31)
    )
    return rows.exclude(state=UndertakingState.GIVEN_UP)


def signers(branch: Organisation, year: int, today: date) -> list[Signer]:
    """Committee first, then members, each with the letter of the year; of a year that is over, those of its end."""
    day = min(today, date(year, 12, 31))
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    members = Membership.objects.filter(current, organisation=branch, stage__in=MEMBER_STAGES)
    rows = members.order_by("person__initials", "person_id").values_list("person_id", "person__name")
    posts = seats(branch, day)
    named = dict(rows) | {person: name for person, (name, _kinds, _seat) in posts.items()}
    letters = {row.owner_id: row for row in of_year(branch, year).order_by("id")}
    found = [_signer(person, name, posts, letters) for person, name in named.items()]
    order = list(PostKind.values)
    return sorted(found, key=lambda each: (not each.asked, _place(posts.get(each.person), order)))


def _signer(
    person: int, name: str, posts: dict[int, tuple[str, list[str], bool]], letters: dict[int, Undertaking]
) -> Signer:
    _name, kinds, seat = posts.get(person, ("", [], False))
    letter, found = letters.get(person), rule()
    everyone = found is not None and found.signed_by is Signers.MEMBERS
    told = "、".join(str(PostKind(kind).label) for kind in kinds)
    return Signer(
        person,
        name,
        told,
        seat or everyone,
        letter.pk if letter else None,
        letter.opened_on if letter else None,
    )


def _place(post: tuple[str, list[str], bool] | None, order: list[str]) -> int:
    return min((order.index(kind) for kind in post[1]), default=len(order)) if post else len(order)


def seats(branch: Organisation, day: date) -> dict[int, tuple[str, list[str], bool]]:
    """Who holds posts in the branch on a day: (name, posts in their order, whether with a seat in the committee)."""
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    rows = Post.objects.filter(current, organisation=branch).values_list(
        "person_id", "person__name", "kind", "in_committee"
    )
    order = list(PostKind.values)
    found: dict[int, tuple[str, list[str], bool]] = {}
    for person, name, kind, seat in rows:
        _name, kinds, seated = found.get(person, (name, [], False))
        found[person] = (name, sorted({*kinds, kind}, key=order.index), seated or bool(seat))
    return found


def unsigned(person: int, today: date) -> tuple[int, str, date] | None:
    """(branch, its name, by when) while the letter of this year is asked of the person and not signed; else None."""
    letter = rule()
    if letter is None:
        return None
    year = (date(today.year, 1, 1), date(today.year, 12, 31))
    signed_by = _asked_of_members if letter.signed_by is Signers.MEMBERS else _asked_of_committee
    for branch, name in record.rows(signed_by, person, today, *year):
        return branch, name, letter.sign_by(today.year)
    return None


def _asked_of_members(person: int, today: date, first: date, last: date) -> QuerySet[Any, Any]:
    places = Membership.objects.filter(person=person, stage__in=MEMBER_STAGES)
    return _unsigned(places, person, today, first, last)


def _asked_of_committee(person: int, today: date, first: date, last: date) -> QuerySet[Any, Any]:
    return _unsigned(Post.objects.filter(person=person, in_committee=1), person, today, first, last)


def _unsigned(places: QuerySet[Any], person: int, today: date, first: date, last: date) -> QuerySet[Any, Any]:
    places = places.filter(Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today)))
    signed = Undertaking.objects.filter(owner=person, kind=KIND, due_on__gte=first, due_on__lte=last).exclude(
        state=UndertakingState.GIVEN_UP
    )
    open_ = places.exclude(organisation__in=signed.values("organisation"))
    open_ = open_.filter(organisation__kind__in=BRANCH_KINDS, organisation__closed_on__isnull=True)
    return open_.order_by("-since").values_list("organisation_id", "organisation__name")[:1]
