"""Writers of one chain follow each other; a form sent twice at once is acted on once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from zhibu import record
from zhibu.record import submissions
from zhibu.record.models import Entry
from zhibu.record.verification import verify

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
BRANCH = 5


@pytest.fixture
def file_of_sqlite(transactional_db, django_db_blocker):
    """Threads need connections of their own; a database in memory has one for all, which serialises nothing real."""
    from django.db import connection

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection to a database in memory; see test_sqlite_file")


def at_once(count, work):
    problems = []

    def run(number):
        try:
            work(number)
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def write_some(number):
    for turn in range(20):
        with transaction.atomic():
            record.write(None, "life.close_minutes", ("zb_session", turn), organisation=BRANCH, now=NOW, by=number)


@pytest.mark.usefixtures("file_of_sqlite")
def test_writers_of_one_chain_do_not_fork_it():
    at_once(6, write_some)
    assert verify() == record.Verification(1, 120, 0, ())
    assert list(Entry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 121))


@pytest.mark.usefixtures("file_of_sqlite")
def test_a_form_sent_ten_times_at_once_is_acted_on_once():
    answers = []

    def send(number):
        with submissions.hold("token", 7) as held:
            if held.before is None:
                record.write(None, "life.close_minutes", None, organisation=BRANCH, now=NOW)
                held.url = f"/answer/{number}"
            answers.append(held.before or held.url)

    at_once(10, send)
    assert Entry.objects.count() == 1
    assert len(answers) == 10
    assert len(set(answers)) == 1
