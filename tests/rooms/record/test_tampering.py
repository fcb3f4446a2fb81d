"""Promise 23: whatever is done to the record shows. Six kinds, a thousand times each, at random places.

Daily a hundred of each, which meet every place of the chain; the thousand before a release.
"""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tests.rooms.record.test_chain import unguarded
from zhibu import record
from zhibu.record.canonical import digest_of
from zhibu.record.models import Entry, Head
from zhibu.record.verification import anchor, verify
from zhibu.record.writing import content_of

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
LENGTH = 12
DAILY, TIMES = 100, 1000


def edit(chance, cursor):
    column, value = chance.choice(
        [
            ("actor_name", "'别人'"),
            ("act", "'life.open'"),
            ("subject_id", "99"),
            ('"values"', "'{}'"),
            ("actor_post", "'x'"),
        ]
    )
    cursor.execute(f"UPDATE zb_entry SET {column} = {value} WHERE sequence = %s", [chance.randint(1, LENGTH)])


def delete(chance, cursor):
    cursor.execute("DELETE FROM zb_entry WHERE sequence = %s", [chance.randint(1, LENGTH)])


def swap(chance, cursor):
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, 99), (other, one), (99, other)):
        cursor.execute("UPDATE zb_entry SET sequence = %s WHERE sequence = %s", [new, old])


def insert(chance, cursor):
    place = chance.randint(2, LENGTH)
    for sequence in range(LENGTH, place - 1, -1):
        cursor.execute("UPDATE zb_entry SET sequence = %s WHERE sequence = %s", [sequence + 1, sequence])
    false = Entry.objects.get(sequence=place - 1)
    false.pk, false.sequence, false.previous = None, place, false.digest
    false.digest = digest_of(false.previous, content_of(false))
    false.save(force_insert=True)


def truncate(chance, cursor):
    """The end cut off, and the head moved back to hide it."""
    last = chance.randint(1, LENGTH - 1)
    cursor.execute("DELETE FROM zb_entry WHERE sequence > %s", [last])
    digest = Entry.objects.get(sequence=last).digest
    Head.objects.update(sequence=last, digest=digest)


def rehash(chance, cursor):
    """An edit, and everything after it computed anew, head included."""
    place, previous = chance.randint(1, LENGTH), "0" * 64
    for entry in Entry.objects.order_by("sequence"):
        if entry.sequence == place:
            entry.actor_name = "别人"
        entry.previous = previous
        entry.digest = previous = digest_of(previous, content_of(entry))
        entry.save()
    Head.objects.update(digest=previous)


KINDS = [edit, delete, swap, insert, truncate, rehash]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_tampering_shows(kind):
    tamper(kind, DAILY)


@pytest.mark.release
@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_tampering_shows_a_thousand_times(kind):
    tamper(kind, TIMES)


def tamper(kind, times):
    drafts = [
        record.Draft(None, "life.close_minutes", ("zb_session", n), 1, NOW + timedelta(minutes=n), {"n": n})
        for n in range(LENGTH)
    ]
    record.write_many(drafts)
    kept = anchor(NOW)
    chance = random.Random(20260703)
    found = 0
    with unguarded() as cursor:
        for _time in range(times):
            point = transaction.savepoint()
            kind(chance, cursor)
            faults = verify(root=kept.root, last_entry=kept.last_entry).faults
            found += any(fault.kind != "guard" for fault in faults)
            transaction.savepoint_rollback(point)
    assert found == times
    assert verify(root=kept.root, last_entry=kept.last_entry).ok
