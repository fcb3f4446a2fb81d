"""Charges, payments, reversals, closing: who may not, what is posted, what the standards read."""

from datetime import date

import pytest
from django.db.models import Sum

from tests.rooms.dues.conftest import JULY, JUNE, PAID_ON
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import actions
from zhibu.dues.actions.closing import digest_until
from zhibu.dues.models import Closing, DuesBook, DuesEffect, DuesPosting, Voucher
from zhibu.dues.queries import balances, charging
from zhibu.record.models import Entry
from zhibu.register.models import Membership

DUE = {"li": 5000, "wang": 5000, "zhao": 7502, "chen": 20}


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.codes == codes


def sums(town, month=JUNE):
    row = balances.month_sums([town.mining.pk], month.first, month.first).get((town.mining.pk, month.first))
    return row and (
        row.due_fen,
        row.received_fen,
        row.in_time_fen,
        row.members_due,
        row.members_paid,
        row.charged,
    )


def postings():
    return list(
        DuesPosting.objects.order_by("pk").values_list(
            "person__initials", "month_on", "debit", "credit", "fen", "turn"
        )
    )


class TestCollect:
    def test_refused(self, books):
        town = books.town

        def collect(who, **more):
            given = {
                "organisation": town.mining,
                "month": JUNE,
                "people": [],
                "paid_on": PAID_ON,
                "now": books.now,
            }
            return lambda: actions.collect(who, **{**given, **more})

        for outsider in (town.qian, town.chen, town.sun, town.zhao):
            refused(collect(outsider), "dues.no_mandate")
        refused(collect(books.accountant, organisation=town.committee), "dues.not_a_branch")
        refused(collect(town.li, month=Month(2026, 8)), "dues.in_the_future")
        refused(collect(town.li, month=Month(2009, 12)), "dues.before_founding")
        refused(collect(town.li, paid_on=date(2026, 7, 21)), "dues.day_ahead")
        assert (Voucher.objects.count(), Entry.objects.filter(act="dues.collect").count()) == (0, 0)

    def test_a_whole_month_in_one_act(self, books):
        made = books.collect()
        assert (made.number, made.lines, made.total_fen, made.posted_on) == (2, 4, sum(DUE.values()), PAID_ON)
        assert sums(books.town) == (17522, 17522, 17522, 4, 4, 1)
        charge = Voucher.objects.get(kind="charge")
        assert (charge.book_on, charge.total_fen, len(charge.rulebook)) == (JUNE.first, 17522, 64)
        assert Entry.objects.filter(act="dues.collect").count() == 1

    def test_who_did_not_pay_stays_open_and_pays_late(self, books):
        people = books.people
        books.collect(people=[people["li"], people["chen"]])
        assert sums(books.town) == (17522, 5020, 5020, 4, 2, 1)
        books.collect(people=people.values(), paid_on=date(2026, 7, 2))
        assert sums(books.town) == (17522, 17522, 5020, 4, 4, 1)

    def test_two_collectors_take_the_money_once(self, books):
        books.collect()
        again = actions.collect(
            books.town.wang, organisation=books.town.mining, month=JUNE, people=list(books.people.values()),
            paid_on=PAID_ON, now=books.now,
        )  # fmt: skip
        assert again is None
        assert sums(books.town) == (17522, 17522, 17522, 4, 4, 1)

    def test_without_a_base_nobody_is_charged_and_the_page_says_so(self, books, town):
        newcomer = Membership.objects.create(
            person=town.people["zhou"], organisation=town.mining, stage="full_member", since=date(2026, 6, 1)
        )
        refused(lambda: books.collect(people=[newcomer.person_id]), "dues.base_unknown")
        books.collect()
        assert sums(town) == (17522, 17522, 17522, 4, 4, 1)

    def test_the_roster_states_an_amount_where_no_base_is_known(self, books, town):
        Membership.objects.filter(person=town.people["zhou"]).update(
            stage="full_member", dues_monthly_fen=1234
        )
        plan = {
            each.name: (each.fen, each.because)
            for each in charging.plan([town.mining.pk], JUNE, books.now.date())
        }
        assert plan["周积极"] == (1234, "roster")


