"""Earlier versions of evidence rows: kept by the database, read as of an instant, never behind a cut."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections

from tests.people import township
from zhibu.life.models import PastTalk, Talk
from zhibu.record import past
from zhibu.record.models import Cut

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 7, 1)


@pytest.fixture
def talk():
    town = township()
    return Talk.objects.create(
        organisation=town.mining, person=town.people["zhao"], kind="heart_to_heart", held_on=DAY, entered_on=DAY,
        known_at=100,
    )  # fmt: skip


def kept():
    return list(
        PastTalk.objects.order_by("version_id").values_list("key", "held_on", "known_at", "superseded_at")
    )


def test_a_version_is_kept_when_the_row_is_known_anew(talk):
    later = DAY + timedelta(days=1)
    Talk.objects.filter(pk=talk.pk).update(held_on=later, known_at=200)
    talk.refresh_from_db()
    talk.held_on, talk.known_at = DAY + timedelta(days=2), 300
    talk.save()
    assert kept() == [(talk.pk, DAY, 100, 200), (talk.pk, later, 200, 300)]


def test_what_the_same_act_writes_twice_is_one_version(talk):
    for number in (1, 2, 3):
        Talk.objects.filter(pk=talk.pk).update(held_on=DAY + timedelta(days=number), known_at=200)
    assert kept() == [(talk.pk, DAY, 100, 200)]


def test_words_alone_make_no_version(talk):
    Talk.objects.filter(pk=talk.pk).update(promised="x")
    assert kept() == []


def test_what_is_taken_back_stays_readable(talk):
    past.take_back(Talk.objects.filter(pk=talk.pk), 500)
    assert (Talk.objects.count(), kept()) == (0, [(talk.pk, DAY, 100, 500)])


def test_the_present_does_not_hold_what_never_was(talk):
    """Entered and taken back within one act: nobody ever knew of it."""
    past.take_back(Talk.objects.filter(pk=talk.pk), 100)
    assert kept() == []


def test_an_act_is_always_known_after_the_last_cut():
    assert past.instant(NOW) == past.milliseconds(NOW)
    first = past.cut(NOW)
    assert first == past.milliseconds(NOW)
    assert past.instant(NOW) == past.instant(NOW - timedelta(hours=1)) == first + 1
    assert past.instant(NOW + timedelta(hours=1)) == past.milliseconds(NOW + timedelta(hours=1))
    # the next cut takes in what was written since, however close it comes
    assert past.cut(NOW) == first + 1
    assert past.instant(NOW) == first + 2
    assert list(Cut.objects.values_list("pk", "at")) == [(1, first + 1)]


def test_a_rebuilt_table_gets_its_trigger_again():
    """SQLite drops the triggers of a table that a migration rebuilds; `zhibu migrate` ends with this."""
    assert past.missing(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER zb_talk_past_kept" + (" ON zb_talk" if connection.vendor == "postgresql" else "")
        )
    assert past.missing(connection) == ["zb_talk"]
    past.establish(connections["default"])
    assert past.missing(connection) == []
