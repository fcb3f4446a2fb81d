"""Sums kept until the record grows: never old after an act, never kept from inside a transaction."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.record import growth

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


def act(organisation: int = 7, subject: tuple[str, int] | None = None, verb: str = "life.record") -> None:
    with transaction.atomic():
        record.write(ACTOR, verb, subject, organisation=organisation, now=NOW)


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
    for number in range(growth.MOST + 5):
        record.kept(("many", number), counted)
    before = record.kept(("many", growth.MOST + 4), counted)
    assert before == growth.MOST + 5
    assert record.kept(("many", 0), counted) == growth.MOST + 6, "forgotten, so asked again"


def test_of_single_places_only_their_own_acts_count(counted):
    here, elsewhere = frozenset({7, 2}), frozenset({8, 2})
    asked = [record.kept("desk", counted, within=here), record.kept("desk", counted, within=elsewhere)]
    act()
    assert [record.kept("desk", counted, within=here), record.kept("desk", counted, within=elsewhere)] == [
        3,
        2,
    ]
    assert asked == [1, 2], "the same key at two places is two sums"
    act(2)
    assert [record.kept("desk", counted, within=here), record.kept("desk", counted, within=elsewhere)] == [
        4,
        5,
    ]


def test_of_named_things_only_acts_about_them_count(counted):
    results = record.About((("zb_run", 3), ("zb_organisation", None)))
    seen = []
    for subject in (None, ("zb_run", 4), ("zb_run", 3), ("zb_session", 3), ("zb_organisation", 99)):
        act(7, subject)
        seen.append(record.kept("table", counted, within=results))
    assert seen == [1, 1, 2, 2, 3]


def test_of_rooms_only_their_acts_count(counted):
    dues = record.Rooms.of("dues", "register")
    seen = [record.kept("waits", counted, within=dues)]
    for verb in ("life.record", "dues.receive", "life.record", "register.leave", "duesx.receive"):
        act(verb=verb)
        seen.append(record.kept("waits", counted, within=dues))
    assert seen == [1, 1, 2, 2, 3, 3]


def test_after_very_many_acts_of_other_rooms_it_is_computed_anew(counted, monkeypatch):
    monkeypatch.setattr(growth, "MOST_BETWEEN", 3)
    dues = record.Rooms.of("dues")
    seen = [record.kept("waits", counted, within=dues)]
    for number in (2, 3, 4, 3):
        for _ in range(number):
            act()
        seen.append(record.kept("waits", counted, within=dues))
    assert seen == [1, 1, 1, 2, 2]


def test_of_rooms_at_places_only_their_acts_there_count(counted):
    dues = record.Rooms.of("dues", "register", at=frozenset({7, 8}))
    seen = [record.kept("part", counted, within=dues)]
    for verb, place in (
        ("life.record", 7), ("dues.receive", 9), ("dues.receive", 8), ("life.record", 8), ("register.leave", 7),
        ("register.leave", 9),
    ):  # fmt: skip
        act(place, verb=verb)
        seen.append(record.kept("part", counted, within=dues))
    assert seen == [1, 1, 1, 2, 2, 3, 3]
    # what happened meanwhile in other rooms is not asked again, and hides nothing
    act(7), act(7), act(8, verb="dues.receive")
    assert [record.kept("part", counted, within=dues) for _ in range(2)] == [4, 4]


def test_after_acts_at_very_many_places_it_is_computed_anew(counted, monkeypatch):
    monkeypatch.setattr(growth, "MOST_CHAINS", 2)
    dues = record.Rooms.of("dues", at=frozenset({7, 8, 9}))
    seen = [record.kept("part", counted, within=dues)]
    for places in ((7, 8), (7, 8, 9), (9,)):
        for place in places:
            act(place)
        seen.append(record.kept("part", counted, within=dues))
    assert seen == [1, 1, 2, 2]


def test_at_no_place_nothing_happens(counted, django_assert_num_queries):
    nowhere = record.Rooms.of("life", at=frozenset())
    act()
    with django_assert_num_queries(0):
        assert [record.kept("part", counted, within=nowhere) for _ in range(2)] == [1, 1]


def test_all_parts_of_a_page_ask_twice(counted, django_assert_num_queries):
    """How far their places have grown, and which rooms that was of."""
    rooms = [record.Rooms.of(name, at=frozenset({7, 8})) for name in ("life", "dues", "study", "letters")]
    for each in rooms:
        record.kept(each.names, counted, within=each)
    act(verb="study.report")
    with growth.reading(), django_assert_num_queries(2):
        assert [record.kept(each.names, counted, within=each) for each in rooms] == [1, 2, 5, 4]


def test_two_sets_of_places_in_one_request_see_what_came_between(counted):
    """The second is read a moment later than the first: what was recorded meanwhile is of it, and asked for."""
    first = record.Rooms.of("life", at=frozenset({7}))
    second = record.Rooms.of("life", at=frozenset({7, 8}))
    record.kept("first", counted, within=first), record.kept("second", counted, within=second)
    act(verb="dues.receive")
    with growth.reading():
        assert record.kept("first", counted, within=first) == 1
        elsewhere = threading.Thread(target=lambda: (act(), connection.close()))
        elsewhere.start(), elsewhere.join()
        assert record.kept("second", counted, within=second) == 3
    assert record.kept("first", counted, within=first) == 4


def test_a_database_put_back_is_another_one(counted, monkeypatch):
    here = record.Rooms.of("life", at=frozenset({7}))
    act(), act()
    assert record.kept("part", counted, within=here) == 1
    monkeypatch.setattr(growth, "_heads", lambda _places: {7: 1})
    assert [record.kept("part", counted, within=here) for _ in range(2)] == [2, 2]


def test_of_many_parts_only_the_changed_are_computed_anew(settings, transactional_db):
    settings.ZHIBU_KEEP_SUMS = True
    record.forget_sums()
    asked = []

    def compute(parts):
        asked.append(sorted(parts))
        return {part: f"{part} {len(asked)}" for part in parts}

    first = record.kept_each("owing", {"a": 1, "b": 1}, compute)
    second = record.kept_each("owing", {"a": 1, "b": 2, "c": 1}, compute)
    third = record.kept_each("owing", {"a": 1, "b": 2}, compute)
    assert asked == [["a", "b"], ["b", "c"]]
    assert (first, second, third) == (
        {"a": "a 1", "b": "b 1"}, {"a": "a 1", "b": "b 2", "c": "c 2"}, {"a": "a 1", "b": "b 2"}
    )  # fmt: skip
    settings.ZHIBU_KEEP_SUMS = False
    assert record.kept_each("owing", {"a": 1}, compute) == {"a": "a 3"}
    record.forget_sums()


def test_one_request_asks_once_and_knows_its_own_act(counted, django_assert_num_queries):
    with growth.reading():
        with django_assert_num_queries(1):
            assert [record.kept(("desk", number % 2), counted) for number in range(6)] == [1, 2, 1, 2, 1, 2]
        act()
        assert record.kept(("desk", 0), counted) == 3
    with django_assert_num_queries(2):
        assert [record.kept(("desk", 0), counted) for _ in range(2)] == [3, 3]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "within", [None, record.Rooms.of("life"), record.Rooms.of("life", at=frozenset({7, 8}))]
)
def test_an_act_committed_after_a_later_one_is_seen(counted, within):
    """Entries are numbered when written and seen when committed, and on PostgreSQL in another order."""
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record.write(ACTOR, "life.record", None, organisation=8, now=NOW)
            written.set()
            go_on.wait(60)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(60)
    act(verb="dues.receive")
    assert record.kept("key", counted, within=within) == 1
    go_on.set()
    thread.join()
    assert record.kept("key", counted, within=within) == 2
