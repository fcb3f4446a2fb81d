"""Sums kept until the record grows: never old after an act, never kept from inside a transaction."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from zhibu import record
from zhibu.core.authority import Actor

ACTOR = Actor(user=1, person=None, name="李书记", mandates=())
NOW = datetime(2026, 7, 20, tzinfo=UTC)


@pytest.fixture
def counted(settings, transactional_db):
    """A computation that counts how often it was asked."""
    settings.ZHIBU_KEEP_SUMS = True
    record.forget_sums()
    asked = []

    def compute() -> int:
        asked.append(1)
        return len(asked)

    yield compute
    record.forget_sums()


def act() -> None:
    with transaction.atomic():
        record.write(ACTOR, "life.record", None, organisation=7, now=NOW)


def test_asked_once_until_an_act_is_recorded(counted):
    assert [record.kept("key", counted) for _ in range(3)] == [1, 1, 1]
    act()
    assert [record.kept("key", counted) for _ in range(2)] == [2, 2]


def test_each_key_has_its_own(counted):
    assert (record.kept(("desk", 1), counted), record.kept(("desk", 2), counted)) == (1, 2)
    assert (record.kept(("desk", 1), counted), record.kept(("desk", 2), counted)) == (1, 2)


def test_nothing_is_kept_from_inside_a_transaction(counted):
    with transaction.atomic():
        assert record.kept("key", counted) == 1
        act()
        assert record.kept("key", counted) == 2
        transaction.set_rollback(True)
    assert record.kept("key", counted) == 3


def test_it_can_be_turned_off(counted, settings):
    settings.ZHIBU_KEEP_SUMS = False
    assert [record.kept("key", counted) for _ in range(2)] == [1, 2]


def test_the_oldest_go_first(counted):
    from zhibu.record import growth

    for number in range(growth.MOST + 5):
        record.kept(("many", number), counted)
    before = record.kept(("many", growth.MOST + 4), counted)
    assert before == growth.MOST + 5
    assert record.kept(("many", 0), counted) == growth.MOST + 6, "forgotten, so asked again"
