"""What a collector who cheats, a member who would pay less, or somebody at the wire may try; and what becomes of it."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.http import Http404

from tests.rooms.dues.conftest import JULY, JUNE, PAID_ON, self_mandate
from tests.rooms.dues.test_ledger import refused, sums
from tests.rooms.dues.test_pages import sheet
from zhibu.core.calendar import Month
from zhibu.dues import actions, imports, papers, platforms
from zhibu.dues.actions.closing import digest_until
from zhibu.dues.models import Base, Closing, DuesPosting, PayOrder, StatementLine, Voucher
from zhibu.dues.queries import balances, charging, mine, places
from zhibu.register.models import Membership

MAY = Month(2026, 5)
HEAD = ["交易日期", "金额", "对方户名", "交易流水号", "摘要"]


def read(*rows):
    found = imports.read_statement(sheet(HEAD, *rows).read(), date(2026, 7, 20))
    return (
        [(each.row, each.code) for each in found.bad],
        [each.reference for each in found.rows],
        found.outgoing,
    )


def standing(place):
    return balances.standing(balances.funds([place.pk])[place.pk])


class TestTakingBack:
    def back(self, books, voucher, **who):
        rows = DuesPosting.objects.filter(voucher=voucher, **who)
        return actions.reverse(
            books.town.li,
            organisation=books.town.mining,
            postings=[each.pk for each in rows],
            reason="记错",
            now=books.now,
        )

    def test_money_that_went_up_is_not_given_back(self, books, town):
        made = books.collect()
        actions.remit(
            town.li, organisation=town.mining, until=JUNE, fen=17000, kept_fen=522, sent_on=date(2026, 7, 1), now=books.now
        )  # fmt: skip
        refused(lambda: self.back(books, made, person_id=books.people["zhao"]), "dues.gone_already")
        # what is left in the till is kept for its own use: not even the 0.20 can be taken from it
        refused(lambda: self.back(books, made, person_id=books.people["chen"]), "dues.gone_already")
        books.collect(JULY, paid_on=date(2026, 7, 5))
        self.back(books, made, person_id=books.people["zhao"])
        assert (standing(town.mining).cash_fen, standing(town.mining).to_hand_up_fen) == (10542, 10020)

    def test_a_receipt_made_void_after_closing_says_so_and_the_closed_month_stays(self, books, town, enter):
        made = books.collect()
        closed = actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now)
        self.back(books, made, person_id=books.people["chen"])
        reversal = Voucher.objects.get(kind="reversal")
        assert (reversal.book_on, digest_until(town.mining, JUNE)) == (JULY.first, closed.digest)
        assert Closing.objects.get().received_fen == 17522
        page = (
            enter(town.people["chen"])
            .get(f"/dues/receipt/{made.pk}/{books.people['chen']}/")
            .content.decode()
        )
        assert ("此行无效" in page, "3 号" in page) == (True, True)

    def test_two_payments_of_one_month_taken_back_at_once_unsettle_it_once(self, books, town):
        books.collect(people=[])
        zhao = books.people["zhao"]
        for fen in (7000, 502):
            actions.record_payment(
                town.li, organisation=town.mining, parts=[actions.Part(zhao, JUNE, fen)], paid_on=date(2026, 7, 3),
                now=books.now,
            )  # fmt: skip
        assert sums(town) == (17522, 7502, 0, 4, 1, 1)
        rows = DuesPosting.objects.filter(voucher__kind="payment").values_list("pk", flat=True)
        actions.reverse(town.li, organisation=town.mining, postings=list(rows), reason="记错", now=books.now)
        assert sums(town) == (17522, 0, 0, 4, 0, 1)

    def test_a_charge_made_larger_and_smaller_counts_who_has_paid(self, books, town):
        books.collect()
        zhao = books.people["zhao"]

        def change(fen):
            declared = actions.Declared(zhao, "monthly_paid", Month(2026, 1), fen)
            actions.declare_base(town.wang, organisation=town.mining, declared=declared, now=books.now)
            actions.adjust_charge(
                town.li, organisation=town.mining, month=JUNE, person=zhao, reason="基数有误", now=books.now
            )
            return sums(town)

        assert change(600_000) == (17522 - 7502 + 9000, 17522, 17522, 4, 3, 1)
        assert change(500_100) == (17522, 17522, 17522, 4, 4, 1)
        assert change(300_000) == (17522 - 7502 + 1500, 17522, 17522, 4, 4, 1)


class TestBases:
    def due(self, books, name):
        plan = charging.plan([books.town.mining.pk], JULY, books.now.date(), {books.people[name]})
        return plan[0].fen

    def test_a_base_declared_anew_changes_nothing_before_it_is_confirmed(self, books, town):
        zhao = self_mandate(town.people["zhao"])
        declared = actions.Declared(zhao.person, "monthly_paid", Month(2026, 1), 100)
        for _again in range(2):
            made = actions.declare_base(zhao, organisation=town.mining, declared=declared, now=books.now)
            assert self.due(books, "zhao") == 7502
        actions.confirm_bases(town.li, organisation=town.mining, bases=[made.pk], now=books.now)
        assert self.due(books, "zhao") == 1
        rows = Base.objects.filter(person_id=zhao.person).order_by("pk").values_list("replaced", flat=True)
        assert list(rows) == [1, 1, 0]

    def test_a_collector_confirms_no_base_of_their_own_not_even_in_a_file(self, books, town):
        rows = [
            actions.Declared(books.people[name], "monthly_paid", Month(2026, 1), 100)
            for name in ("wang", "zhao")
        ]
        actions.import_bases(
            town.wang, organisation=town.mining, declared=rows, file_name="x.xlsx", now=books.now
        )
        assert (self.due(books, "wang"), self.due(books, "zhao")) == (5000, 1)
        waiting = Base.objects.get(confirmed_on=None, replaced=0)
        refused(
            lambda: actions.confirm_bases(
                town.wang, organisation=town.mining, bases=[waiting.pk], now=books.now
            ),
            "dues.nothing_to_confirm",
        )


class TestStatements:
    def test_every_row_is_judged(self, books):
        assert read(
            ["2026-07-01", -5, "甲", "A", ""], ["2026-07-21", 5, "甲", "B", ""], ["1999-01-01", 5, "甲", "C", ""],
            ["2026-07-01", 1e15, "甲", "D", ""], ["2026-07-01", 10_000_000.01, "甲", "E", ""], ["2026-07-01", 5, "甲", "F", ""],
            ["2026-07-01", 5, "甲", "F", ""], ["2026-07-01", 5, "甲", "x" * 81, ""], ["2026-07-01", 0.001, "甲", "G", ""],
            ["2026-07-01", "nan", "甲", "H", ""], ["2026-07-01", 5, "甲", "", ""], ["13月", 5, "甲", "I", ""],
        ) == (
            [
                (3, "day_out_of_range"), (4, "day_out_of_range"), (5, "not_money"), (6, "too_much"), (8, "twice"),
                (9, "too_long"), (10, "not_money"), (11, "not_money"), (12, "missing"), (13, "not_a_day"),
            ],
            ["F"], 1,
        )  # fmt: skip

    def test_money_of_a_closed_month_is_booked_now(self, books, town):
        books.collect(people=[])
        line = imports.LineRow("A", PAID_ON, 7502, "赵党员", "")
        actions.import_statement(
            town.li, organisation=town.mining, lines=imports.Lines("0" * 64, [line]), file_name="x.xlsx", now=books.now
        )  # fmt: skip
        actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now)
        chosen = {StatementLine.objects.get().pk: books.people["zhao"]}
        assert actions.match_lines(town.li, organisation=town.mining, chosen=chosen, now=books.now) == 1
        assert Voucher.objects.get(kind="payment").posted_on == books.now.date()

    def test_a_line_of_another_branch_is_not_there(self, books, town):
        line = imports.LineRow("A", PAID_ON, 20, "陈预备", "")
        actions.import_statement(
            books.accountant, organisation=town.depot, lines=imports.Lines("0" * 64, [line]), file_name="x", now=books.now
        )  # fmt: skip
        chosen = {StatementLine.objects.get().pk: books.people["chen"]}
        assert actions.match_lines(town.li, organisation=town.mining, chosen=chosen, now=books.now) == 0


class TestPlatform:
    @pytest.fixture(autouse=True)
    def local(self, settings):
        settings.ZHIBU_DUES_DOOR = "local"

    @pytest.fixture
    def order(self, books, town):
        books.collect(people=[])
        return actions.create_order(
            books.member, organisation=town.mining, person=town.people["chen"], months=[JUNE], door=platforms.Local(),
            now=books.now,
        )[0]  # fmt: skip

    def told(self, order, now, fen):
        told = platforms.Told(order.number, "P1", fen, now)
        return actions.settle_order(None, door=platforms.Local(), told=told, now=now)

    def test_replayed_with_another_amount_it_changes_nothing_and_reconciliation_tells(self, books, order):
        assert self.told(order, books.now, 20).state == "paid"
        assert self.told(order, books.now, 90_000).state == "paid"
        assert list(Voucher.objects.exclude(kind="charge").values_list("kind", "total_fen")) == [
            ("payment", 20)
        ]

        class Other(platforms.Local):
            def statement(self, day):
                return [platforms.Told(order.number, "P1", 90_000, books.now)]

        found = actions.reconcile(books.accountant, door=Other(), day=books.now.date(), now=books.now)
        assert (found.settled, found.waiting, found.differing) == (0, (), (order.number,))

    def test_money_in_review_is_booked_as_the_platform_told_it(self, books, town, order):
        assert self.told(order, books.now, 90_000).state == "review"
        order = PayOrder.objects.get()
        refused(
            lambda: actions.resolve_order(town.li, order=order, fen=20, now=books.now), "dues.not_as_told"
        )
        actions.resolve_order(town.li, order=order, fen=90_000, now=books.now)
        assert standing(town.mining).bank_fen == 90_000

    def test_what_is_signed_must_also_be_sound(self, order, client):
        good = {
            "number": order.number, "platform_number": "P", "fen": 20, "paid_at": "2026-07-20T10:00:00+08:00", "paid": True,
        }  # fmt: skip
        wrong = (
            {"paid_at": "2026-07-20T10:00:00"}, {"fen": -20}, {"fen": 10**18}, {"fen": None}, {"paid_at": 5}, {"fen": "x"},
        )  # fmt: skip
        for each in wrong:
            body = json.dumps(good | each).encode()
            answer = client.post(
                "/dues/callback/local/",
                body,
                "application/json",
                headers={"Zhibu-Signature": platforms.signed(body)},
            )
            assert answer.status_code == 400, each
        assert PayOrder.objects.get().state == "created"

    def test_a_signature_of_strange_letters_is_refused(self, order, client):
        for sign in ("é" * 64, "签名", ""):
            request = {"HTTP_ZHIBU_SIGNATURE": sign}
            assert (
                client.post("/dues/callback/local/", b"{}", "application/json", **request).status_code == 400
            )

    def test_the_door_that_moves_no_money_is_shut_where_it_is_not_named(
        self, books, town, order, enter, settings, client
    ):
        body, headers = platforms.Local().pay(order.number, books.now)
        settings.ZHIBU_DUES_DOOR = "wechat"
        member = enter(town.people["chen"])
        assert (
            member.post(f"/dues/order/{order.number}/pay/").status_code,
            client.post("/dues/callback/local/", body, "application/json", headers=headers).status_code,
            PayOrder.objects.get().state,
        ) == (404, 404, "created")


class TestElsewhere:
    def test_what_one_branch_charged_is_not_paid_into_another_book(self, books, town):
        books.collect(MAY, people=[])
        zhao = town.people["zhao"]
        Membership.objects.filter(person=zhao).update(until=date(2026, 6, 1), ended_because="transfer")
        moved = Membership.objects.create(
            person=zhao, organisation=town.depot, stage="full_member", since=date(2026, 6, 1)
        )
        part = [actions.Part(zhao.pk, MAY, 7502)]
        given = {"parts": part, "paid_on": date(2026, 7, 1), "now": books.now}
        refused(lambda: actions.record_payment(town.qian, organisation=town.depot, **given), "dues.over_paid")
        assert mine.mine(moved, books.now.date()).payable == []
        refused(
            lambda: actions.create_order(
                self_mandate(zhao), organisation=town.depot, person=zhao, months=[MAY], door=platforms.Local(), now=books.now
            ),
            "dues.nothing_owed",
        )  # fmt: skip
        actions.record_payment(town.li, organisation=town.mining, **given)
        assert sums(town, MAY)[:2] == (17522, 7502)

    def test_vouchers_and_lines_of_another_branch(self, books, town, enter, posted):
        made = books.collect()
        rows = list(DuesPosting.objects.filter(voucher=made).values_list("pk", flat=True))
        refused(
            lambda: actions.reverse(
                town.qian, organisation=town.depot, postings=rows, reason="x", now=books.now
            ),
            "dues.not_found",
        )
        collector = enter(posted("qian", "dues_collector", town.depot))
        for url in (
            f"/dues/voucher/{made.pk}/", f"/dues/receipt/{made.pk}/{books.people['zhao']}/",
            f"/dues/collect/?organisation={town.mining.pk}", f"/dues/journal/?organisation={town.mining.pk}",
            f"/dues/journal/archive/?organisation={town.mining.pk}", f"/dues/bases/{books.people['zhao']}/",
        ):  # fmt: skip
            assert collector.get(url).status_code == 404, url
        assert (
            collector.post(f"/dues/voucher/{made.pk}/reverse/", {"postings": rows, "reason": "x"}).status_code
            == 404
        )
        with pytest.raises(Http404):
            places.person_for(town.depot, books.people["zhao"])


def test_what_looks_like_a_formula_stays_text(books, town):
    books.collect(people=[])
    for memo in ("=1+1", "@x", "+1"):
        actions.record_payment(
            town.li, organisation=town.mining, parts=[actions.Part(books.people["zhao"], JUNE, 1)], memo=memo,
            paid_on=date(2026, 7, 3) + timedelta(days=1), now=books.now,
        )  # fmt: skip
    box = zipfile.ZipFile(io.BytesIO(papers.archive(town.mining, 2026, books.now.date())))
    book = zipfile.ZipFile(io.BytesIO(box.read("journal.xlsx")))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    text = box.read("journal.csv").decode("utf-8-sig")
    assert [line.split(",")[3] for line in text.splitlines() if ",payment," in line] == [
        "'=1+1",
        "'@x",
        "'+1",
    ]
