"""A query written once for all values gives what the query itself gives, or says why it cannot be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from tests.people import township
from zhibu.record import rows
from zhibu.record.plain import NotPlainError, _written
from zhibu.register.models import Membership, Organisation
from zhibu.ui.doors import within

pytestmark = pytest.mark.django_db


def members(place, day, stages):
    rows = Membership.objects.filter(organisation=place, since__lte=day, stage__in=stages)
    return rows.filter(Q(until=None) | Q(until__gt=day)).order_by("person__name").values_list(
        "person_id", "person__name", "since", "until", "stage"
    )  # fmt: skip


def counted(ranges):
    found = within(Organisation.objects.all(), ranges, "path")
    return found.order_by("kind").values_list("kind").annotate(number=Count("id"))


def test_the_same_rows_with_other_values():
    town = township()
    for place in (town.mining, town.committee):
        for day in (date(2026, 7, 20), date(1990, 1, 1)):
            for stages in (("full_member",), ("full_member", "probationary_member"), ("applicant",)):
                asked = (place.pk, day, stages)
                assert rows(members, *asked) == list(members(*asked))
    assert any(rows(members, town.mining.pk, date(2026, 7, 20), ("full_member",)))


def test_days_come_back_as_days():
    town = township()
    found = rows(members, town.mining.pk, date(2026, 7, 20), ("full_member",))
    assert {type(row[2]) for row in found} == {date}


def test_ranges_none_one_and_two():
    town = township()
    for ranges in ((), ((town.mining.path, town.mining.path + "0"),), (("0", "1"), ("a", "b"))):
        assert rows(counted, ranges) == (list(counted(ranges)) if ranges else [])


def test_it_is_built_once():
    town = township()
    _written.cache_clear()
    with CaptureQueriesContext(connection) as seen:
        for place in (town.mining, town.committee, town.mining):
            rows(members, place.pk, date(2026, 7, 20), ("full_member",))
    assert (len(seen), _written.cache_info().misses) == (3, 1)


@pytest.mark.parametrize(
    ("build", "given", "why"),
    [
        (lambda day: Membership.objects.filter(since=day - timedelta(30)).values_list("id"), (date(2026, 7, 20),), "reckoned"),
        (lambda word: Organisation.objects.filter(name__contains=word).values_list("id"), ("矿",), "reckoned"),
        (lambda most: Organisation.objects.values_list("id")[:most], (5,), "its text changes"),
        (lambda pk: Organisation.objects.filter(pk=pk), (5,), "values_list"),
        (lambda at: Membership.objects.filter(since=at).values_list("id"), (datetime(2026, 7, 20, tzinfo=UTC),), "not bound"),
        (lambda pks: Membership.objects.filter(pk__in=pks).values_list("id"), ([1, 2],), "not bound"),
    ],
    ids=["a day reckoned", "a pattern", "a number of rows", "whole models", "an instant", "a list"],
)  # fmt: skip
def test_what_cannot_be_written_once_says_so(build, given, why):
    with pytest.raises(NotPlainError, match=why):
        rows(build, *given)
