"""Random operations against a plain oracle: balanced at every step, to the fen.

The oracle is a dictionary and a list; it knows nothing of funds, vouchers or SQL. A few hundred operations daily, 100,000
for a release, in books of 1,000 each; after every single one all balances are compared. ZHIBU_TEST_OPERATIONS gives
another number, ZHIBU_TEST_SEED another beginning.
"""

import os
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from tests.rooms.dues.conftest import JUNE, self_mandate
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import actions
from zhibu.dues.imports import LineRow, Lines
from zhibu.dues.models import DuesPosting, StatementLine
from zhibu.dues.platforms import Local, Told
from zhibu.dues.queries import balances

DUE = {"li": 5000, "wang": 5000, "zhao": 7502, "chen": 20}
BASES = {300_000: 1500, 500_000: 5000, 500_100: 7502}
"""Monthly pay, and the dues of it."""
BOOK, PARTS = 1000, 10


class Oracle:
    """Who owes what for which month, and what is in the till."""

    def __init__(self):
        self.due = dict(DUE)
        self.charged, self.paid, self.cash, self.bank = {}, defaultdict(int), 0, 0
        self.extra, self.kept, self.sent, self.arrived, self.used, self.income = 0, 0, 0, 0, 0, 0

    def charge(self, who, month):
        self.charged.setdefault((who, month), self.due[who])

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

    @property
    def own(self):
        return self.kept + self.income - self.used

    @property
    def sound(self):
        """Nothing is given away that is not there."""
        return min(self.cash, self.bank, self.own, self.cash + self.bank - self.own) >= 0