class TestHistory:
    """Joined, transferred, deceased, exempted in mid-period: charged once, where the month began."""

    def plan(self, town, books, month=JUNE, branch=None):
        rows = charging.plan([(branch or town.mining).pk], month, books.now.date())
        return {each.name: each.fen for each in rows}

    def test_admitted_in_the_month(self, books, town):
        chen = town.people["chen"]
        chen.joined_on = date(2026, 6, 30)
        chen.save()
        assert self.plan(town, books, Month(2026, 5))["陈预备"] == 0
        assert self.plan(town, books)["陈预备"] == 20

    def test_transferred_in_mid_month(self, books, town):
        spell = Membership.objects.get(person=town.people["zhao"], organisation=town.mining)
        spell.until, spell.ended_because = date(2026, 6, 15), "transfer"
        spell.save()
        Membership.objects.create(
            person=town.people["zhao"], organisation=town.depot, stage="full_member", since=date(2026, 6, 15)
        )
        assert (
            self.plan(town, books).get("赵党员"),
            self.plan(town, books, branch=town.depot).get("赵党员"),
        ) == (7502, None)
        assert self.plan(town, books, JULY).get("赵党员") is None
        assert self.plan(town, books, JULY, town.depot)["赵党员"] == 7502

    def test_deceased_in_the_month(self, books, town):
        Membership.objects.filter(person=town.people["zhao"], organisation=town.mining).update(
            until=date(2026, 6, 15), ended_because="deceased"
        )
        assert "赵党员" not in self.plan(town, books)

    def test_stage_changed_in_the_month_is_one_member(self, books, town):
        Membership.objects.filter(person=town.people["chen"]).update(
            until=date(2026, 6, 10), ended_because="stage"
        )
        Membership.objects.create(
            person=town.people["chen"], organisation=town.mining, stage="full_member", since=date(2026, 6, 10)
        )
        assert self.plan(town, books)["陈预备"] == 20

    def test_relief_asked_by_the_branch_and_approved_above(self, books, town):
        made = actions.propose_relief(
            town.li, organisation=town.mining, person=town.people["zhao"], to_fen=100, since=JUNE, until=JUNE,
            studied_on=date(2026, 5, 20), reason="长期患病", now=books.now,
        )  # fmt: skip
        assert "长期患病" not in made.reason_sealed
        assert self.plan(town, books)["赵党员"] == 7502
        refused(
            lambda: actions.approve_relief(town.li, hardship=made, approved=True, now=books.now),
            "dues.superior_approves",
        )
        actions.approve_relief(books.accountant, hardship=made, approved=True, now=books.now)
        assert (self.plan(town, books)["赵党员"], self.plan(town, books, JULY)["赵党员"]) == (100, 7502)
        refused(
            lambda: actions.approve_relief(books.accountant, hardship=made, approved=False, now=books.now),
            "dues.settled_already",
        )

    def test_a_mistaken_base_is_corrected_by_reversal(self, books, town):
        books.collect(people=[])
        declared = actions.Declared(books.people["zhao"], "monthly_paid", JUNE, 300_000)
        actions.declare_base(town.wang, organisation=town.mining, declared=declared, now=books.now)
        actions.adjust_charge(
            town.li,
            organisation=town.mining,
            month=JUNE,
            person=books.people["zhao"],
            reason="基数有误",
            now=books.now,
        )
        assert sums(town) == (17522 - 7502 + 1500, 0, 0, 4, 0, 1)
        turns = DuesPosting.objects.filter(person_id=books.people["zhao"], credit="dues").values_list(
            "turn", flat=True
        )
        assert sorted(turns) == [0, 1]


class TestPayments:
    def pay(self, books, name, months, fen=None, **more):
        who = books.people[name]
        parts = [actions.Part(who, month, fen or DUE[name]) for month in months]
        given = {
            "organisation": books.town.mining,
            "parts": parts,
            "paid_on": date(2026, 7, 3),
            "now": books.now,
        }
        return actions.record_payment(books.town.li, **{**given, **more})

    def test_arrears_in_part_and_never_more_than_owed(self, books):
        books.collect(people=[])
        self.pay(books, "zhao", [JUNE], 7000)
        assert sums(books.town) == (17522, 7000, 0, 4, 0, 1)
        refused(lambda: self.pay(books, "zhao", [JUNE], 503), "dues.over_paid")
        self.pay(books, "zhao", [JUNE], 502)
        assert sums(books.town) == (17522, 7502, 0, 4, 1, 1)

    def test_a_quarter_ahead_needs_the_consent_of_the_branch(self, books, town):
        quarter = [JULY, Month(2026, 8), Month(2026, 9)]
        refused(lambda: self.pay(books, "li", quarter), "dues.no_consent")
        actions.agree(
            town.li, organisation=town.mining, person=town.people["li"], kind="quarterly", since_on=date(2026, 7, 1),
            now=books.now,
        )  # fmt: skip
        made = self.pay(books, "li", quarter)
        assert (made.lines, sums(town, Month(2026, 9))) == (3, (5000, 5000, 5000, 1, 1, 0))

    def test_nothing_negative_nothing_twice_nobody_elses(self, books, town):
        refused(lambda: self.pay(books, "li", [JUNE, JUNE]), "dues.nothing_paid")
        refused(lambda: self.pay(books, "li", []), "dues.nothing_paid")
        refused(lambda: self.pay(books, "li", [JUNE], organisation=town.depot), "dues.no_mandate")
        stranger = [actions.Part(town.people["qian"].pk, JUNE, 1)]
        refused(lambda: self.pay(books, "li", [JUNE], parts=stranger), "dues.over_paid")

    def test_a_refund_is_the_opposite_beside_the_payment(self, books, town):
        made = books.collect()
        posting = DuesPosting.objects.get(voucher=made, person_id=books.people["zhao"])
        refused(
            lambda: actions.reverse(
                town.li, organisation=town.mining, postings=[posting.pk], reason=" ", now=books.now
            ),
            "dues.reason_needed",
        )
        back = actions.reverse(
            town.li, organisation=town.mining, postings=[posting.pk], reason="重复登记", now=books.now
        )
        assert (back.total_fen, sums(town)) == (7502, (17522, 10020, 10020, 4, 3, 1))
        refused(
            lambda: actions.reverse(
                town.li, organisation=town.mining, postings=[posting.pk], reason="再来", now=books.now
            ),
            "dues.reversed_already",
        )
        charge = DuesPosting.objects.filter(credit="dues").first()
        refused(
            lambda: actions.reverse(
                town.li, organisation=town.mining, postings=[charge.pk], reason="x", now=books.now
            ),
            "dues.not_reversible",
        )
        assert DuesPosting.objects.aggregate(all=Sum("fen"))["all"] == 17522 * 2 + 7502


