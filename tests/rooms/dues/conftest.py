from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.people import Township, actor
from tests.town import big_town, enter, now, town
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Month
from zhibu.dues import actions
from zhibu.register.models import Post

__all__ = ["big_town", "books", "enter", "now", "posted", "town"]

JUNE, JULY = Month(2026, 6), Month(2026, 7)
PAID_ON = date(2026, 6, 20)


def self_mandate(person: Any) -> Actor:
    verbs = frozenset({"dues.view_self", "dues.declare_base", "dues.create_order"})
    return Actor(person.pk, person.pk, person.name, (Mandate("member", 0, "", verbs, Reach.SELF),))


@dataclass
class Books:
    """The township with everybody's base: Li and Wang 5000 yuan, Zhao 5001, Chen a student; and who does what."""

    town: Township
    now: Any
    collector: Actor
    accountant: Actor
    member: Actor

    def collect(self, month: Month = JUNE, people: Any = None, paid_on: date = PAID_ON, **more: Any) -> Any:
        chosen = self.people.values() if people is None else people
        return actions.collect(
            self.collector, organisation=self.town.mining, month=month, people=list(chosen), paid_on=paid_on,
            now=self.now, **more,
        )  # fmt: skip

    @property
    def people(self) -> dict[str, int]:
        return {name: self.town.people[name].pk for name in ("li", "wang", "zhao", "chen")}


@pytest.fixture
def books(town: Any, now: Any) -> Books:
    accountant = actor(
        town.people["sun"], "committee_officer", town.committee, frozenset({"dues.*"}), Reach.BELOW
    )
    found = Books(town, now, town.li, accountant, self_mandate(town.people["chen"]))
    for name, payer, fen in (
        ("li", "monthly_paid", 500_000), ("wang", "monthly_paid", 500_000), ("zhao", "monthly_paid", 500_100),
        ("chen", "student", None),
    ):  # fmt: skip
        declared = actions.Declared(town.people[name].pk, payer, Month(2026, 1), fen)
        base = actions.declare_base(town.wang, organisation=town.mining, declared=declared, now=now)
        if base.confirmed_on is None:
            actions.confirm_bases(town.li, organisation=town.mining, bases=[base.pk], now=now)
    return found


@pytest.fixture
def posted(town: Any) -> Any:
    """Give somebody a post of the register, so that signing in gives the mandates of mandates.yaml."""

    def give(name: str, kind: str, place: Any) -> Any:
        Post.objects.create(
            person=town.people[name], organisation=place, kind=kind, since=date(2020, 1, 1), known_at=1
        )
        return town.people[name]

    return give


@pytest.fixture
def durable(transactional_db: Any, live_server: Any, request: Any) -> Books:
    """The books in a database that other processes see: a file of SQLite (asked for by `live_server`), or PostgreSQL."""
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"].startswith("file:"):
        pytest.skip("a database in memory dies with its process")
    return request.getfixturevalue("books")
