"""Reading people in lists: filters, search by name, initials and part of a telephone number, rows and exports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.register import policies, secrets
from zhibu.register.identity import compact, mask_phone, runs_of
from zhibu.register.models import (
    Membership,
    MobileSpell,
    Organisation,
    Person,
    PhoneToken,
    Post,
    PostKind,
    Sex,
    Stage,
)
from zhibu.register.tree import subtree

AGE_BANDS: dict[str, tuple[int, int]] = {
    "u30": (0, 30), "30": (31, 35), "36": (36, 45), "46": (46, 55), "56": (56, 60), "61": (61, 200),
}  # fmt: skip
"""Bands of the annual report: 30 and below, 31–35, 36–45, 46–55, 56–60, 61 and above. Whole years, both ends in."""

SORTS = {
    "name": ("person__pinyin", "person__name"),
    "branch": ("organisation__path", "party_group__path", "person__pinyin"),
    "stage": ("stage", "person__pinyin"),
    "born_on": ("person__born_on", "person__pinyin"),
    "joined_on": ("person__joined_on", "person__pinyin"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of people is narrowed to; empty means everybody."""

    needle: str = ""
    group: int | None = None
    stage: str = ""
    sex: str = ""
    mobile: bool = False
    band: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the member list."""

    person: int
    name: str
    sex: str
    age: int | None
    branch: int
    branch_name: str
    group_name: str
    stage: str
    joined_on: date | None
    phone_masked: str
    posts: tuple[str, ...]
    mobile: bool

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def sex_label(self) -> str:
        return str(Sex(self.sex).label) if self.sex in ("1", "2") else ""


def person_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Person:
    """A person whose belonging lies where the actor holds the verb, or 404."""
    try:
        return policies.visible_people(actor, verb).get(pk=pk)
    except Person.DoesNotExist:
        raise Http404 from None


def members(
    actor: Actor,
    filters: Filters,
    today: date,
    organisation: Organisation | None = None,
    sort: str = "branch",
    verb: str = policies.VIEW,
) -> QuerySet[Membership, Any]:
    """The open spells the actor may see, filtered and sorted, as named tuples for `member_rows`."""
    return (
        _filtered(actor, filters, today, organisation, verb)
        .order_by(*_order(sort), "pk")
        .values_list(
            "person_id", "person__name", "person__sex", "person__born_on", "organisation_id", "organisation__name",
            "party_group__name", "stage", "person__joined_on", "person__phone_sealed", "pk", "organisation__path", named=True,
        )
    )  # fmt: skip


def _order(sort: str) -> list[str]:
    turned = sort.startswith("-")
    first, *others = SORTS.get(sort.removeprefix("-"), SORTS["branch"])
    return [f"-{first}" if turned else first, *others]


def _filtered(
    actor: Actor, filters: Filters, today: date, organisation: Organisation | None, verb: str
) -> QuerySet[Membership]:
    spells = Membership.objects.filter(policies.belonging(actor, verb), until=None)
    if organisation is not None:
        low, end = subtree(organisation)
        if organisation.kind == "party_group":
            spells = spells.filter(party_group=organisation)
        else:
            spells = spells.filter(organisation__path__gte=low, organisation__path__lt=end)
    if filters.group:
        spells = spells.filter(party_group=filters.group)
    if filters.stage:
        spells = spells.filter(stage=filters.stage)
    if filters.sex:
        spells = spells.filter(person__sex=filters.sex)
    if filters.mobile:
        spells = spells.filter(Exists(MobileSpell.objects.filter(person=OuterRef("person"), until=None)))
    if filters.band in AGE_BANDS:
        spells = spells.filter(person__born_on__range=_born_between(filters.band, today))
    return spells.filter(named_like(filters.needle)) if filters.needle.strip() else spells


def _born_between(band: str, today: date) -> tuple[date, date]:
    """The birth days of those whose age in whole years today lies in a band."""
    youngest, oldest = AGE_BANDS[band]
    return date.fromordinal(_years_before(today, oldest + 1).toordinal() + 1), _years_before(today, youngest)


def _years_before(day: date, years: int) -> date:
    year = max(1, day.year - years)
    return date(year, day.month, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def named_like(needle: str) -> Q:
    """A condition on spells: part of the name, the beginning of pinyin or initials, or four digits of the phone."""
    wanted = compact(needle).lower()
    digits = re.sub(r"\D", "", wanted)
    if digits and len(digits) == len(wanted.replace("-", "")):
        return _phone_like(digits)
    if wanted.isascii() and wanted.isalpha():
        begins = Q()
        for column in ("person__initials", "person__pinyin"):
            begins |= Q(**{f"{column}__startswith": wanted}) | Q(**{f"{column}__contains": f" {wanted}"})
        return begins
    return Q(person__name__contains=compact(needle))


def _phone_like(digits: str) -> Q:
    if len(digits) < secrets.RUN:
        return Q(pk__in=[])
    condition = Q()
    for run in runs_of(digits, secrets.RUN):
        token = secrets.phone_tokens(run)[0]
        condition &= Q(Exists(PhoneToken.objects.filter(person=OuterRef("person"), token=token)))
    return condition


def member_rows(rows: Iterable[Any], today: date) -> list[MemberRow]:
    """Rows of a page with their posts and mobile marks: two queries for all of them."""
    rows = list(rows)
    people = [row.person_id for row in rows]
    posts = posts_of(people)
    mobile = set(
        MobileSpell.objects.filter(person__in=people, until=None).values_list("person_id", flat=True)
    )
    return [
        MemberRow(
            person=row.person_id, name=row.person__name, sex=row.person__sex, age=age_on(row.person__born_on, today),
            branch=row.organisation_id, branch_name=row.organisation__name, group_name=row.party_group__name or "",
            stage=row.stage, joined_on=row.person__joined_on,
            phone_masked=mask_phone(secrets.open_phone(row.person__phone_sealed)),
            posts=tuple(posts.get(row.person_id, ())), mobile=row.person_id in mobile,
        )
        for row in rows
    ]  # fmt: skip


def posts_of(people: Sequence[int]) -> dict[int, list[str]]:
    """The words for the posts each of these people holds."""
    labels = dict(PostKind.choices)
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(people), 500):
        held = Post.objects.filter(person__in=people[start : start + 500], until=None).order_by("kind")
        for person, kind, duties in held.values_list("person_id", "kind", "duties"):
            named = (
                duties
                if kind == PostKind.COMMITTEE_MEMBER and duties.endswith("委员")
                else str(labels[PostKind(kind)])
            )
            found[person].append(named)
    return found


def age_on(born_on: date | None, today: date) -> int | None:
    """Whole years of age."""
    if born_on is None:
        return None
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def facets(actor: Actor, organisation: Organisation | None, verb: str = policies.VIEW) -> dict[str, Any]:
    """The Party groups to choose from; none above a branch, where there would be hundreds."""
    if organisation is None or organisation.kind == "primary_committee":
        return {"groups": []}
    groups = policies.visible_organisations(actor, verb).filter(
        parent=organisation, kind="party_group", closed_on=None
    )
    return {"groups": list(groups.order_by("path").values_list("pk", "name"))}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of an exported roster; the numbers still sealed."""

    branch: str
    name: str
    sex: str
    id_sealed: str
    nation: str
    born_on: date | None
    education: str
    stage: str
    joined_on: date | None
    full_since: date | None
    position: str
    phone_sealed: str
    group: str
    posts: str
    mobile: bool
    place: str
    dues_fen: int | None
    note: str