class Machine:
    def __init__(self, books, seed):
        self.books, self.town, self.dice, self.now = books, books.town, random.Random(seed), books.now
        self.oracle = Oracle()
        self.months = [Month.from_key(Month(2026, 7).key - back) for back in range(7)]
        self.names = {pk: name for name, pk in books.people.items()}
        self.waiting, self.orders, self.lines, self.count = [], [], [], 0
        self.closed, self.refusals, self.done = None, 0, defaultdict(int)
        self.doing = (
            self.collect, self.pay, self.pay, self.reverse, self.reverse, self.extra, self.remit, self.accept, self.use,
            self.charge, self.close, self.adjust, self.order, self.told, self.statement, self.match, self.allocated,
        )  # fmt: skip

    @staticmethod
    def refused(expected):
        assert expected, "refused what the oracle allows"

    def day(self):
        return date(2026, 7, 1) + timedelta(days=self.dice.randrange(20))

    def step(self):
        doing = self.dice.choice(self.doing)
        try:
            doing()
        except Refused:
            self.refusals += 1
        else:
            self.done[doing.__name__] += 1

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
        owed = self.oracle.charged.get((name, month), self.oracle.due[name]) - self.oracle.paid[name, month]
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
            organisation=self.town.mining, voucher__kind__in=("payment", "extra", "use", "income"),
            reverses__isnull=True, reversed_by__isnull=True,
        )  # fmt: skip
        pick = rows.order_by("-pk")[self.dice.randrange(30) :].first()
        if pick is None:
            return
        self.take_back(pick, 1)
        sound = self.oracle.sound
        try:
            actions.reverse(
                self.town.li, organisation=self.town.mining, postings=[pick.pk], reason="更正", now=self.now
            )
        except Refused:
            self.take_back(pick, -1)
            self.refused(not sound)
            raise
        assert sound

    def take_back(self, row, sign):
        """What the oracle makes of the opposite of a posting (sign -1: of the opposite of that)."""
        oracle, fen = self.oracle, sign * row.fen
        if row.credit == "receivable":
            oracle.take(self.names[row.person_id], Month.of(row.month_on), -fen, row.debit)
            return
        if row.debit == "used":
            oracle.used -= fen
            oracle.put(row.credit, fen)
            return
        if row.credit == "extra":
            oracle.extra -= fen
        else:
            oracle.income -= fen
        oracle.put(row.debit, -fen)

    def adjust(self):
        """A base that was mistaken: declared anew, and the charge of a month corrected."""
        name, month, base = (
            self.dice.choice(sorted(DUE)),
            self.dice.choice(self.months),
            self.dice.choice(sorted(BASES)),
        )
        declared = actions.Declared(self.books.people[name], "monthly_paid", Month(2026, 1), base)
        who = self.town.wang if name == "li" else self.town.li
        actions.declare_base(who, organisation=self.town.mining, declared=declared, now=self.now)
        self.oracle.due[name] = BASES[base]
        there = (name, month) in self.oracle.charged
        try:
            actions.adjust_charge(
                self.town.li, organisation=self.town.mining, month=month, person=self.books.people[name], reason="更正",
                now=self.now,
            )  # fmt: skip
        except Refused:
            self.refused(not there)
            raise
        assert there
        self.oracle.charged[name, month] = BASES[base]

    def order(self):
        name = self.dice.choice(sorted(DUE))
        some = self.dice.sample(self.months, 2)
        fen = sum(max(0, self.oracle.open(name, month)) for month in some)
        person = self.town.people[name]
        try:
            made, _address = actions.create_order(
                self_mandate(person),
                organisation=self.town.mining,
                person=person,
                months=some,
                door=Local(),
                now=self.now,
            )
        except Refused:
            self.refused(fen == 0)
            raise
        assert made.fen == fen
        parts = [
            (month, self.oracle.open(name, month)) for month in some if self.oracle.open(name, month) > 0
        ]
        self.orders.append((made, name, parts, []))

    def told(self):
        """A callback: the first, the same again, or with another amount; then perhaps a person looks at it."""
        if not self.orders:
            return
        order, name, parts, before = self.orders[self.dice.randrange(len(self.orders))]
        fen = order.fen if self.dice.random() < 0.7 else self.dice.randint(1, 9000)
        told = Told(order.number, f"P{order.pk}", fen, self.now)
        state = actions.settle_order(None, door=Local(), told=told, now=self.now).state
        fits = fen == order.fen and all(fen <= self.oracle.open(name, month) for month, fen in parts)
        if before:
            assert state == before[0]
            return
        assert state == ("paid" if fits else "review")
        before.append(state)
        if fits:
            for month, part in parts:
                self.oracle.take(name, month, part, "platform")
        elif self.dice.random() < 0.5:
            actions.resolve_order(self.town.li, order=order, fen=fen, now=self.now)
            before[0] = "paid"
            self.oracle.extra += fen
            self.oracle.put("platform", fen)

    def statement(self):
        """A statement of three lines; imported a second time nothing of it is new."""
        self.count += 1
        rows = [
            LineRow(f"R{self.count}-{line}", self.day(), self.dice.choice((20, 5000, 7502, self.dice.randint(1, 9000))), "某人", "")
            for line in range(3)
        ]  # fmt: skip
        for new in (3, 0):
            _made, taken = actions.import_statement(
                self.town.li, organisation=self.town.mining, lines=Lines(f"{self.count:064d}", rows), file_name="x.xlsx",
                now=self.now,
            )  # fmt: skip
            assert taken == new
        self.lines += [(row.reference, row.fen) for row in rows]

    def match(self):
        """A line is laid on somebody's oldest open months, or does not fit."""
        if not self.lines:
            return
        at = self.dice.randrange(len(self.lines))
        (reference, fen), name = self.lines[at], self.dice.choice(sorted(DUE))
        left, parts = fen, []
        for month in sorted(self.months):
            part = max(0, min(left, self.oracle.open(name, month)))
            left -= part
            parts.append((month, part))
        line = StatementLine.objects.get(reference=reference)
        try:
            actions.match_lines(
                self.town.li,
                organisation=self.town.mining,
                chosen={line.pk: self.books.people[name]},
                now=self.now,
            )
        except Refused:
            self.refused(left > 0)
            raise
        assert left == 0
        del self.lines[at]
        for month, part in parts:
            self.oracle.take(name, month, part, "transfer")

    def allocated(self):
        fen = self.dice.randint(1, 300)
        kind = self.dice.choice(("allocated", "interest"))
        actions.record_income(
            self.town.li, organisation=self.town.mining, kind=kind, fen=fen, came_on=self.day(), now=self.now
        )
        self.oracle.income += fen
        self.oracle.put("transfer", fen)

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
        fits = fen <= there and fen + kept <= self.oracle.cash + self.oracle.bank - self.oracle.own
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
        there = min(self.oracle.cash, self.oracle.own)
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
        """Every balance of the ledger is the oracle's, by plain SQL."""
        oracle, mining = self.oracle, self.town.mining.pk
        charged, paid, funds = defaultdict(int), defaultdict(int), defaultdict(int)
        for place, person, month, debit, credit, fen in rows_of(POSTINGS):
            funds[place, debit] += fen
            funds[place, credit] -= fen
            if month is None:
                continue
            key, sign = (self.names[person], month_of(month)), 1 if debit == "receivable" else -1
            if "dues" in (debit, credit):
                charged[key] += sign * fen
            else:
                paid[key] -= sign * fen
        assert charged == oracle.charged
        assert {key: fen for key, fen in paid.items() if fen} == {
            key: fen for key, fen in oracle.paid.items() if fen
        }
        there = [funds[mining, fund] for fund in FUNDS]
        assert there == [
            oracle.cash, oracle.bank, sum(charged.values()) - sum(paid.values()), -oracle.extra, -oracle.kept, oracle.used,
            oracle.sent - oracle.arrived, oracle.arrived, -oracle.income,
        ]  # fmt: skip
        assert funds[self.town.committee.pk, "from_below"] == -oracle.arrived
        assert oracle.sound
        for first, *sums in rows_of(EFFECTS):
            keys = [key for key in oracle.charged if key[1] == month_of(first)]
            assert sums == [
                sum(oracle.charged[key] for key in keys), sum(oracle.paid[key] for key in keys), len(keys),
                sum(oracle.open(*key) <= 0 for key in keys),
            ]  # fmt: skip

    def check_queries(self):
        """What the pages read is the same."""
        oracle = self.oracle
        known = balances.of_branch(self.town.mining.pk, date(2026, 1, 1), date(2026, 12, 1))
        seen = {
            (self.names[person], Month.of(month)): (row.charged_fen, row.paid_fen)
            for (person, month), row in known.items()
        }
        assert seen == {key: (fen, oracle.paid[key]) for key, fen in oracle.charged.items()}
        funds = balances.funds([self.town.mining.pk, self.town.committee.pk])
        standing = balances.standing(funds.get(self.town.mining.pk))
        assert (standing.in_hand_fen, standing.to_use_fen) == (oracle.cash + oracle.bank, oracle.own)
        assert [sum(book.values()) for book in funds.values()] == [0] * len(funds)


