"""The same act in several processes at the same moment, on the database of an installation: one effect."""

import json
from collections import Counter
from datetime import date

import pytest

from tests.rooms.dues.apart import process
from tests.rooms.dues.conftest import JUNE
from tests.rooms.dues.test_ledger import sums
from zhibu.dues import actions, platforms
from zhibu.dues.models import (
    Closing,
    DuesBook,
    DuesPosting,
    PayOrder,
    Remittance,
    Statement,
    StatementLine,
    Voucher,
)

AT_ONCE = """
import json
import multiprocessing
import traceback
from django.db import connection
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import imports, platforms
from zhibu.dues.models import Remittance
june, day = Month(2026, 6), date(2026, 7, 5)
mining, above = Organisation.objects.get(code="T-M"), Organisation.objects.get(code="T")
people = json.loads(sys.argv[1])

def collect(number):
    made = actions.collect(
        holder(mining, number), organisation=mining, month=june, people=people[:3], paid_on=day, now=now
    )
    return made.lines if made else "nothing"

def charge(number):
    made = actions.charge_month(holder(mining, number), organisation=mining, month=june, now=now)
    return made.lines if made else "nothing"

def pay(number):
    part = actions.Part(people[3], june, given["owed"])
    actions.record_payment(holder(mining, number), organisation=mining, parts=[part], paid_on=day, now=now)
    return "paid"

def take_statement(number):
    rows = [imports.LineRow(f"R{line}", day, 20, "陈预备", "") for line in range(40)]
    return actions.import_statement(
        holder(mining, number), organisation=mining, lines=imports.Lines("5" * 64, rows), file_name="x.xlsx", now=now
    )[1]

def match(number):
    return actions.match_lines(holder(mining, number), organisation=mining, chosen={given["line"]: given["person"]}, now=now)

def callback(number):
    # five times each
    told = platforms.Told(given["order"], "P1", given["fen"], now)
    states = {actions.settle_order(None, door=platforms.Local(), told=told, now=now).state for _again in range(5)}
    return "+".join(states)

def take_back(number):
    actions.reverse(holder(mining, number), organisation=mining, postings=given["postings"], reason="x", now=now)
    return "reversed"

def remit(number):
    made = actions.remit(holder(mining, number), organisation=mining, until=june, fen=given["fen"], kept_fen=0, sent_on=day, now=now)
    return "sent"

def accept(number):
    actions.accept_remittance(
        holder(above, number), remittance=Remittance.objects.get(), accepted_on=date(2026, 7, 6), now=now
    )
    return "accepted"

def close(number):
    actions.close_month(holder(mining, number), organisation=mining, month=june, now=now)
    return "closed"

def child(number, start):
    try:
        connection.ensure_connection()
        start.wait(30)
        tell(globals()[given["act"]](number))
    except Refused as refused:
        tell(",".join(refused.codes))
    except Exception:
        tell(traceback.format_exc().replace(chr(10), " | "))
    os._exit(0)

connection.close()
for line in sys.stdin:
    given, children = json.loads(line), []
    start = multiprocessing.Barrier(given["count"])
    for number in range(given["count"]):
        pid = os.fork()
        if not pid:
            child(number + 1, start)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    tell("done")
"""


@pytest.fixture
def at_once(durable):
    """Run one act in several processes that begin together; how often each of their answers came."""
    with process(AT_ONCE, json.dumps(list(durable.people.values()))) as parent:

        def run(act, count=2, **given):
            parent.stdin.write(json.dumps({"act": act, "count": count, **given}) + "\n")
            return Counter(line.strip() for line in iter(parent.stdout.readline, "done\n"))

        yield run
        parent.stdin.close()


def money():
    rows = Voucher.objects.exclude(kind="charge").order_by("organisation__path", "number")
    return list(rows.values_list("kind", "total_fen"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_effect_of_the_same_act_at_once(durable, at_once, settings):
    settings.ZHIBU_DUES_DOOR = "local"
    town, people = durable.town, durable.people
    assert at_once("charge", 4) == {"4": 1, "nothing": 3}
    assert at_once("collect", 4) == {"3": 1, "nothing": 3}
    assert (sums(town), money()) == ((17522, 17502, 0, 4, 3, 1), [("payment", 17502)])
    assert at_once("pay", 4, owed=20) == {"paid": 1, "dues.over_paid": 3}
    paid = DuesPosting.objects.get(voucher__kind="payment", person_id=people["chen"])
    assert at_once("take_back", 3, postings=[paid.pk]) == {"reversed": 1, "dues.reversed_already": 2}
    # the same statement at the same moment, then the same line to the same member
    assert at_once("take_statement", 4) == {"40": 1, "0": 3}
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 40)
    line = StatementLine.objects.order_by("pk").first()
    assert at_once("match", 4, line=line.pk, person=people["chen"]) == {"1": 1, "0": 3}
    assert sums(town) == (17522, 17522, 0, 4, 4, 1)
    # fifty callbacks of one order
    charge = actions.charge_month(town.li, organisation=town.mining, month=JUNE.next(), now=durable.now)
    order, _address = actions.create_order(
        durable.member, organisation=town.mining, person=town.people["chen"], months=[JUNE.next()],
        door=platforms.Local(), now=durable.now,
    )  # fmt: skip
    assert at_once("callback", 10, order=order.number, fen=20) == {"paid": 10}
    assert (charge.lines, PayOrder.objects.values_list("state", "callbacks").get()) == (4, ("paid", 50))
    # the till of 17,502 is handed up once, counted once by whoever receives it, and the month is closed once
    assert at_once("remit", 3, fen=17000) == {"sent": 1, "dues.not_in_hand": 2}
    assert at_once("accept", 3) == {"accepted": 1, "dues.accepted_already": 2}
    assert at_once("close", 3) == {"closed": 1, "dues.closed_already": 2}
    assert money() == [
        ("accept", 17000), ("payment", 17502), ("payment", 20), ("reversal", 20), ("payment", 20), ("payment", 20),
        ("send", 17000), ("accept", 17000),
    ]  # fmt: skip
    assert (Remittance.objects.count(), Closing.objects.count()) == (1, 1)
    numbers = list(
        Voucher.objects.filter(organisation=town.mining).order_by("number").values_list("number", flat=True)
    )
    assert numbers == list(range(1, DuesBook.objects.get(pk=town.mining.pk).last_number + 1))
    assert Voucher.objects.get(kind="accept", organisation=town.committee).posted_on == date(2026, 7, 6)
