"""Killed in the middle of writing: no acknowledged entry is lost, none is half there. Ten times daily, 500 for a release.

A process of its own posts payments one after another and writes the number of each voucher to a pipe only after its
transaction is committed; it is killed with SIGKILL at a random moment, then the books are looked at. The writers are
forked from one that has loaded Django and no more: to load it for each takes longer than all the writing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from zhibu.dues.models import DuesBook, DuesPosting, Voucher
from zhibu.dues.queries import balances

KILLS = int(os.environ.get("ZHIBU_TEST_KILLS", "10"))
WRITERS = """
import os
import sys
from datetime import date, datetime, UTC
import django
from django.conf import settings
{configure}
django.setup()
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.dues import actions
from zhibu.register.models import Organisation
now = datetime(2026, 7, 20, 2, tzinfo=UTC)
person = int(sys.argv[1])
def tell(what):
    # one short write is whole or not at all
    os.write(1, f"{{what}}\\n".encode())
for _asked in sys.stdin:
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        tell("dead")
        continue
    tell(os.getpid())
    place = Organisation.objects.get(code="T-M")
    actor = Actor(1, 1, "收缴人", (Mandate("secretary", place.pk, place.path, frozenset({{"dues.*"}}), Reach.OWN),))
    while True:
        made = actions.record_extra(actor, organisation=place, person=person, fen=7, paid_on=date(2026, 7, 1), now=now)
        tell(made.number)
"""


def writers(person: int) -> subprocess.Popen[str]:
    """Gives a writer for each line it reads, on the very database of this test, and with the durability of an installation."""
    database = {key: value for key, value in connection.settings_dict.items() if key != "TEST"}
    database["OPTIONS"] = dict(database["OPTIONS"])
    if connection.vendor == "sqlite":
        database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("=OFF", "=FULL")
    configure = (
        "from zhibu.project import settings as ours\n"
        f"ours.DATABASES = {{'default': {database!r}}}\n"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'zhibu.project.settings'"
    )
    return subprocess.Popen(
        [sys.executable, "-c", WRITERS.format(configure=configure), str(person)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env={**os.environ, "ZHIBU_HOME": str(settings.ZHIBU_HOME), "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )  # fmt: skip


def drill(books, kills):
    dice, told = random.Random(9), set()
    person = books.people["li"]
    with writers(person) as child:
        for _round in range(kills):
            child.stdin.write("another\n")
            pid, first = int(child.stdout.readline()), child.stdout.readline()
            time.sleep(dice.uniform(0, 0.15))
            os.kill(pid, signal.SIGKILL)
            told |= {int(first), *(int(line) for line in iter(child.stdout.readline, "dead\n"))}
            look(told)
        child.stdin.close()
    return told


def look(told):
    """Every acknowledged voucher is there with its posting, numbers have no gap, and the sums agree."""
    connection.close()
    rows = list(Voucher.objects.order_by("number").values_list("number", "lines", "total_fen", "kind"))
    numbers = [row[0] for row in rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert told <= set(numbers)
    extra = [row for row in rows if row[3] == "extra"]
    assert DuesPosting.objects.filter(credit="extra").count() == len(extra)
    book = DuesBook.objects.get()
    assert book.last_number == len(numbers)
    standing = balances.standing(balances.funds([book.pk])[book.pk])
    assert standing.cash_fen == standing.extra_fen == 7 * len(extra)


@pytest.fixture
def durable(transactional_db, request):
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"].startswith("file:"):
        pytest.skip("a database in memory dies with its process; run this file alone, or on PostgreSQL")
    return request.getfixturevalue("books")


@pytest.mark.django_db(transaction=True)
def test_killed_while_writing(durable, live_server):
    told = drill(durable, KILLS)
    assert len(told) >= KILLS


@pytest.mark.release
@pytest.mark.django_db(transaction=True)
def test_killed_five_hundred_times(durable, live_server):
    told = drill(durable, 500)
    assert len(told) >= 500