FUNDS = ("cash", "bank", "receivable", "extra", "retained", "used", "in_transit", "remitted", "income")
POSTINGS = (
    "SELECT organisation_id, person_id, month_on, CASE WHEN debit IN ('allocated', 'interest') THEN 'income' ELSE debit END,"
    " CASE WHEN credit IN ('allocated', 'interest') THEN 'income' ELSE credit END, sum(fen)"
    " FROM zb_dues_posting GROUP BY 1, 2, 3, 4, 5"
)
EFFECTS = (
    "SELECT month_on, sum(due_fen), sum(received_fen), sum(members_due), sum(members_paid)"
    " FROM zb_dues_effect GROUP BY month_on"
)


def rows_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            [int(each) if isinstance(each, Decimal) else each for each in row] for row in cursor.fetchall()
        ]


def month_of(ordinal):
    return Month.of(date.fromordinal(ordinal))


def run(books, seed, operations):
    machine = Machine(books, seed)
    for number in range(operations):
        machine.step()
        machine.check()
        if number % 20 == 0:
            machine.check_queries()
    return machine


def test_random_operations_stay_balanced(books):
    seed, operations = (
        int(os.environ.get(f"ZHIBU_TEST_{name}", value))
        for name, value in (("SEED", 20260725), ("OPERATIONS", 600))
    )
    machine = run(books, seed, operations)
    assert machine.refusals < operations / 2
    assert {doing.__name__ for doing in machine.doing} == set(machine.done)


@pytest.mark.release
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand_operations_stay_balanced(books, part):
    done = 0
    for number in range(100_000 // BOOK // PARTS):
        # every thousand a book of its own, put away afterwards: what is compared stays small enough to do it each time
        before = transaction.savepoint()
        done += sum(run(books, PARTS * number + part, BOOK).done.values())
        transaction.savepoint_rollback(before)
    assert done > 50_000 / PARTS