class TestClosing:
    def test_a_closed_month_takes_nothing_more(self, books, town):
        books.collect()
        refused(
            lambda: actions.close_month(town.li, organisation=town.mining, month=JULY, now=books.now),
            "dues.month_running",
        )
        made = actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now)
        assert (made.vouchers, made.due_fen, made.received_fen, made.cash_fen, made.bank_fen) == (
            2,
            17522,
            17522,
            17522,
            0,
        )
        assert made.digest == digest_until(town.mining, JUNE)
        refused(
            lambda: actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now),
            "dues.closed_already",
        )
        part = [actions.Part(books.people["li"], JULY, 5000)]
        given = {"organisation": town.mining, "parts": part, "now": books.now}
        refused(lambda: actions.record_payment(town.li, paid_on=PAID_ON, **given), "dues.month_closed")
        actions.record_payment(town.li, paid_on=date(2026, 7, 1), **given)
        assert (Closing.objects.count(), DuesBook.objects.get(pk=town.mining.pk).closed_through) == (
            1,
            JUNE.first,
        )

    def test_months_of_a_closed_time_are_still_raised_and_booked_later(self, books, town):
        actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now)
        books.collect(paid_on=date(2026, 7, 5))
        assert sums(town) == (17522, 17522, 0, 4, 4, 1)
        assert set(Voucher.objects.values_list("book_on", flat=True)) == {JULY.first}


class TestEvidence:
    def test_the_standards_read_what_was_known_then(self, books, town):
        books.collect(people=[])
        rows = DuesEffect.objects.order_by("pk").values_list("charged", "due_fen", "known_at")
        assert list(rows) == [(1, 17522, round(books.now.timestamp() * 1000))]

    def test_a_month_without_anything_due_counts_as_entered(self, books, town):
        Membership.objects.filter(organisation=town.depot).update(until=date(2026, 1, 1))
        actions.charge_month(books.accountant, organisation=town.depot, month=JUNE, now=books.now)
        assert (
            actions.charge_month(books.accountant, organisation=town.depot, month=JUNE, now=books.now) is None
        )
        assert DuesEffect.objects.get(organisation=town.depot).charged == 1


def test_a_charge_raised_anew_stands_in_whatever_order_its_postings_are_read(books, monkeypatch):
    """No order is asked for, and PostgreSQL gave another one: what was taken back was read before what was charged."""
    town, now = books.town, books.now
    actions.charge_month(town.li, organisation=town.mining, month=JUNE, now=now)
    declared = actions.Declared(books.people["chen"], "monthly_paid", Month(2026, 1), 500_100)
    actions.declare_base(town.li, organisation=town.mining, declared=declared, now=now)
    read = charging._of
    monkeypatch.setattr(charging, "_of", lambda rows, people: read(rows, people).order_by("-pk"))
    for _again in range(2):
        actions.adjust_charge(
            town.li, organisation=town.mining, month=JUNE, person=books.people["chen"], reason="更正", now=now
        )
        found = balances.of_person(books.people["chen"])
        assert {month: each.charged_fen for (_who, month), each in found.items()} == {JUNE.first: 7502}
