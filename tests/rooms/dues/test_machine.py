"""Random operations against a plain oracle: balanced at every step, to the fen.

The oracle is a dictionary and a list; it knows nothing of funds, vouchers or SQL. A few hundred operations daily (checked after each),
100,000 for a release (ZHIBU_DUES_OPERATIONS for another number).
"""

import os
import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.rooms.dues.conftest import JUNE
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import actions
from zhibu.dues.models import DuesPosting
from zhibu.dues.queries import balances

DUE = {"li": 5000, "wang": 5000, "zhao": 7502, "chen": 20}


class Oracle:
    """Who owes what for which month, and what is in the till."""

    def __init__(self):
        self.charged, self.paid, self.cash, self.bank = {}, defaultdict(int), 0, 0
        self.extra, self.kept, self.sent, self.arrived, self.used = 0, 0, 0, 0, 0
        self.payments = []

    def charge(self, who, month):
        self.charged.setdefault((who, month), DUE[who])

    def open(self, who, month):
        return self.charged.get((who, month), 0) - self.paid[who, month]

    def take(self, who, month, fen, channel):
        self.paid[who, month] += fen
        self.put(channel, fen)

    def put(self, channel, fen):
        if channel == "cash":
            self.cash += fen
        else:
            self.bank += fen


class Machine:
    def __init__(self, books, seed):
        self.books, self.town, self.dice, self.now = books, books.town, random.Random(seed), books.now
        self.oracle = Oracle()
        self.months = [Month.from_key(Month(2026, 7).key - back) for back in range(7)]
        self.names = {pk: name for name, pk in books.people.items()}
        self.waiting, self.done, self.refusals = [], 0, 0
        self.closed = None

    @staticmethod
    def refused(expected):
        assert expected, "refused what the oracle allows"

    def day(self):
        return date(2026, 7, 1) + timedelta(days=self.dice.randrange(20))

    def step(self):
        doing = self.dice.choice(
            (
                self.collect,
                self.pay,
                self.pay,
                self.reverse,
                self.extra,
                self.remit,
                self.accept,
                self.use,
                self.charge,
                self.close,
            )
        )
        try:
            doing()
        except Refused:
            self.refusals += 1
        self.done += 1

    def charge(self):
        month = self.dice.choice(self.months)
        actions.charge_month(self.town.li, organisation=self.town.mining, month=month, now=self.now)
        for name in DUE:
            self.oracle.charge(name, month)

    def collect(self):
        month = self.dice.choice(self.months)
        some = self.dice.sample(sorted(self.names), self.dice.randint(0, 4))
        channel, day = self.dice.choice(("cash", "transfer")), self.day()
        self.books.collect(month, some, day, channel=channel)
        for name in DUE:
            self.oracle.charge(name, month)
        for pk in some:
            name = self.names[pk]
            fen = self.oracle.open(name, month)
            if fen > 0:
                self.oracle.take(name, month, fen, channel)

    def pay(self):
        name, month = self.dice.choice(sorted(DUE)), self.dice.choice(self.months)
        fen = self.dice.choice((1, 20, 5000, 7502, self.dice.randint(1, 8000)))
        channel = self.dice.choice(("cash", "transfer"))
        owed = DUE[name] - self.oracle.paid[name, month]
        try:
            actions.record_payment(
                self.town.li, organisation=self.town.mining, parts=[actions.Part(self.books.people[name], month, fen)],
                paid_on=self.day(), now=self.now, channel=channel,
            )  # fmt: skip
        except Refused:
            self.refused(fen > owed)
            raise
        assert fen <= owed
        self.oracle.charge(name, month)
        self.oracle.take(name, month, fen, channel)

    def reverse(self):
        rows = DuesPosting.objects.filter(
            organisation=self.town.mining, voucher__kind="payment", reversed_by__isnull=True
        )
        pick = rows.order_by("pk")[self.dice.randrange(40) :].first()
        if pick is None:
            return
        actions.reverse(
            self.town.li, organisation=self.town.mining, postings=[pick.pk], reason="更正", now=self.now
        )
        month = Month.of(pick.month_on)
        self.oracle.take(
            self.names[pick.person_id], month, -pick.fen, "cash" if pick.debit == "cash" else "transfer"
        )

    def extra(self):
        fen = self.dice.choice((1, 99_999, 100_000))
        actions.record_extra(
            self.town.li, organisation=self.town.mining, person=self.books.people["li"], fen=fen, paid_on=self.day(),
            now=self.now,
        )  # fmt: skip
        self.oracle.extra += fen
        self.oracle.put("cash", fen)

    def remit(self):
        fen, kept = self.dice.randint(1, 20_000), self.dice.choice((0, 0, 500))
        channel = self.dice.choice(("cash", "transfer"))
        there = self.oracle.cash if channel == "cash" else self.oracle.bank
        mine = self.oracle.kept - self.oracle.used
        fits = fen <= there and fen + kept <= self.oracle.cash + self.oracle.bank - mine
        try:
            made = actions.remit(
                self.town.li, organisation=self.town.mining, until=JUNE, fen=fen, kept_fen=kept, sent_on=self.day(),
                now=self.now, channel=channel,
            )  # fmt: skip
        except Refused:
            self.refused(not fits)
            raise
        assert fits
        self.waiting.append((made, fen, channel))
        self.oracle.put(channel, -fen)
        self.oracle.sent += fen
        self.oracle.kept += kept

    def accept(self):
        if not self.waiting:
            return
        made, fen, _channel = self.waiting.pop(self.dice.randrange(len(self.waiting)))
        actions.accept_remittance(
            self.books.accountant, remittance=made, accepted_on=date(2026, 7, 20), now=self.now
        )
        self.oracle.arrived += fen

    def use(self):
        fen = self.dice.randint(1, 400)
        there = min(self.oracle.cash, self.oracle.kept - self.oracle.used)
        use = actions.Use("training", fen, self.day(), "培训", date(2026, 7, 1), "支部委员会会议", 3)
        try:
            actions.use_funds(self.town.li, organisation=self.town.mining, use=use, now=self.now)
        except Refused:
            self.refused(fen > there)
            raise
        assert fen <= there
        self.oracle.used += fen
        self.oracle.put("cash", -fen)

    def close(self):
        month = self.dice.choice(self.months[1:])
        if self.closed is not None and month <= self.closed:
            return
        if self.dice.random() < 0.9:
            return
        actions.close_month(self.town.li, organisation=self.town.mining, month=month, now=self.now)
        self.closed = month

    def check(self):
        """Every balance of the ledger is the oracle's."""
        oracle, known = (
            self.oracle,
            balances.of_branch(self.town.mining.pk, date(2026, 1, 1), date(2026, 12, 1)),
        )
        seen = {
            (self.names[person], Month.of(month)): (row.charged_fen, row.paid_fen)
            for (person, month), row in known.items()
        }
        assert seen == {key: (fen, oracle.paid[key]) for key, fen in oracle.charged.items()}
        funds = balances.funds([self.town.mining.pk, self.town.committee.pk])
        standing = balances.standing(funds.get(self.town.mining.pk))
        owed = sum(oracle.open(*key) for key in oracle.charged)
        assert (
            standing.cash_fen, standing.bank_fen, standing.receivable_fen, standing.extra_fen, standing.retained_fen,
            standing.used_fen, standing.in_transit_fen, standing.remitted_fen,
        ) == (
            oracle.cash, oracle.bank, owed, oracle.extra, oracle.kept, oracle.used, oracle.sent - oracle.arrived,
            oracle.arrived,
        )  # fmt: skip
        assert balances.standing(funds.get(self.town.committee.pk)).from_below_fen == oracle.arrived
        assert [sum(book.values()) for book in funds.values()] == [0] * len(funds)
        self.check_evidence()

    def check_evidence(self):
        sums = balances.month_sums([self.town.mining.pk], date(2026, 1, 1), date(2026, 12, 1))
        oracle = self.oracle
        for (_place, first), row in sums.items():
            month = Month.of(first)
            keys = [key for key in oracle.charged if key[1] == month]
            assert (row.due_fen, row.received_fen, row.members_due, row.members_paid) == (
                sum(oracle.charged[key] for key in keys), sum(oracle.paid[key] for key in keys), len(keys),
                sum(oracle.open(*key) == 0 for key in keys),
            )  # fmt: skip


def run(books, seed, operations, every):
    machine = Machine(books, seed)
    for number in range(operations):
        machine.step()
        if number % every == 0:
            machine.check()
    machine.check()
    return machine


def test_random_operations_stay_balanced(books):
    machine = run(books, 20260725, int(os.environ.get("ZHIBU_DUES_OPERATIONS", "250")), 1)
    assert machine.refusals < machine.done


@pytest.mark.release
def test_a_hundred_thousand_operations_stay_balanced(books):
    run(books, 6, 100_000, 10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM zb_dues_voucher")
        assert cursor.fetchone()[0] > 30_000
