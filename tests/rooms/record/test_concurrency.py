"""Writers of one chain follow each other; a form sent twice at once is acted on once."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from zhibu import record
from zhibu.record import submissions
from zhibu.record.models import Entry
from zhibu.record.verification import verify

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
BRANCH = 5


@pytest.fixture
def connect(transactional_db, tmp_path):
    """What a thread calls first: a database in memory has one connection for all, so threads get a file instead."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield lambda: None
        return
    file = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])

    def use_file():
        own = connections.create_connection("default")
        own.settings_dict = {**own.settings_dict, "NAME": str(file)}
        # connections are kept by thread: this one's is replaced, the test's own stays until it is compared
        connections["default"] = own

    yield use_file


def at_once(connect, count, work):
    """Run `work` in threads, then what it left behind is read through `connect` as well."""
    problems, results = [], []

    def run(number):
        try:
            connect()
            results.append(work(number))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    return results


def write_some(number):
    for turn in range(20):
        with transaction.atomic():
            record.write(
                None, "life.close_minutes", ("zb_session", turn), organisation=BRANCH, now=NOW, by=number
            )


def test_writers_of_one_chain_do_not_fork_it(connect):
    at_once(connect, 6, write_some)
    (result, sequences) = at_once(connect, 1, lambda _: (verify(), list(Entry.objects.order_by("sequence"))))[
        0
    ]
    assert result == record.Verification(1, 120, 0, ())
    assert [entry.sequence for entry in sequences] == list(range(1, 121))
    assert {entry.values for entry in sequences} == {f'{{"by":{number}}}' for number in range(6)}


def test_a_form_sent_ten_times_at_once_is_acted_on_once(connect):
    def send(number):
        with submissions.hold("token", 7) as held:
            if held.before is None:
                record.write(None, "life.close_minutes", None, organisation=BRANCH, now=NOW)
                held.url = f"/answer/{number}"
            return held.before or held.url

    answers = at_once(connect, 10, send)
    assert len(answers) == 10
    assert len(set(answers)) == 1
    assert at_once(connect, 1, lambda _: Entry.objects.count()) == [1]


def test_a_refused_first_submission_lets_the_second_one_act(connect):
    first = threading.Event()

    def send(number):
        if number:
            assert first.wait(60)
        with submissions.hold("token", 7) as held:
            first.set()
            if number:
                held.url = "/answer/"
            return held.before

    assert at_once(connect, 2, send) == [None, None]


def test_no_test_opens_beside_sqlite_what_sqlite_has_open(db):
    """The guard of tests.environment: when such a file is closed, the locks of all connections of the process fall."""
    if connection.vendor != "sqlite":
        pytest.skip("a server has its files for itself")
    connection.ensure_connection()
    with pytest.raises(RuntimeError, match="locks fall"):
        Path(connection.settings_dict["NAME"]).read_bytes()
