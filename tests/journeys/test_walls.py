"""No one sees outside the own part of the tree: every address, every role, every row, a token in every text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, path

from tests.journeys import walker
from tests.journeys.planted import TODAY, Garden, plant
from tests.journeys.walker import PARAMETERS, Walk, Walker
from zhibu.life.models import Session
from zhibu.ui.doors import door

pytestmark = pytest.mark.django_db
QUICK = ("secretary", "officer_a", "nobody")
EVERYONE = (
    "operator",
    "group_leader", "member", "no_posts",
    "root_officer", "officer_b", "officer_s", "committee_secretary_a", "general_secretary", "committee_member",
    "discipline_officer", "secretary_b", "activist", "probationary", "expired",
)  # fmt: skip
FORM = {
    "reason": "x",
    "field": "id",
    "text": "x",
    "promised": "x",
    "title": "x",
    "minutes": "x",
    "version": "1",
}


@pytest.fixture(scope="module")
def garden(django_db_setup, django_db_blocker) -> Iterator[Garden]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demonstration_day(settings) -> None:
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    cache.clear()


def others(garden: Garden, who: str) -> list[tuple[str, int]]:
    """Rows of a neighbour far away, by what a parameter may call them."""
    far = "S1" if who not in ("officer_s", "probationary") else "A1"
    return [(name, garden.places[far].pk) for name in PARAMETERS] + [
        ("person", garden.people[f"first_{far}"].pk)
    ]


def queries(garden: Garden, who: str) -> list[str]:
    """What is asked of a page: another's rows, a search for another's words, orders, pages and quarters."""
    asked = [f"?{name}={key}" for name, key in others(garden, who)]
    asked += [f"?q={word}" for word in ("q", "-0", "%25", "1380")]
    asked += [f"?sort={name}&page=2" for name in ("name", "-name", "points")]
    return [
        *asked,
        "?quarter=2026Q2",
        "?kind=general_meeting&state=closed",
        "?live=1&order=tree",
        "?show=examinations",
    ]


def test_every_address_every_role(garden):
    """Daily as those who tell most: a secretary, an officer of the committee, and somebody who is not signed in.

    Everyone, every row and every query are walked by the test of a release below.
    """
    walk, started = Walk(garden), time.monotonic()
    if connection.vendor == "postgresql":
        # walls are made of the same queries on either database; PostgreSQL shows what its SQL takes amiss
        one_role(walk, "officer_a", walker.rows_of(garden, 1, of_owners(garden, "A", "A1")), asked=False)
    else:
        for who in ("secretary", "officer_a"):
            rows = walker.rows_of(garden, 1, of_owners(garden, "A", "A1", "A1g", "B1"))
            one_role(walk, who, rows, asked=who == "secretary")
        # whoever is not signed in is sent away before a row is looked for: one of each is enough
        one_role(walk, "nobody", walker.rows_of(garden, 1, of_owners(garden, "A1")), asked=False)
    report(walk, started)


def of_owners(garden: Garden, *codes: str) -> frozenset[str]:
    """A is a committee, A1 a branch of it, A1g a group of that; B1 a branch of a sister committee."""
    return frozenset(garden.places[code].path for code in codes)


def one_role(
    walk: Walk,
    who: str,
    rows: dict[str, list[int]],
    methods: tuple[str, ...] = ("post",),
    *,
    asked: bool = True,
    whole: bool = False,
) -> None:
    """Every address with each method; of pages for no row what is asked beside: what they look for, or all of it."""
    role = Walker(walk, who)
    foreign = dict(others(walk.garden, who))
    data = FORM | {name: str(key) for name, key in foreign.items()}
    data |= dict.fromkeys(("subject", "talker", "chair", "owner", "minute_taker"), data["person"])
    data |= {"party_group": data["group"]}
    for address in walker.addresses(walk.garden, rows):
        with walker.reading() as names:
            role.go("get", address)
            if asked and not address.table and address.verb:
                ask(role, address, queries(walk.garden, who), names, whole=whole)
        for method in methods:
            role.go(method, address, data=data)


def ask(role: Walker, address: walker.Address, left: list[str], names: set[str], *, whole: bool) -> None:
    """A page with the queries it looks for; what one of them makes it look for is asked as well."""
    while now := [each for each in left if whole or not names.isdisjoint(parse_qs(each[1:]))]:
        left = [each for each in left if each not in now]
        for query in now:
            role.go("get", address, query)


@door("life.view")
def _leaking(request: HttpRequest, pk: int) -> HttpResponse:
    """A page as someone might write it in a hurry: any meeting, whoever asks, unescaped, with a style of its own."""
    return HttpResponse(f'<p style="color:red">{Session.objects.get(pk=pk).title}</p>')


@door("register.view")
def _strange(request: HttpRequest, shoe: int) -> HttpResponse:
    return HttpResponse(str(shoe))


def _with(*more: URLPattern) -> type:
    """The platform's addresses and some more."""
    return type("Addresses", (), {"urlpatterns": [*get_resolver("zhibu.project.urls").url_patterns, *more]})


def test_the_walker_finds_a_planted_leak(garden, settings):
    settings.ROOT_URLCONF = _with(path("life/<int:pk>/hurried/", _leaking, name="hurried"))
    walk = Walk(garden)
    role = Walker(walk, "secretary")
    for address in walker.addresses(garden, walker.rows_of(garden, 1)):
        if address.name == "hurried":
            role.go("get", address)
    kinds = {finding.partition(":")[0] for finding in walk.findings}
    assert {"leak", "exists", "unescaped or inline"} <= kinds, walk.findings


def test_a_new_kind_of_address_must_be_declared(garden, settings):
    settings.ROOT_URLCONF = _with(path("register/shoes/<int:shoe>/", _strange, name="strange"))
    with pytest.raises(LookupError, match="shoe"):
        walker.addresses(garden)


@pytest.mark.release
@pytest.mark.parametrize("who", [*QUICK, *EVERYONE])
def test_every_address_every_row_everyone(garden, who):
    """A test for each role, so that the workers share the walk."""
    walk, started = Walk(garden), time.monotonic()
    one_role(walk, who, walker.rows_of(garden), ("head", "post"), whole=True)
    report(walk, started)


def report(walk: Walk, started: float) -> None:
    seconds = time.monotonic() - started
    told = f"{walk.requests} requests in {seconds:.0f} s, {len(walk.tokens_seen)} tokens seen of {len(walk.garden.tokens)}"
    print(f"\n{told}; statuses {dict(walk.statuses)}")
    assert not walk.findings, "\n".join(
        f"{count} x {what}" for what, count in walk.findings.most_common(4000)
    )
