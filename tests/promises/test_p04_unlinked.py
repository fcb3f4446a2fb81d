"""The database cannot link a name to a choice: the same eyes see nothing here, and nearly all in a naive store."""

import json
import pickle
import random
import sqlite3
import time

import pytest
from django.db import connection

from tests.promises import attack
from tests.promises.installed import Installation, keep_signatures, ticket_tasks
from tests.promises.voters import crowd
from zhibu.ballots import box, envelope

NUMBERS = [100, pytest.param(2000, marks=[pytest.mark.release, pytest.mark.slow])]


@pytest.fixture(autouse=True)
def _boxes(settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"


def cast_in_order(made, people):
    """Everyone casts in the order of issue, the worst there is: (tracker of each, all bodies by tracker)."""
    devices = [made.issue(person) for person in people]
    made.open()
    papers = [made.paper(device, "yn"[number % 2]) for number, device in enumerate(devices)]
    for paper in papers:
        assert box.cast(made.ballot.code, paper) is box.Answer.TAKEN
    trackers = [envelope.tracker_of(each) for each in papers]
    return trackers, dict(zip(trackers, papers, strict=True))


@pytest.mark.django_db
def test_nothing_links_a_paper_to_a_person():
    made = crowd(100)
    truth, bodies = cast_in_order(made, made.people)
    made.close()
    orders = attack.sqlite_orders(box.path_of(made.ballot.code), "place", "body", bodies)
    assert set(orders) == {"bytes in the file", "order of the table", "row ids", "pages"}
    assert attack.above_chance(orders, truth) == {}
    beside = [each for each in box.path_of(made.ballot.code).parent.iterdir() if each.suffix != ".box"]
    assert [each.name for each in beside if each.stat().st_size] == [], (
        "a journal was left with something in it"
    )
    assert in_the_main_database(bodies) == {}


def in_the_main_database(bodies):
    """Traces of papers in any value of any table of the main database, before the count: how many in which table."""
    traces, told = attack.Traces(bodies, whole=True), {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text = b"\0".join(str(value).encode() for row in cursor.fetchall() for value in row)
            if found := len(traces.order_in(text)):
                told[table] = found
    return told


@pytest.mark.slow
@pytest.mark.release
def test_nothing_that_is_left_behind_links_2000_votes(tmp_path):
    """The whole home, the journal of the database, backups, the server's log at its most talkative, and the clock."""
    number, made = 2000, Installation(tmp_path / "home")
    found = json.loads(made.voters("prepare", tmp_path, number))
    made.start()
    answers = [made.ask("POST", *task) for task in ticket_tasks(found)]
    assert {status for status, _body in answers} == {200}
    keep_signatures(tmp_path, answers)
    papers = [bytes.fromhex(each) for each in made.voters("papers", tmp_path).split()]
    truth = [envelope.tracker_of(each) for each in papers]
    bodies, folder = dict(zip(truth, papers, strict=True)), made.home / "papers"
    times, journals = [], 0
    for place, paper in enumerate(papers):
        start = time.perf_counter()
        assert made.ask("POST", f"/box/{found['code']}/", paper, {})[0] == 201
        times.append(time.perf_counter() - start)
        journals += sum(each.stat().st_size for each in folder.iterdir() if each.suffix != ".box")
        if place == number // 2:
            made.zhibu("backup", str(tmp_path / "half.zip"))
    made.zhibu("backup", str(tmp_path / "all.zip"))
    made.kill()
    the_box = folder / f"{found['code']}.box"
    orders = attack.sqlite_orders(the_box, "place", "body", bodies)
    traces = attack.Traces(bodies, whole=True)
    left = attack.everywhere([made.home], traces, but=[the_box])
    for archive in ("half.zip", "all.zip"):
        left |= {
            name: len(seen)
            for name, raw in attack.members(tmp_path / archive)
            if (seen := traces.order_in(raw))
        }
    if connection.vendor == "postgresql":
        left |= in_the_files_of_postgresql(made, traces)
    told = {
        "linked": attack.links(orders, truth),
        "above chance": attack.above_chance(orders, truth),
        "traces elsewhere": left,
        "bytes in journals": journals,
    }
    print(json.dumps(told, ensure_ascii=False))
    assert [told[each] for each in ("above chance", "traces elsewhere", "bytes in journals")] == [{}, {}, 0]
    assert abs(apart(tmp_path, times)) < 4.5


def apart(folder, times):
    """How far the response times of yes and of no lie apart: the clients know what they chose."""
    chosen = [
        "yn"[secret % 2] for secret, _prefix, _blinded in pickle.loads((folder / "devices").read_bytes())
    ]
    pairs = list(zip(chosen, times, strict=True))
    return attack.told_apart({mark: [each for was, each in pairs if was == mark] for mark in "yn"})


def in_the_files_of_postgresql(made, traces):
    """Traces in tables, dead rows, free space and the journal: every file the server of the tests has."""
    import psycopg

    with (
        psycopg.connect(made.environment["ZHIBU_DATABASE_URL"], autocommit=True) as opened,
        opened.cursor() as cursor,
    ):
        folder = attack.postgres_folder(cursor)
    return attack.everywhere([folder / "base", folder / "pg_wal"], traces)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_eyes_see_nearly_all_in_a_naive_store(number, tmp_path):
    path, truth, bodies = tmp_path / "naive.sqlite3", *made_up(number)
    with sqlite3.connect(path) as naive:
        naive.execute("PRAGMA journal_mode=WAL")
        naive.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, body BLOB)")
        naive.commit()
        for tracker in truth:
            naive.execute("INSERT INTO paper VALUES (?, ?)", (random.randbytes(8).hex(), bodies[tracker]))
            naive.commit()
        wal = path.with_name(path.name + "-wal").read_bytes()
        naive.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    naive.close()
    orders = {
        **attack.sqlite_orders(path, "paper", "body", bodies),
        "wal": attack.Traces(bodies).order_in(wal),
    }
    hits = attack.links(orders, truth)
    assert hits["row ids"] == number
    # SQLite begins its journal anew after a thousand pages
    assert hits["wal"] == number or number > 1000
    assert set(attack.above_chance(orders, truth)) >= {"row ids", "bytes in the file", "pages", "wal"}
    log = b"".join(f"2026-07-20 POST /vote/ 201 {tracker.hex()}\n".encode() for tracker in truth)
    assert attack.links({"log": attack.Traces(bodies).order_in(log)}, truth) == {"log": number}
    with sqlite3.connect(path) as naive:
        naive.execute("PRAGMA secure_delete=OFF")
        naive.execute("DELETE FROM paper")
    naive.close()
    deleted = {"free pages": attack.Traces(bodies).order_in(path.read_bytes())}
    assert set(attack.above_chance(deleted, truth)) == {"free pages"}
    slower = {"y": [1 + random.random() for _each in truth], "n": [1.5 + random.random() for _each in truth]}
    assert abs(attack.told_apart(slower)) > 3


def made_up(number):
    """Trackers in order of casting, and bodies by tracker, of a store that has no cryptography at all."""
    papers = [b"\x01\x04" + random.randbytes(1400) for _each in range(number)]
    truth = [envelope.tracker_of(each) for each in papers]
    return truth, dict(zip(truth, papers, strict=True))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_eyes_see_nearly_all_in_a_naive_table_of_postgresql(number):
    truth, bodies = made_up(number)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_paper (id serial PRIMARY KEY, body bytea)")
        try:
            for tracker in truth:
                cursor.execute("INSERT INTO naive_paper (body) VALUES (%s)", [bodies[tracker]])
            orders = attack.postgres_orders(cursor, "naive_paper", "body", bodies)
            orders["wal"] = attack.log_order(attack.postgres_folder(cursor), attack.Traces(bodies))
        finally:
            cursor.execute("DROP TABLE naive_paper")
    hits = attack.links(orders, truth)
    assert hits == {"xmin": number, "ctid": number, "sequence": number, "wal": hits["wal"]}
    # its segments are used again under later names, so a few stand elsewhere: the order is plain nevertheless
    assert len(orders["wal"]) > 0.9 * number
    assert attack.correlations(orders, truth)["wal"] > 0.9


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_holds_tickets_and_no_paper():
    made = crowd(20)
    _truth, bodies = cast_in_order(made, made.people)
    assert in_the_main_database(bodies) == {}
    with connection.cursor() as cursor:
        folder = attack.postgres_folder(cursor)
    assert attack.everywhere([folder / "base", folder / "pg_wal"], attack.Traces(bodies, whole=True)) == {}
