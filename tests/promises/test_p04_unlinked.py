"""The database cannot link a name to a choice: the same eyes see nothing here, and nearly all in a naive store.

The attacker knows the order in which people took their tickets and cast (at worst, the same), holds the main database,
the box, its journal and a backup, and guesses that the k-th trace belongs to the k-th person.
"""

import random
import sqlite3
import struct
from math import sqrt
from pathlib import Path

import pytest
from django.db import connection

from tests.promises.voters import NOW, crowd
from zhibu.ballots import box, envelope

NUMBERS = [100, pytest.param(2000, marks=[pytest.mark.release, pytest.mark.slow])]


@pytest.fixture(autouse=True)
def _boxes(settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"


def linked(guess, truth):
    """How many of the guesses are right, when the k-th found is said to be the k-th person's."""
    return sum(1 for found, right in zip(guess, truth, strict=False) if found == right)


def in_raw_order(path: Path, bodies: dict[bytes, bytes]) -> list[bytes]:
    """The papers in the order in which their bytes stand in a file."""
    raw = path.read_bytes()
    places = {tracker: raw.find(body[1:60]) for tracker, body in bodies.items()}
    return sorted(bodies, key=lambda tracker: places[tracker])


def eyes(path: Path, table: str, column: str, bodies: dict[bytes, bytes]) -> dict[str, list[bytes]]:
    """Every order in which the papers can be read out of a SQLite file."""
    found = {"bytes in the file": in_raw_order(path, bodies)}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as opened:
        rows = [bytes(body) for (body,) in opened.execute(f"SELECT {column} FROM {table}")]
        found["order of the table"] = [
            envelope.tracker_of(row) for row in rows if envelope.tracker_of(row) in bodies
        ]
        try:
            rows = [bytes(body) for (body,) in opened.execute(f"SELECT {column} FROM {table} ORDER BY rowid")]
            found["row ids"] = [
                envelope.tracker_of(row) for row in rows if envelope.tracker_of(row) in bodies
            ]
        except sqlite3.OperationalError:
            pass
    raw = path.read_bytes()
    size = struct.unpack(">H", raw[16:18])[0]
    pages = {tracker: raw.find(body[1:60]) // size for tracker, body in bodies.items()}
    found["pages"] = sorted(bodies, key=lambda tracker: (pages[tracker], -raw.find(bodies[tracker][1:60])))
    return found


def best(orders: dict[str, list[bytes]], truth: list[bytes]) -> dict[str, int]:
    """For every order, the better of reading it forwards and backwards."""
    return {name: max(linked(order, truth), linked(order[::-1], truth)) for name, order in orders.items()}


def cast_in_order(made, people):
    """Everyone casts in the order of issue, the worst there is: (tracker of each, all bodies by tracker)."""
    devices = [made.issue(person) for person in people]
    made.open()
    papers = [made.paper(device, "yn"[number % 2]) for number, device in enumerate(devices)]
    for paper in papers:
        assert box.cast(made.ballot.code, paper) is box.Answer.TAKEN
    return [envelope.tracker_of(each) for each in papers], {
        envelope.tracker_of(each): each for each in papers
    }


@pytest.mark.django_db
@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_links_a_paper_to_a_person(number, tmp_path, settings):
    made = crowd(number)
    truth, bodies = cast_in_order(made, made.people)
    made.close()
    found = best(eyes(box.path_of(made.ballot.code), "place", "body", bodies), truth)
    # by chance one is right on the average, with a deviation of one; a few traces are looked at
    assert {name: hits for name, hits in found.items() if hits > 1 + 5 * sqrt(1)} == {}
    beside = [each for each in box.path_of(made.ballot.code).parent.iterdir() if each.suffix != ".box"]
    assert [each.name for each in beside if each.stat().st_size] == [], (
        "a journal was left with something in it"
    )
    assert trackers_in_the_main_database(made, truth) == 0
    correlation = neighbours(eyes(box.path_of(made.ballot.code), "place", "body", bodies), truth)
    assert all(abs(each) < 5 / sqrt(number) for each in correlation.values()), correlation


def neighbours(orders, truth):
    """Rank correlation of every order with the order of casting: weaker traces than exact places."""
    place = {tracker: number for number, tracker in enumerate(truth)}
    told = {}
    for name, order in orders.items():
        n = len(order)
        distance = sum((number - place[tracker]) ** 2 for number, tracker in enumerate(order))
        told[name] = 1 - 6 * distance / (n * (n * n - 1))
    return told


def trackers_in_the_main_database(made, truth):
    """Bytes, digits or keys of papers found in any text of the main database before the count."""
    wanted = {each.hex() for each in truth}
    hits = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                hits += any(str(value)[:64] in wanted for value in row)
    return hits


@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_eyes_see_nearly_all_in_a_naive_store(number, tmp_path):
    path = tmp_path / "naive.sqlite3"
    truth = [random.randbytes(1500) for _each in range(number)]
    with sqlite3.connect(path) as naive:
        naive.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, body BLOB)")
        naive.executemany(
            "INSERT INTO paper VALUES (?, ?)", [(random.randbytes(8).hex(), each) for each in truth]
        )
    naive.close()
    trackers = [envelope.tracker_of(each) for each in truth]
    found = best(eyes(path, "paper", "body", dict(zip(trackers, truth, strict=True))), trackers)
    assert found["row ids"] == number
    assert found["bytes in the file"] > number // 2 or found["pages"] > number // 2
    assert all(
        abs(each) > 0.5
        for name, each in neighbours(
            eyes(path, "paper", "body", dict(zip(trackers, truth, strict=True))), trackers
        ).items()
        if name in {"row ids", "bytes in the file"}
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_holds_tickets_and_no_paper():
    made = crowd(20)
    truth, _bodies = cast_in_order(made, made.people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text::bigint, person_id FROM zb_ballot_voter ORDER BY 1")
        assert len(cursor.fetchall()) == 20
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%paper%'")
        assert cursor.fetchall() == []
    assert trackers_in_the_main_database(made, truth) == 0
    assert NOW.year == 2026
