"""The pages as a member, a collector, an accountant of the committee and an inspector see them; and who does not."""

import io
import zipfile
from datetime import date
from hashlib import sha256

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rooms.dues.conftest import JUNE
from zhibu.dues import actions, platforms
from zhibu.dues.models import (
    Base,
    DuesEffect,
    DuesPosting,
    FundUse,
    Hardship,
    PayOrder,
    Remittance,
    StatementLine,
    Voucher,
)
from zhibu.record.models import Entry


def sheet(head, *rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            page.write_row(number, 0, row)
    buffer.seek(0)
    buffer.name = "sheet.xlsx"
    return buffer


@pytest.fixture
def collector(books, posted, enter):
    return enter(posted("wang", "dues_collector", books.town.mining))


class TestCollector:
    def test_a_month_by_name_and_in_one_act(self, books, collector):
        page = collector.get("/dues/collect/?month=2026-06")
        assert [(row.name, row.due_fen, row.ticked) for row in page.context["rows"]] == [
            ("陈预备", 20, True), ("李书记", 5000, True), ("王副书记", 5000, True), ("赵党员", 7502, True),
        ]  # fmt: skip
        data = {
            "people": [books.people["li"], books.people["zhao"]],
            "paid_on": "2026-06-20",
            "channel": "cash",
        }
        assert collector.post("/dues/collect/?month=2026-06", {**data, "zb_token": "x"}).status_code == 302
        assert collector.post("/dues/collect/?month=2026-06", {**data, "zb_token": "x"}).status_code == 302
        assert list(Voucher.objects.values_list("kind", "total_fen")) == [
            ("charge", 17522),
            ("payment", 12502),
        ]
        page = collector.get("/dues/collect/?month=2026-06").content.decode()
        assert "连续 1 个月未交" in page
        assert "125.02" in collector.get("/dues/").content.decode()

    def test_queries_do_not_grow_with_the_members(self, books, collector, big_town):
        collector.get("/dues/collect/?month=2026-06")
        with CaptureQueriesContext(connection) as few:
            collector.get("/dues/collect/?month=2026-06")
        from tests.people import person

        for number in range(30):
            person(f"矿工{number:02d}", f"kg{number:02d}", books.town.mining)
        with CaptureQueriesContext(connection) as many:
            page = collector.get("/dues/collect/?month=2026-06")
        assert (len(page.context["rows"]), len(many)) == (34, len(few))

    def test_arrears_reversal_receipt(self, books, collector):
        books.collect(people=[])
        url = f"/dues/payment/?person={books.people['zhao']}&month=2026-06"
        data = {
            "person": books.people["zhao"],
            "first": "2026-06",
            "last": "",
            "paid_on": "2026-07-02",
            "channel": "transfer",
            "memo": "",
        }
        answer = collector.post(url, data)
        assert answer.status_code == 302
        receipt = collector.get(answer["Location"]).content.decode()
        assert ("T-M-2026-0002-01" in receipt, "75.02" in receipt) == (True, True)
        voucher = Voucher.objects.get(kind="payment")
        page = f"/dues/voucher/{voucher.pk}/"
        assert collector.post(f"{page}reverse/", {"reason": "记错"}).status_code == 302
        assert Voucher.objects.filter(kind="reversal").count() == 0
        line = DuesPosting.objects.get(voucher=voucher)
        assert collector.post(f"{page}reverse/", {"postings": [line.pk], "reason": "记错"}).status_code == 302
        assert Voucher.objects.filter(kind="reversal").count() == 1
        assert "已冲销" in collector.get(page).content.decode()

    def test_bases_are_seen_after_asking_and_the_look_is_recorded(self, books, collector):
        hidden = collector.get("/dues/bases/").content.decode()
        shown = collector.post("/dues/bases/figures/").content.decode()
        assert ("5,001.00" in hidden, "5,001.00" in shown) == (False, True)
        assert Entry.objects.get(act="dues.reveal_bases").actor_name == "王副书记"
        assert "5001" not in "".join(Base.objects.values_list("sealed", flat=True))

    def test_a_pay_sheet_is_taken_whole_or_not_at_all(self, books, collector):
        bad = sheet(["姓名", "基数", "收入类型"], ["赵党员", 6000, ""], ["路人", "abc", "富翁"])
        page = collector.post("/dues/bases/import/?month=2026-07", {"file": bad})
        assert [(each.row, each.code) for each in page.context["bad"]] == [
            (3, "unknown_person"), (3, "unknown_payer"), (3, "not_money"),
        ]  # fmt: skip
        good = sheet(
            ["姓名", "基数", "起始月份"], ["赵党员", 6000, "2026-07"], ["李书记", "6,001.50", "2026年7月"]
        )
        assert collector.post("/dues/bases/import/?month=2026-07", {"file": good}).status_code == 302
        rows = Base.objects.filter(origin="pay_sheet", replaced=0).values_list("person__name", "since_on")
        assert sorted(rows) == [("李书记", date(2026, 7, 1)), ("赵党员", date(2026, 7, 1))]

    def test_a_statement_is_matched_by_a_person_and_taken_once(self, books, collector):
        books.collect(people=[])
        rows = (
            ["2026-07-01", 75.02, "赵党员", "A1", ""], ["2026-07-02", 50, "李家属", "A2", "代李书记交党费"],
            ["2026-07-03", 9, "陌生人", "A3", ""], ["2026-07-04", -5, "银行", "A4", "手续费"],
        )  # fmt: skip
        head = ["交易日期", "金额", "对方户名", "交易流水号", "摘要"]
        for _again in range(2):
            assert collector.post("/dues/statements/import/", {"file": sheet(head, *rows)}).status_code == 302
        assert list(StatementLine.objects.order_by("reference").values_list("reference", "proposed__name", "why")) == [
            ("A1", "赵党员", "name_amount"), ("A2", "李书记", "memo_amount"), ("A3", None, ""),
        ]  # fmt: skip
        assert "赵党员" not in "".join(StatementLine.objects.values_list("payer_sealed", flat=True))
        lines = dict(StatementLine.objects.values_list("reference", "pk"))
        page = collector.get("/dues/statements/").content.decode()
        assert "姓名和金额相符" in page
        data = {"lines": [lines["A1"], lines["A2"]]} | {
            f"person-{lines['A1']}": books.people["zhao"],
            f"person-{lines['A2']}": books.people["li"],
        }
        for _again in range(2):
            assert collector.post("/dues/statements/match/", data).status_code == 302
        assert list(Voucher.objects.filter(kind="payment").values_list("total_fen", "channel")) == [
            (7502, "transfer"), (5000, "transfer"),
        ]  # fmt: skip
        assert collector.post("/dues/statements/aside/", {"lines": [lines["A3"]]}).status_code == 302
        assert sorted(StatementLine.objects.values_list("state", flat=True)) == [
            "matched",
            "matched",
            "set_aside",
        ]

    def test_nonsense_is_harmless(self, books, collector):
        for url in (
            "/dues/collect/?month=2026-13", "/dues/collect/?month=x&organisation=x", "/dues/?year=99999",
            "/dues/journal/?year=x", "/dues/statements/?state=x", "/dues/vouchers/?page=9",
        ):  # fmt: skip
            assert collector.get(url).status_code == 200
        assert collector.post("/dues/collect/", {}).status_code == 200
        assert collector.get(f"/dues/collect/?organisation={books.town.depot.pk}").status_code == 404


class TestMember:
    @pytest.fixture
    def member(self, books, enter):
        return enter(books.town.people["chen"])

    def test_mine_and_nobody_elses(self, books, member):
        books.collect(people=[])
        page = member.get("/dues/mine/").content.decode()
        assert ("0.20" in page, "75.02" in page, "赵党员" in page) == (True, False, False)
        payment = books.collect(people=list(books.people.values()))
        assert member.get(f"/dues/receipt/{payment.pk}/{books.people['chen']}/").status_code == 200
        for url in (
            f"/dues/receipt/{payment.pk}/{books.people['zhao']}/", f"/dues/voucher/{payment.pk}/", "/dues/collect/",
            "/dues/bases/", f"/dues/bases/{books.people['zhao']}/", "/dues/journal/", "/dues/branches/", "/dues/reliefs/",
        ):  # fmt: skip
            assert member.get(url).status_code == 404, url
        public = member.get("/dues/").content.decode()
        assert ("175.22" in public, any(name in public for name in ("赵党员", "李书记"))) == (True, False)

    def test_a_base_is_declared_and_waits_for_the_branch(self, books, member):
        url = f"/dues/bases/{books.people['chen']}/"
        data = {"payer": "monthly_paid", "since": "2026-07", "fen": "4000", "basic_fen": ""}
        assert member.post(url, data).status_code == 302
        base = Base.objects.get(person_id=books.people["chen"], since_on=date(2026, 7, 1))
        assert (base.origin, base.confirmed_on) == ("member", None)
        assert "4,000.00" in member.get("/dues/mine/").content.decode()
        assert member.post(url, {**data, "payer": "student"}).status_code == 409

    def test_paid_online_once_however_often_the_platform_calls(self, books, member, settings, client):
        settings.ZHIBU_DUES_DOOR = "local"
        books.collect(people=[])
        address = member.post("/dues/order/")["Location"]
        order = PayOrder.objects.get()
        assert (order.fen, order.months, order.state) == (20, [["2026-06", 20]], "created")
        assert member.get(address).status_code == 200
        assert member.post(address).status_code == 302
        body, headers = platforms.Local().pay(order.number, books.now)
        for _again in range(50):
            answer = client.post("/dues/callback/local/", body, "application/json", headers=headers)
            assert answer.status_code == 200
        assert list(
            Voucher.objects.filter(kind="payment").values_list("total_fen", "channel", "reference")
        ) == [(20, "platform", f"order:{order.number}")]
        assert PayOrder.objects.get().callbacks == 51

    def test_a_callback_without_the_signature_is_refused(self, books, member, settings, client):
        settings.ZHIBU_DUES_DOOR = "local"
        books.collect(people=[])
        member.post("/dues/order/")
        order = PayOrder.objects.get()
        body, headers = platforms.Local().pay(order.number, books.now)
        for wrong, sign in ((body + b" ", headers), (body, {"Zhibu-Signature": "0" * 64}), (body, {})):
            assert (
                client.post("/dues/callback/local/", wrong, "application/json", headers=sign).status_code
                == 400
            )
        assert (
            client.post("/dues/callback/wechat/", body, "application/json", headers=headers).status_code
            == 404
        )
        assert client.get("/dues/callback/local/").status_code == 404
        assert Voucher.objects.filter(kind="payment").count() == 0


class TestOrders:
    def test_money_that_does_not_fit_is_kept_and_a_lost_callback_is_found_by_reconciliation(
        self, books, town, settings
    ):
        settings.ZHIBU_DUES_DOOR = "local"
        books.collect(people=[])
        door, chen = platforms.Local(), town.people["chen"]
        first, second = (
            actions.create_order(
                books.member, organisation=town.mining, person=chen, months=[JUNE], door=door, now=books.now
            )[0]
            for _each in range(2)
        )
        door.pay(first.number, books.now)
        door.pay(second.number, books.now)
        found = actions.reconcile(books.accountant, door=door, day=books.now.date(), now=books.now)
        assert (found.lines, found.settled, found.waiting, found.unknown, found.not_told) == (
            2,
            1,
            (second.number,),
            (),
            (),
        )
        again = actions.reconcile(books.accountant, door=door, day=books.now.date(), now=books.now)
        assert (again.settled, again.waiting) == (0, (second.number,))
        second.refresh_from_db()
        actions.resolve_order(town.li, order=second, fen=20, now=books.now)
        kinds = Voucher.objects.exclude(kind="charge").values_list("kind", "total_fen")
        assert sorted(kinds) == [("extra", 20), ("payment", 20)]


class TestAccountant:
    @pytest.fixture
    def accountant(self, books, posted, enter):
        return enter(posted("sun", "committee_officer", books.town.committee))

    def test_receipt_on_both_sides(self, books, accountant):
        books.collect()
        sent = actions.remit(
            books.town.li, organisation=books.town.mining, until=JUNE, fen=17000, kept_fen=522, sent_on=date(2026, 7, 1),
            now=books.now,
        )  # fmt: skip
        assert "采矿党支部" in accountant.get("/dues/remittances/").content.decode()
        url = f"/dues/remittances/{sent.pk}/"
        for _again in range(2):
            accountant.post(url, {"accepted_on": "2026-07-03"})
        assert Remittance.objects.values_list("state", "accepted_voucher__organisation__name").get() == (
            "accepted",
            "青山镇党委",
        )
        assert sorted(Voucher.objects.filter(kind="accept").values_list("organisation__code", "total_fen")) == [
            ("T", 17000), ("T-M", 17000),
        ]  # fmt: skip
        page = accountant.get(f"/dues/passing/?organisation={books.town.committee.pk}")
        assert (page.context["offer"].split.up_fen, page.context["offer"].split.kept_fen) == (8500, 8500)

    def test_the_table_of_branches_in_a_fixed_number_of_queries_and_without_names(self, books, accountant):
        books.collect(people=[])
        accountant.get("/dues/branches/?month=2026-06")
        with CaptureQueriesContext(connection) as queries:
            page = accountant.get("/dues/branches/?month=2026-06&sort=-year_owed_fen")
        rows = page.context["rows"]
        assert [(row.name, row.month_due_fen, row.year_owed_fen, row.charged) for row in rows] == [
            ("采矿党支部", 17522, 17522, True), ("仓储党支部", 0, 0, False),
        ]  # fmt: skip
        assert len([each for each in queries if "zb_dues" in each["sql"]]) == 5
        plain = accountant.get("/dues/branches/?month=2026-06").context
        assert plain["rows"] == rows
        totals = plain["totals"]
        assert (totals.branches, totals.entered, totals.due_fen, totals.received_fen) == (2, 1, 17522, 0)
        assert "赵党员" not in page.content.decode()

    def test_relief_is_decided_above(self, books, accountant, town):
        made = actions.propose_relief(
            town.li, organisation=town.mining, person=town.people["zhao"], to_fen=0, since=JUNE, until=None,
            studied_on=date(2026, 5, 20), reason="长期患病", now=books.now,
        )  # fmt: skip
        assert "长期患病" in accountant.get("/dues/reliefs/approvals/").content.decode()
        accountant.post(f"/dues/reliefs/{made.pk}/", {"approved": "1"})
        assert Hardship.objects.get().approved_at == "superior"

    def test_kept_money_is_used_by_collective_decision(self, books, accountant, town):
        books.collect()
        actions.remit(
            town.li,
            organisation=town.mining,
            until=JUNE,
            fen=17000,
            kept_fen=522,
            sent_on=date(2026, 7, 1),
            now=books.now,
        )
        url = f"/dues/use/?organisation={town.mining.pk}"
        data = {
            "purpose": "training", "what": "培训教材", "fen": "5.22", "used_on": "2026-07-05", "channel": "cash",
            "decided_on": "2026-07-04", "decided_by": "支部委员会会议", "present_count": "3",
        }  # fmt: skip
        assert accountant.post(url, {**data, "fen": "5.23"}).status_code == 409
        assert accountant.post(url, {**data, "present_count": "1"}).status_code == 409
        assert accountant.post(url, {**data, "decided_on": "2026-07-06"}).status_code == 409
        assert accountant.post(url, data).status_code == 302
        assert FundUse.objects.values_list("fen", "decided_by").get() == (522, "支部委员会会议")

    def test_a_thousand_yuan_at_once_go_up_whole(self, books, accountant, town):
        actions.record_extra(
            town.li,
            organisation=town.mining,
            person=books.people["li"],
            fen=100_000,
            paid_on=date(2026, 7, 1),
            now=books.now,
        )
        books.collect()
        sent = actions.remit(
            town.li,
            organisation=town.mining,
            until=JUNE,
            fen=117_522,
            kept_fen=0,
            sent_on=date(2026, 7, 2),
            now=books.now,
        )
        actions.accept_remittance(
            books.accountant, remittance=sent, accepted_on=date(2026, 7, 3), now=books.now
        )
        offer = accountant.get(f"/dues/passing/?organisation={town.committee.pk}").context["offer"]
        assert (offer.fen, offer.centre_fen, offer.split.kept_fen) == (117_522, 100_000, 8761)


class TestInspector:
    @pytest.fixture
    def inspector(self, books, posted, enter):
        return enter(posted("sun", "committee_secretary", books.town.committee))

    def test_the_book_of_a_year_as_sheet_paper_and_archive(self, books, inspector):
        books.collect()
        actions.close_month(books.town.li, organisation=books.town.mining, month=JUNE, now=books.now)
        query = f"?organisation={books.town.mining.pk}&year=2026"
        assert "已结账" in inspector.get(f"/dues/journal/{query}").content.decode()
        assert inspector.get(f"/dues/journal/sheet/{query}").content[:2] == b"PK"
        report = inspector.get(f"/dues/journal/report/{query}").content
        text = zipfile.ZipFile(io.BytesIO(report)).read("word/document.xml").decode()
        assert ("175.22" in text, "赵党员" in text) == (True, False)
        first, second = (inspector.get(f"/dues/journal/archive/{query}").content for _each in range(2))
        box = zipfile.ZipFile(io.BytesIO(first))
        names = box.namelist()
        assert names == [
            "journal.xlsx",
            "journal.csv",
            "report.docx",
            "closings.csv",
            "目录.txt",
            "SHA256SUMS",
        ]
        sums = dict(reversed(line.split("  ")) for line in box.read("SHA256SUMS").decode().splitlines())
        assert sums == {name: sha256(box.read(name)).hexdigest() for name in names if name != "SHA256SUMS"}
        other = zipfile.ZipFile(io.BytesIO(second))
        assert other.read("journal.csv") == box.read("journal.csv")
        assert ",yes\n" in box.read("closings.csv").decode()

    def test_an_inspector_collects_nothing(self, books, inspector):
        books.collect()
        for url in ("/dues/collect/", "/dues/bases/", "/dues/remit/", "/dues/use/"):
            assert inspector.get(url).status_code == 404
        assert inspector.get(f"/dues/effect/{DuesEffect.objects.first().pk}/").status_code == 302


def test_the_door_of_a_platform_is_shut_unless_named(books, enter, settings):
    settings.ZHIBU_DUES_DOOR = ""
    assert enter(books.town.people["chen"]).post("/dues/order/").status_code == 404
