"""Paging by key: every row once, forwards and back, on both databases, whatever is entered meanwhile."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from tests.people import JOINED
from zhibu.register.models import Membership, Organisation, Person
from zhibu.ui import listing

pytestmark = pytest.mark.django_db
ORDERS = (
    ("organisation__path", "party_group__path", "person__pinyin", "pk"),
    ("-person__born_on", "person__pinyin", "pk"),
    ("person__born_on", "-pk"),
    ("-party_group__path", "-person__name", "pk"),
)


@pytest.fixture
def crowd() -> list[Membership]:
    """Sixty people with few different values, many of them empty."""
    chance = random.Random(20260720)
    branches = [
        Organisation.objects.create(
            code=f"B{n}", name=f"第{n}支部", short_name="", kind="branch", path=f"000{n}"
        )
        for n in (1, 2, 3)
    ]
    groups = [
        Organisation.objects.create(
            code=f"G{n}",
            name=f"{n}组",
            short_name="",
            kind="party_group",
            path=f"000{n}0001",
            parent=branches[n - 1],
        )
        for n in (1, 2)
    ]
    return [entered(chance, branches, [*groups, None]) for _ in range(60)]


def entered(
    chance: random.Random, branches: list[Organisation], groups: list[Organisation | None]
) -> Membership:
    pinyin = chance.choice(("zhang san", "li si", "wang wu"))
    born = chance.choice((None, date(1980, 1, 1), date(1990, 5, 5)))
    person = Person.objects.create(name=pinyin, pinyin=pinyin, initials="x", born_on=born)
    return Membership.objects.create(
        person=person, organisation=chance.choice(branches), party_group=chance.choice(groups), stage="full_member",
        since=JOINED, known_at=1,
    )  # fmt: skip


def asked(order: tuple[str, ...], size: int = 7, **query: object) -> listing.Page:
    request = RequestFactory().get("/", {name: str(value) for name, value in query.items() if value})
    return listing.page_of(request, Membership.objects.order_by(*order), size)


def walked(order: tuple[str, ...]) -> list[listing.Page]:
    pages = [asked(order)]
    while pages[-1].has_next:
        pages.append(asked(order, page=pages[-1].number + 1, after=pages[-1].ends))
    return pages


@pytest.mark.parametrize("order", ORDERS)
def test_every_row_once_forwards_and_back_and_by_jumping(crowd, order):
    forwards = walked(order)
    keys = [[row.pk for row in page] for page in forwards]
    assert sorted(key for page in keys for key in page) == sorted(row.pk for row in crowd)
    assert [page.number for page in forwards] == list(range(1, 10))
    back = [forwards[-1]]
    while back[-1].has_previous:
        back.append(asked(order, page=back[-1].number - 1, before=back[-1].begins))
    assert [[row.pk for row in page] for page in back] == keys[::-1]
    assert [[row.pk for row in asked(order, page=n)] for n in range(1, 10)] == keys


@pytest.mark.parametrize("order", ORDERS)
def test_who_is_entered_meanwhile_repeats_nobody_and_hides_nobody(crowd, order):
    chance, seen = random.Random(7), []
    page = asked(order)
    branches = list(Organisation.objects.filter(kind="branch"))
    before = {row.pk for row in crowd}
    while True:
        seen += [row.pk for row in page]
        for _ in range(5):
            entered(chance, branches, [None])
        if not page.has_next:
            break
        page = asked(order, page=page.number + 1, after=page.ends)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_row_one_does_not_see_marks_no_place(crowd):
    request = RequestFactory().get("/", {"page": "2", "after": str(crowd[0].pk)})
    others = Membership.objects.exclude(organisation=crowd[0].organisation).order_by("person__pinyin", "pk")
    counted = [row.pk for row in others[7:14]]
    assert [row.pk for row in listing.page_of(request, others, 7)] == counted
    for odd in ("x", "٣", "-1", "9" * 40, str(10**15)):
        page = asked(ORDERS[0], page=2, after=odd)
        assert [row.pk for row in page] == [row.pk for row in asked(ORDERS[0], page=2)]


def test_the_hundredth_page_reads_no_more_rows_than_the_first(crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        asked(ORDERS[0])
    with django_assert_num_queries(2):
        asked(ORDERS[0], page=5, after=crowd[30].pk)


def test_links_of_a_list_name_the_rows_beside_it(enter, officer, committee):
    branch = Organisation.objects.create(
        code="B", name="支部", short_name="", kind="branch", path="00010001", parent=committee
    )
    for number in range(120):
        person = Person.objects.create(name=f"党员{number:03d}", pinyin=f"dy{number:03d}", initials="dy")
        Membership.objects.create(
            person=person, organisation=branch, stage="full_member", since=JOINED, known_at=1
        )
    browser = enter(officer)
    first = browser.get(reverse("register:members")).content.decode()
    after = QueryDict(first.split('rel="next" href="?')[1].split('"')[0].replace("&amp;", "&"))
    assert set(after) == {"page", "after"}
    second = browser.get(reverse("register:members") + "?" + after.urlencode()).content.decode()
    assert "第 51–100 条" in second
    before = QueryDict(second.split('rel="prev" href="?')[1].split('"')[0].replace("&amp;", "&"))
    assert before.dict() == {}