def roster_rows(
    actor: Actor,
    organisation: Organisation,
    filters: Filters,
    today: date,
    verb: str = "register.export_roster",
) -> list[RosterLine]:
    """The roster of an organisation in the order of its branches."""
    spells = _filtered(actor, filters, today, organisation, verb).order_by(*SORTS["branch"], "pk")
    rows = list(
        spells.values_list(
            "person_id", "organisation__name", "person__name", "person__sex", "person__id_sealed", "person__nation",
            "person__born_on", "person__education", "stage", "person__joined_on", "person__full_since",
            "person__position", "person__phone_sealed", "party_group__name", "dues_monthly_fen", "person__note",
        )
    )  # fmt: skip
    people = [row[0] for row in rows]
    posts = posts_of(people)
    places: dict[int, str] = {}
    for start in range(0, len(people), 500):
        away = MobileSpell.objects.filter(person__in=people[start : start + 500], until=None)
        places.update(away.values_list("person_id", "place"))
    return [
        RosterLine(*row[1:13], row[13] or "", "、".join(posts.get(row[0], ())), row[0] in places,
                   places.get(row[0], ""), row[14], row[15])
        for row in rows
    ]  # fmt: skip


def eligible_for(organisation: Organisation) -> list[tuple[int, str, str]]:
    """(id, name, note) of the members from whom a post of this organisation may be filled."""
    spells = Membership.objects.filter(until=None, stage__in=("probationary_member", "full_member"))
    if organisation.kind == "party_group":
        spells = spells.filter(organisation=organisation.parent_id)
    else:
        low, end = subtree(organisation)
        spells = spells.filter(organisation__path__gte=low, organisation__path__lt=end)
    rows = spells.order_by("person__pinyin").values_list("person_id", "person__name", "organisation__name")
    return list(rows[:2000])
