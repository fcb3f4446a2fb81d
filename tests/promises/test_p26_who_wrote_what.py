"""Who answered what, who wrote the letter, whom the branch helped: nothing that is left behind says it.

A server of its own takes answers and a letter without a name, is killed, and every byte it left is searched; then the
nightly job runs, and what it deleted is searched for again. The attacker of `attack.py` reads the box in every order.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.promises.attack import above_chance, links
from tests.promises.installed import Installation
from zhibu.ballots import files
from zhibu.concerns import answers
from zhibu.core.norms.surveys import Asked, Question
from zhibu.core.wording import Text

AGENT, ADDRESS = "Canaryphone/7.4 (ynb)", "203.0.113.77"
WORDS, LETTER, HELP = "金丝雀热水语", "金丝雀来信语", "金丝雀帮扶语"
PREPARE = f"""
import django, json
django.setup()
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo
from tests.people import township
from zhibu.concerns import actions as concerns
from zhibu.notices.actions.sheets import board_of
from zhibu.undertakings import actions
from zhibu.undertakings.told import Undertaken
now = datetime(2026, 7, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
town = township()
survey = concerns.open_survey(
    town.li, organisation=town.mining, kind="mood", audience="everyone", closes_on=date(2026, 7, 27), now=now)
people = town.people
plan = Undertaken(
    "help_plan", text="{HELP}一", owner=people["wang"].pk, about=people["chen"].pk, due_on=date(2026, 9, 1))
row = actions.undertake(town.li, organisation=town.mining, what=plan, now=now)
actions.agree(town.chen, undertaking=row, now=now)
actions.report_progress(town.wang, undertaking=row, text="{HELP}二" * 40, now=now)
actions.report_done(town.wang, undertaking=row, result="{HELP}三" * 60, now=now)
print(json.dumps({{"survey": survey.code, "board": board_of(town.mining).address}}))
"""
QUESTIONS = (
    Question(
        "state", Asked.ONE, Text("问", "Q"), (("good", Text("好", "Good")), ("hard", Text("累", "Hard")))
    ),
    Question("first", Asked.WORDS, Text("话", "W")),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("p26") / "home", ZHIBU_BEHIND_PROXY="1")
    yield made
    made.kill()


def everything(home: Installation) -> dict[str, bytes]:
    """Every file of the installation; the code that runs lies elsewhere."""
    return {
        str(path.relative_to(home.home)): path.read_bytes() for path in home.home.rglob("*") if path.is_file()
    }


def holding(home: Installation, *words: str) -> set[str]:
    found = everything(home)
    return {name for name, content in found.items() for word in words if word.encode() in content}


def tables(home: Installation) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(next(home.home.glob("*.sqlite3")))) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names
        }


def sent(home: Installation, page: str, given: dict[str, str]) -> int:
    headers = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "Cookie": "sessionid=canarycookie"}
    status, body = home.ask("GET", page, b"", headers)
    assert status == 200, body[:300]
    token = re.search(r'name="token" value="([^"]+)"', body.decode())[1]  # type: ignore[index]
    form = urlencode(given | {"token": token}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return home.ask("POST", page, form, headers | kind)[0]


@pytest.mark.slow
def test_nothing_left_behind_says_who_or_when_and_what_was_deleted_is_gone(home):
    if not list(home.home.glob("*.sqlite3")):
        pytest.skip("the bytes of a server's database are not ours to read")
    done = subprocess.run(
        [sys.executable, "-c", PREPARE], env=home.environment, check=True, capture_output=True, text=True
    )
    at = json.loads(done.stdout)
    # the search sees: words that are not sealed lie in the database
    assert holding(home, HELP)
    before = tables(home)
    home.start()
    for each in range(6):
        assert sent(home, f"/survey/{at['survey']}/", {"q-state": "good", "q-first": f"{WORDS}{each}"}) == 200
    assert tables(home) == before
    asked_at = time.time()
    assert sent(home, f"/portal/{at['board']}/ask/new/question/", {"text": LETTER}) == 200
    home.kill()
    assert holding(home, WORDS, LETTER, AGENT, ADDRESS, "canarycookie") == set()
    for path in files_beside(home, at["survey"]):
        assert path.stat().st_mtime % answers.DAY == 0
    grown = {name: rows for name, rows in tables(home).items() if rows != before[name]}
    assert set(grown) - {"sqlite_sequence"} == {"zb_missive"}
    assert [value for row in grown["zb_missive"] for value in row if is_an_instant(value, asked_at)] == []

    home.zhibu("forget", "--now", "2026-12-25T03:00:00+08:00")
    assert holding(home, HELP) == set()
    kept = [row for row in tables(home)["zb_entry"] if "undertakings.forget" in row]
    assert len(kept) == 1
    assert HELP not in repr(tables(home))


def files_beside(home: Installation, code: str) -> list[Any]:
    return sorted((home.home / "papers").glob(f"{code}*"))


def is_an_instant(value: Any, about: float) -> bool:
    """Whether a value tells the moment to the hour: seconds, milliseconds, or a text with a time of day."""
    if isinstance(value, (int, float)):
        return any(abs(value / scale - about) < 86_400 for scale in (1, 1000, 1_000_000))
    return isinstance(value, str) and re.search(r"\d\d:\d\d", value) is not None


# ------------------------------------------------------------------------------------- who wrote what
def test_the_order_of_answers_cannot_be_read_from_the_box(settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    nonces = [secrets.token_hex(8) for _each in range(150)]
    cards = [sha256(each.encode()).hexdigest() for each in nonces]
    truth = [sha256(each.encode()).digest() for each in nonces]
    answers.make("attacked", QUESTIONS, cards)
    for nonce, card in zip(nonces, cards, strict=True):
        assert (
            answers.put("attacked", nonce, {"state": "good", "first": "热水"}, card) is answers.Outcome.TAKEN
        )
    path = files.path_of("attacked")
    with closing(sqlite3.connect(path)) as box:
        bodies = [body for (body,) in box.execute("SELECT body FROM place WHERE used = 1 ORDER BY rowid")]
        slips = [digest for (digest,) in box.execute("SELECT digest FROM slip")]
    raw = path.read_bytes()
    marks = [body[: answers.MARK] for body in bodies]
    orders = {
        "places": marks,
        "bytes": sorted(truth, key=raw.find),
        "last bytes": sorted(truth, key=raw.rfind),
        "sealed": [
            mark for _body, mark in sorted((body[answers.MARK :], body[: answers.MARK]) for body in bodies)
        ],
    }
    assert {len(order) for order in orders.values()} == {150}
    assert above_chance(orders, truth) == {}
    # which slip brought which answer: the k-th slip of the list against the k-th place
    order_of_slips = [bytes.fromhex(each) for each in slips]
    assert links({"slips": order_of_slips}, marks)["slips"] <= 6
    assert {len(body) for body in bodies} == {len(bodies[0])}


def test_the_same_attack_reads_a_naive_table(tmp_path):
    truth = [secrets.token_bytes(32) for _each in range(150)]
    with closing(sqlite3.connect(tmp_path / "naive")) as naive, naive:
        naive.execute("CREATE TABLE answer (mark BLOB)")
        naive.executemany("INSERT INTO answer VALUES (?)", ((each,) for each in truth))
        found = [mark for (mark,) in naive.execute("SELECT mark FROM answer ORDER BY rowid")]
    assert links({"rows": found}, truth)["rows"] == 150
