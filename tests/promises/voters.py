"""Many voters at once, for the promises: a ballot with as many people as wanted, and their devices."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.rooms.ballots.voting import Device, public_of, teller_key
from zhibu.ballots import actions, box, queries
from zhibu.ballots.models import Ballot, Official, Voter
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.register.models import Membership, Organisation, Person

NOW = datetime(2026, 7, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG_AGO = NOW.date().replace(year=2015)


@dataclass
class Crowd:
    """A branch, its chair, its people, and a secret vote of theirs."""

    branch: Organisation
    chair: Actor
    people: list[Person]
    ballot: Ballot

    def actor(self, person: Person) -> Actor:
        return Actor(person.pk, person.pk, person.name, ())

    def device(self) -> Device:
        return Device(self.ballot.code, self.ballot.key_modulus)

    def issue(self, person: Person, device: Device | None = None) -> Device:
        device = device or self.device()
        device.take(self.ticket(person, device))
        return device

    def ticket(self, person: Person, device: Device) -> bytes:
        actor = self.actor(person)
        line = queries.line_of(actor, self.ballot.pk)
        return actions.take_ticket(actor, line=line, blinded=device.blinded.message, now=NOW)

    def paper(self, device: Device, marks: str) -> bytes:
        keys = [teller_key(place).public_key() for place in range(2)]
        return device.paper(marks, keys, self.ballot.paper_bytes)

    def refresh(self) -> None:
        self.ballot = Ballot.objects.get(pk=self.ballot.pk)

    def open(self) -> None:
        actions.open_casting(self.chair, ballot=self.ballot, now=NOW)
        self.refresh()

    def close(self) -> None:
        actions.close(self.chair, ballot=self.ballot, now=NOW)
        self.refresh()

    def papers(self) -> list[bytes]:
        return box.papers(self.ballot.code)


def crowd(number: int, rule: str = "admission") -> Crowd:
    """So many full members with a secret vote that issues tickets."""
    branch = Organisation.objects.create(
        code="C", name="大支部", kind="branch", path="0001", founded_on=LONG_AGO
    )
    people = Person.objects.bulk_create(Person(name=f"党员{each:05d}") for each in range(number))
    Membership.objects.bulk_create(
        Membership(person=each, organisation=branch, stage="full_member", since=LONG_AGO, known_at=1)
        for each in people
    )
    mandate = Mandate("secretary", branch.pk, branch.path, frozenset({"ballots.*"}), Reach.OWN)
    chair = Actor(1, people[0].pk, people[0].name, (mandate,))
    ballot = actions.open_ballot(
        chair, organisation=branch, rule=rule, title="表决", way="secret", voted_on=NOW.date(), now=NOW
    )
    for place, duty in enumerate(("teller", "teller", "scrutineer")):
        key = public_of(teller_key(place)) if duty == "teller" else ""
        Official.objects.create(ballot=ballot, person=people[place], duty=duty, key=key)
    actions.start(chair, ballot=ballot, now=NOW)
    return Crowd(branch, chair, people, Ballot.objects.get(pk=ballot.pk))


def shuffled(things: list[Any]) -> list[Any]:
    """The things in an order nobody chose."""
    copy = list(things)
    secrets.SystemRandom().shuffle(copy)
    return copy


def voters_by_issue(ballot: Ballot) -> list[int]:
    return list(Voter.objects.filter(ballot=ballot).order_by("number").values_list("person_id", flat=True))
