"""The people of the tests: Secretary Li, Deputy Wang, Member Zhao and the others, in a small tree of their own.

`township()` makes a committee (0001) with two branches: Mining (00010001, two Party groups, seven seats of committee
when asked) and Depot (00010002). Everybody holds exactly the mandates of the post named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.dues.models import DuesBook, DuesEffect, Voucher
from zhibu.register.models import Membership, Organisation, Person, Post

FOUNDED = date(2010, 1, 1)
JOINED = date(2015, 7, 1)

ALL_OF_A_BRANCH = frozenset(
    {
        "life.*",
        "dues.*",
        "notices.*",
        "undertakings.*",
        "premises.*",
        "production.*",
        "pledges.*",
        "integrity.*",
        "concerns.*",
    }
)
OF_A_GROUP = frozenset(
    f"life.{each}"
    for each in ("view", "plan", "convene", "hold", "record", "edit_minutes", "close_minutes", "cancel")
) | {"undertakings.*"}
OF_AN_OFFICER = frozenset(
    {
        "life.view",
        "life.import_meetings",
        "life.undo_import",
        "dues.view",
        "notices.view",
        "undertakings.view",
        "undertakings.oversee",
        "premises.view",
        "premises.oversee",
        "production.view",
        "production.oversee",
        "concerns.view",
        "concerns.oversee",
        "pledges.view",
        "pledges.oversee",
        "integrity.view",
        "integrity.oversee",
    }
)
OF_A_MEMBER = frozenset(
    {
        "life.view",
        "dues.view",
        "notices.view",
        "undertakings.view",
        "premises.view",
        "production.view",
        "pledges.view",
        "integrity.view",
        "concerns.view",
    }
)


@dataclass
class Township:
    """The tree and who is who in it."""

    committee: Organisation
    mining: Organisation
    depot: Organisation
    first_group: Organisation
    second_group: Organisation
    people: dict[str, Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("actors", {}):
            return self.actors[name]
        raise AttributeError(name)


def organisation(
    code: str, name: str, kind: str, path: str, parent: Organisation | None = None
) -> Organisation:
    return Organisation.objects.create(
        code=code, name=name, short_name="", kind=kind, path=path, parent=parent, founded_on=FOUNDED
    )


def person(
    name: str, initials: str, branch: Organisation, *, stage: str = "full_member", **spell: Any
) -> Person:
    """Someone of a branch since JOINED, or as the spell says."""
    made = Person.objects.create(name=name, initials=initials, pinyin=initials)
    values = {"since": JOINED, "known_at": 1, **spell}
    Membership.objects.create(person=made, organisation=branch, stage=stage, **values)
    return made


def actor(
    who: Person, post: str, place: Organisation, verbs: frozenset[str], reach: Reach = Reach.OWN
) -> Actor:
    mandate = Mandate(post=post, organisation=place.pk, path=place.path, verbs=verbs, reach=reach)
    return Actor(user=who.pk, person=who.pk, name=who.name, mandates=(mandate,))


def township(*, members: int = 0) -> Township:
    """The tree; `members` adds so many more full members to Mining, all in the first Party group."""
    committee = organisation("T", "青山镇党委", "primary_committee", "0001")
    mining = organisation("T-M", "采矿党支部", "branch", "00010001", committee)
    depot = organisation("T-D", "仓储党支部", "branch", "00010002", committee)
    first = organisation("T-M-1", "第一党小组", "party_group", "000100010001", mining)
    second = organisation("T-M-2", "第二党小组", "party_group", "000100010002", mining)
    found = Township(committee, mining, depot, first, second)
    named = found.people
    named["li"] = person("李书记", "lsj", mining, party_group=first)
    named["wang"] = person("王副书记", "wfsj", mining, party_group=first)
    named["zhao"] = person("赵党员", "zdy", mining, party_group=second)
    named["chen"] = person("陈预备", "cyb", mining, stage="probationary_member", party_group=second)
    named["sun"] = person("孙组织员", "szzy", depot)
    named["qian"] = person("钱外人", "qwr", depot)
    named["zhou"] = person("周积极", "zjj", mining, stage="activist", since=date(2025, 1, 1))
    for number in range(members):
        named[f"m{number}"] = person(f"矿工{number:02d}", f"kg{number:02d}", mining, party_group=first)
    for name, kind, place in (
        ("li", "secretary", mining), ("wang", "deputy_secretary", mining), ("zhao", "publicity_officer", mining),
        ("zhao", "group_leader", second), ("qian", "secretary", depot),
    ):  # fmt: skip
        seat = int(kind != "group_leader")
        Post.objects.create(
            person=named[name], organisation=place, kind=kind, in_committee=seat, since=JOINED, known_at=1
        )
    found.actors = {
        "li": actor(named["li"], "secretary", mining, ALL_OF_A_BRANCH),
        "wang": actor(named["wang"], "deputy_secretary", mining, ALL_OF_A_BRANCH),
        "zhao": actor(named["zhao"], "group_leader", second, OF_A_GROUP),
        "chen": actor(named["chen"], "member", mining, OF_A_MEMBER),
        "sun": actor(named["sun"], "committee_officer", committee, OF_AN_OFFICER, Reach.BELOW),
        "qian": actor(named["qian"], "secretary", depot, ALL_OF_A_BRANCH),
    }
    return found


def dues_entry(
    organisation: Organisation,
    month_on: date,
    *,
    due: int = 0,
    received: int = 0,
    in_time: int = 0,
    known_at: int = 0,
    members: int = 0,
) -> DuesEffect:
    """What a voucher did to a month of a branch, with a voucher to belong to: evidence for tests of other rooms."""
    number = Voucher.objects.filter(organisation=organisation).count() + 1
    voucher = Voucher.objects.create(
        organisation=organisation, number=number, kind="opening", book_on=month_on, posted_on=month_on, lines=0,
        total_fen=0, actor_name="test", at=datetime(2026, 1, 1, tzinfo=UTC), known_at=known_at,
    )  # fmt: skip
    DuesBook.objects.update_or_create(organisation=organisation, defaults={"last_number": number})
    return DuesEffect.objects.create(
        voucher=voucher, organisation=organisation, month_on=month_on, charged=1, due_fen=due, received_fen=received,
        in_time_fen=in_time, members_due=members, members_paid=members, known_at=known_at,
    )  # fmt: skip
