"""Who is expected at a meeting: taken from the register as it was on the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from zhibu.core.norms.sessions import Expects
from zhibu.life import kinds
from zhibu.life.models.missing import Exemption
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Post, PostKind, Stage


@dataclass(frozen=True, slots=True)
class Expected:
    """One person of the roll; `votes` for a full member on the day, `exempt` for who need not come."""

    person: int
    name: str
    note: str
    votes: bool
    keys: str = ""
    exempt: bool = False

    @property
    def choice(self) -> tuple[int, str, str, str]:
        """As the people picker wants it."""
        return (self.person, self.name, self.note, self.keys)


def due(expected: Sequence[Expected]) -> int:
    """How many of a roll must come: all but those who need not."""
    return sum(not each.exempt for each in expected)


def of_committee() -> frozenset[str]:
    """The kinds held by the branch committee."""
    return kinds.expecting(Expects.COMMITTEE)


def of_group() -> frozenset[str]:
    """The kinds held by a Party group."""
    return kinds.expecting(Expects.GROUP)


def in_force(day: date) -> Q:
    """Spells that hold on a day; `until` is the first day on which they no longer do."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def roll(
    organisation: Organisation, kind: str, day: date, party_group: Organisation | None = None
) -> list[Expected]:
    """The people expected at a meeting of this kind on this day, in the order of the register.

    Whom the kind expects stands in session_kinds.yaml: the seats of the branch committee; the members of a Party
    group; all members of the branch, probationary members included; those and the activists.
    """
    if kind in of_committee():
        return _committee(organisation, day)
    found = _members(organisation, day, party_group)
    if kind in kinds.expecting(Expects.MEMBERS_AND_ACTIVISTS):
        known = {each.person for each in found}
        found += [each for each in activists(organisation, day) if each.person not in known]
    return found


def _members(organisation: Organisation, day: date, party_group: Organisation | None) -> list[Expected]:
    rows = Membership.objects.filter(in_force(day), organisation=organisation, stage__in=MEMBER_STAGES)
    if party_group is not None:
        rows = rows.filter(party_group=party_group)
    found = rows.order_by("person__initials", "person_id").values_list(
        "person_id", "person__name", "stage", "person__initials", "person__pinyin"
    )
    exempt = exempt_on(organisation, day)
    seen: dict[int, Expected] = {}
    for person, name, stage, initials, pinyin in found:
        stage_told = "" if stage == Stage.FULL_MEMBER else str(Stage(stage).label)
        note = _("可不到会") if person in exempt else stage_told
        full = stage == Stage.FULL_MEMBER
        seen.setdefault(person, Expected(person, name, note, full, f"{pinyin} {initials}", person in exempt))
    return list(seen.values())


def exempt_on(organisation: Organisation, day: date) -> frozenset[int]:
    """Of whom nothing hard is asked on a day: old, gravely ill, unable to move (R-EDU art. 23)."""
    rows = Exemption.objects.filter(in_force(day), organisation=organisation)
    return frozenset(rows.values_list("person_id", flat=True))


def _committee(organisation: Organisation, day: date) -> list[Expected]:
    found = Post.objects.filter(in_force(day), organisation=organisation, in_committee=1)
    rows = found.order_by("id").values_list(
        "person_id", "person__name", "kind", "person__initials", "person__pinyin"
    )
    seen: dict[int, Expected] = {}
    for person, name, kind, initials, pinyin in rows:
        # a seat of the committee is held by full members only, so every one of them votes
        seen.setdefault(
            person, Expected(person, name, str(PostKind(kind).label), True, f"{pinyin} {initials}")
        )
    return list(seen.values())


def groups(organisation: Organisation, day: date) -> list[Organisation]:
    """The Party groups of a branch on a day."""
    found = Organisation.objects.filter(parent=organisation, kind="party_group")
    exists = (Q(founded_on__isnull=True) | Q(founded_on__lte=day)) & (
        Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    )
    return list(found.filter(exists).order_by("path"))


def secretary(organisation: Organisation, day: date) -> int | None:
    """The person who convenes and chairs (branch-regulations art. 14): secretary, else deputy, else group leader."""
    rows = Post.objects.filter(
        in_force(day), organisation=organisation, kind__in=("secretary", "deputy_secretary", "group_leader")
    ).values_list("kind", "person_id")
    by_kind = dict(rows)
    for kind in ("secretary", "deputy_secretary", "group_leader"):
        if kind in by_kind:
            return int(by_kind[kind])
    return None


def activists(organisation: Organisation, day: date) -> list[Expected]:
    """The activists and prospects of a branch on a day: the people talks and examinations are about."""
    rows = Membership.objects.filter(
        in_force(day), organisation=organisation, stage__in=(Stage.ACTIVIST, Stage.PROSPECT)
    ).order_by("person__initials", "person_id")
    return [
        Expected(person, name, str(Stage(stage).label), False, f"{pinyin} {initials}")
        for person, name, stage, initials, pinyin in rows.values_list(
            "person_id", "person__name", "stage", "person__initials", "person__pinyin"
        )
    ]
