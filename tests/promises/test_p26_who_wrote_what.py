"""Who answered what, who wrote the letter, whom the branch helped: nothing that is left behind says it.

A server of its own takes answers and letters without a name, shows them to whoever answers them, is killed, and every byte it
left is searched, as it would stand in a log, a JSON column, an archive; then the survey is counted, a backup is made, the
nightly job runs, and what it deleted is searched for again. The attacker of `attack.py` reads the box in every order.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.promises.attack import above_chance, links
from tests.promises.installed import Installation
from zhibu.ballots import files
from zhibu.concerns import answers
from zhibu.core.norms.surveys import Asked, Question
from zhibu.core.wording import Text

AGENT, ADDRESS = "Canaryphone/7.4 (ynb)", "203.0.113.77"
WORDS, LETTER, HELP = "金丝雀热水语", "金丝雀来信语", "金丝雀帮扶语"
CALLED = "金丝雀称呼语"
KINDS = ("question", "suggestion", "complaint")
PREPARE = f"""
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from zhibu.accounts.models import User
from zhibu.register.models import Post
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
def signed_in(name, post, place):
    Post.objects.create(person=people[name], organisation=place, kind=post, since=date(2020, 1, 1), known_at=1)
    user, client = User.objects.create_user(name, person=people[name]), Client()
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    return settings.SESSION_COOKIE_NAME + "=" + client.cookies[settings.SESSION_COOKIE_NAME].value
cookies = [signed_in("chen", "secretary", town.mining), signed_in("qian", "discipline_officer", town.committee)]
outside = Undertaken("help_plan", text="x", owner=people["wang"].pk, whom="{CALLED}", due_on=date(2026, 9, 1))
actions.undertake(town.li, organisation=town.mining, what=outside, now=now)
plan = Undertaken(
    "help_plan", text="{HELP}一", owner=people["wang"].pk, about=people["chen"].pk, due_on=date(2026, 9, 1))
row = actions.undertake(town.li, organisation=town.mining, what=plan, now=now)
actions.agree(town.chen, undertaking=row, now=now)
actions.report_progress(town.wang, undertaking=row, text="{HELP}二" * 40, now=now)
actions.report_done(town.wang, undertaking=row, result="{HELP}三" * 60, now=now)
print(json.dumps({{"survey": survey.code, "board": board_of(town.mining).address, "cookies": cookies}}))
"""
COUNT = """
import django
django.setup()
from datetime import datetime
from zhibu.concerns import actions, queries
from zhibu.concerns.models import Survey
from zhibu.core.authority import Actor, Mandate, Reach
now = datetime.fromisoformat("2026-07-28T10:00:00+08:00")
survey = Survey.objects.get()
place = survey.organisation
actor = Actor(0, None, "x", (Mandate("secretary", place.pk, place.path, frozenset({"concerns.*"}), Reach.OWN),))
survey = actions.count_survey(actor, survey=survey, now=now)
assert len(queries.words_of(survey)) == 11
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
    """The files that have a word, as it is written in a table, a log or a JSON column; also within an archive."""
    found = everything(home)
    spelled = [each for word in words for each in spellings(word)]
    return {
        name for name, content in found.items() for each in unpacked(content) if any(map(each.count, spelled))
    }


def spellings(word: str) -> list[bytes]:
    plain = [word, json.dumps(word)[1:-1], quote(word)]
    return [*(each.encode() for each in plain), word.encode("gb18030"), word.encode("utf-16-le")]


def unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unpacked(archive.read(name))


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
    assert holding(home, CALLED)
    before = tables(home)
    home.start()
    for each in range(11):
        assert sent(home, f"/survey/{at['survey']}/", {"q-state": "good", "q-first": f"{WORDS}{each}"}) == 200
    assert tables(home) == before
    asked_at = time.time()
    for kind in KINDS:
        given = {"text": f"{LETTER}{kind}", "contact": f"{LETTER}联系", "noticed": "on"}
        assert sent(home, f"/portal/{at['board']}/ask/new/{kind}/", given) == 200
    sent_rows = tables(home)
    # whoever answers them reads them, each one's own kind; nothing of that stays either
    shown = [
        [home.ask("GET", f"/letters/{row[0]}/", b"", {"Cookie": cookie}) for row in sent_rows["zb_missive"]]
        for cookie in at["cookies"]
    ]
    assert [[(status, LETTER in body.decode()) for status, body in each] for each in shown] == [
        [(200, True), (200, True), (404, False)],
        [(404, False), (404, False), (200, True)],
    ]
    home.kill()
    assert holding(home, WORDS, LETTER, AGENT, ADDRESS, "canarycookie") == set()
    for path in files_beside(home, at["survey"]):
        assert path.stat().st_mtime % answers.DAY == 0
    grown = {name: rows for name, rows in sent_rows.items() if rows != before[name]}
    assert set(grown) - {"sqlite_sequence"} == {"zb_missive"}
    assert [value for row in grown["zb_missive"] for value in row if is_an_instant(value, asked_at)] == []

    subprocess.run([sys.executable, "-c", COUNT], env=home.environment, check=True)
    assert not files_beside(home, at["survey"])
    home.zhibu("backup", str(home.home / "all.zhibu"))
    assert "all.zhibu" in holding(home, HELP)
    assert holding(home, WORDS, LETTER, AGENT, ADDRESS) == set()
    (home.home / "all.zhibu").unlink()

    home.zhibu("forget", "--now", "2026-12-25T03:00:00+08:00")
    assert holding(home, HELP, CALLED) == set()
    kept = [row for row in tables(home)["zb_entry"] if "undertakings.forget" in row]
    assert len(kept) == 1
    assert [path.stat().st_size for path in home.home.glob("*-wal") if path.stat().st_size] == []
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
