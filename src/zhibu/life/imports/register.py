"""What the check needs to know of the register, read once for the whole file."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from zhibu.core.authority import Actor, ranges
from zhibu.life import queries
from zhibu.life.models import Session, SessionState
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, Post, Stage
from zhibu.ui.doors import within

Spell = tuple[int, str, bool, date, date | None, int | None]
"""Person, name, votes, since, until, Party group."""


def folded(name: str) -> str:
    """A name of a person or branch as it is compared."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(slots=True)
class Branch:
    """A branch with its people through time."""

    id: int
    code: str
    name: str
    founded_on: date | None
    closed_on: date | None
    members: list[Spell] = field(default_factory=list)
    committee: list[Spell] = field(default_factory=list)
    groups: dict[str, int] = field(default_factory=dict)
    people: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    rolls: dict[tuple[bool, int | None, date], dict[int, bool]] = field(default_factory=dict)

    def roll(self, kind: str, day: date, group: int | None) -> dict[int, bool]:
        """Who was expected on the day, with the right to vote; the same rule as `queries.roll`."""
        of_committee = kind in queries.of_committee()
        place = (of_committee, group, day)
        if place not in self.rolls:
            spells = self.committee if of_committee else self.members
            self.rolls[place] = {
                person: votes
                for person, _name, votes, since, until, in_group in spells
                if since <= day and (until is None or until > day) and (group is None or in_group == group)
            }
        return self.rolls[place]

    def find(self, name: str, roll: dict[int, bool]) -> list[int]:
        """People of the branch with this name; those expected on the day first, if any."""
        people = self.people.get(folded(name), set())
        return sorted(people & roll.keys()) or sorted(people)


class Register:
    """Branches in reach of the actor, by name and code, and what is already entered for them."""

    def __init__(self, actor: Actor) -> None:
        found = within(
            Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, "life.import_meetings"), "path"
        )
        self.branches: dict[int, Branch] = {}
        self.names: dict[str, set[int]] = defaultdict(set)
        for pk, code, name, short, founded, closed in found.values_list(
            "id", "code", "name", "short_name", "founded_on", "closed_on"
        ):
            self.branches[pk] = Branch(pk, code, name, founded, closed)
            for word in {folded(name), folded(short), folded(code)} - {""}:
                self.names[word].add(pk)

    def called(self, name: str) -> list[Branch]:
        """The branches with this name, short name or code."""
        return [self.branches[pk] for pk in sorted(self.names.get(folded(name), ()))]

    def read_people(self, branches: Iterable[int]) -> None:
        """Read members, committee and groups of the branches the file speaks of."""
        wanted = sorted(set(branches))
        members = Membership.objects.filter(organisation__in=wanted).values_list(
            "organisation_id", "person_id", "person__name", "stage", "since", "until", "party_group_id"
        )
        for branch, person, name, stage, since, until, group in members.iterator(2000):
            self.branches[branch].people[folded(name)].add(person)
            if stage in MEMBER_STAGES:
                spell = (person, name, stage == Stage.FULL_MEMBER, since, until, group)
                self.branches[branch].members.append(spell)
        posts = Post.objects.filter(organisation__in=wanted, in_committee=1).values_list(
            "organisation_id", "person_id", "person__name", "since", "until"
        )
        for branch, person, name, since, until in posts.iterator(2000):
            self.branches[branch].people[folded(name)].add(person)
            self.branches[branch].committee.append((person, name, True, since, until, None))
        groups = Organisation.objects.filter(parent__in=wanted, kind="party_group")
        for pk, parent, name in groups.values_list("id", "parent_id", "name"):
            self.branches[parent].groups[folded(name)] = pk

    def entered(
        self, branches: Iterable[int]
    ) -> tuple[set[str], dict[tuple[int, str, date, int | None], str]]:
        """Import keys already used, and the meetings already there by branch, kind, day and group."""
        rows = Session.objects.filter(organisation__in=sorted(set(branches))).exclude(
            state=SessionState.CANCELLED
        )
        keys: set[str] = set()
        meetings: dict[tuple[int, str, date, int | None], str] = {}
        for branch, kind, day, group, key, title in rows.values_list(
            "organisation_id", "kind", "held_on", "party_group_id", "import_key", "title"
        ).iterator(2000):
            if key:
                keys.add(key)
            if day:
                meetings[(branch, kind, day, group)] = title
        return keys, meetings
