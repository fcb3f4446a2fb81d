"""Killed in the middle of writing: no acknowledged entry is lost, none is half there. Ten times daily, 500 for a release.

A process of its own posts payments one after another and writes the number of each voucher to a pipe only after its
transaction is committed; it is killed with SIGKILL at a random moment, then the books are looked at. The writers are
forked from one that has loaded Django and no more: to load it for each takes longer than all the writing.
"""

import os
import random
import signal
import time

import pytest
from django.db import connection

from tests.rooms.dues.apart import process
from zhibu.dues.models import DuesBook, DuesPosting, Voucher
from zhibu.dues.queries import balances

KILLS = int(os.environ.get("ZHIBU_TEST_KILLS", "10"))
WRITERS = """
place = Organisation.objects.get(code="T-M")
from django.db import connection
connection.close()
for _asked in sys.stdin:
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        tell("dead")
        continue
    tell(os.getpid())
    while True:
        made = actions.record_extra(
            holder(place), organisation=place, person=int(sys.argv[1]), fen=7, paid_on=date(2026, 7, 1), now=now
        )
        tell(made.number)
"""


def drill(books, kills):
    dice, told = random.Random(9), set()
    person = books.people["li"]
    with process(WRITERS, person) as child:
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


@pytest.mark.django_db(transaction=True)
def test_killed_while_writing(durable):
    told = drill(durable, KILLS)
    assert len(told) >= KILLS


@pytest.mark.release
@pytest.mark.django_db(transaction=True)
def test_killed_five_hundred_times(durable):
    told = drill(durable, 500)
    assert len(told) >= 500
