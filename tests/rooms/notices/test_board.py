"""The public board: what is read there, what is not, and what may be sent in without a trace of who."""

from datetime import date, datetime, timedelta
from time import monotonic

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.notices import actions, keeping, queries, slips
from zhibu.notices.models import Board, Notice, Objection
from zhibu.notices.shelf import shelf
from zhibu.notices.throttle import Throttle
from zhibu.notices.views import public
from zhibu.record.models import Entry
from zhibu.register.models import Person

HOSTILE = "<script>alert(1)</script>{{7*7}}\u202e=cmd|'/c'!A1"


@pytest.fixture(autouse=True)
def _fresh():
    Throttle.forget_all()
    keeping.forget_pages()
    shelf.forget()


@pytest.fixture
def on(settings):
    def day(month, number):
        settings.ZHIBU_TODAY = date(2026, month, number).isoformat()

    return day


@pytest.fixture
def running(town, now, on):
    """A notice about Zhou from Monday 20 to Friday 24 July, on the board."""
    on(7, 20)
    return actions.publish(
        town.li, organisation=town.mining, kind="admission", subject=town.people["zhou"].pk,
        opens_on=date(2026, 7, 20), now=now,
    )  # fmt: skip


def address(notice, rest=""):
    return f"/board/{Board.objects.get(organisation=notice.organisation_id).address}/{notice.address}/{rest}"


def board(notice):
    return f"/board/{Board.objects.get(organisation=notice.organisation_id).address}/"


def token(client, notice):
    return (
        client.get(address(notice, "objection/"))
        .content.decode()
        .split('name="token" value="')[1]
        .split('"')[0]
    )


def send(client, notice, text="请核实", **more):
    data = {"text": text, "token": token(client, notice)} | more
    return client.post(address(notice, "objection/"), data, headers=more.pop("headers", None))


class TestReading:
    def test_what_stands_there_and_for_how_long(self, client, running):
        page = client.get(board(running)).content.decode()
        assert "关于周积极拟列为发展对象的公示" in page
        assert "7月20日 周一 — 7月24日 周五" in page
        assert "共5个工作日" in client.get(address(running)).content.decode()

    def test_when_it_ends_its_words_are_gone(self, client, running, on):
        on(7, 24)
        assert client.get(address(running)).status_code == 200
        on(7, 25)
        gone = client.get(address(running))
        assert gone.status_code == 410
        for url, status in ((board(running), 200), (f"{board(running)}past/2026/", 200)):
            page = client.get(url)
            assert page.status_code == status
            assert "周积极" not in page.content.decode()
        assert "周积极" not in gone.content.decode()
        assert "发展党员公示" in client.get(f"{board(running)}past/2026/").content.decode()

    def test_withdrawn_it_is_gone_at_once(self, client, town, now, running):
        actions.withdraw(town.li, notice=running, reason="写错", now=now)
        gone = client.get(address(running))
        assert (gone.status_code, "周积极" in gone.content.decode(), "写错" in gone.content.decode()) == (
            410,
            False,
            False,
        )

    def test_what_does_not_exist(self, client, town, now, running, on):
        other = actions.publish(
            town.qian,
            organisation=town.depot,
            kind="other",
            title="仓储公开",
            opens_on=date(2026, 7, 20),
            now=now,
        )
        on(7, 19)
        for url in (
            address(running),  # not begun
            f"{board(running)}{other.address}/",  # another's
            f"{board(running)}{running.pk}/",
            "/board/nowhere/",
            f"/board/{town.mining.pk}/",
            f"{board(running)}past/2019/",
        ):
            assert client.get(url).status_code == 404

    def test_late_entries_get_no_place_on_the_board(self, town, now, running):
        late = actions.publish(
            town.li, organisation=town.mining, kind="other", title="旧事", opens_on=date(2026, 7, 1),
            closes_on=date(2026, 7, 8), now=now,
        )  # fmt: skip
        assert late.address is None
        assert queries.proof(late, now)[0].shown_from is None

    def test_a_committee_leads_to_the_boards_below(self, client, town, now, running):
        actions.renew_board(town.li, organisation=town.mining, now=now)
        top = Board.objects.create(organisation=town.committee, address="topmost")
        page = client.get("/board/topmost/").content.decode()
        assert f"/board/{Board.objects.get(organisation=town.mining).address}/" in page
        assert "1 项正在公示" in page
        assert top.organisation.name in page

    def test_a_renewed_address_leaves_the_old_one_dead(self, client, town, now, running):
        before = board(running)
        actions.renew_board(town.li, organisation=town.mining, now=now)
        assert client.get(before).status_code == 404
        assert client.get(board(running)).status_code == 200


class TestPrivacy:
    def test_no_cookie_no_script_nothing_from_elsewhere(self, client, running):
        for url in (board(running), address(running), address(running, "objection/"), "/board/receipt/"):
            answer = client.get(url)
            page = answer.content.decode()
            assert answer.cookies == {}
            assert "<script" not in page
            assert "http://" not in page
            assert "https://" not in page
            policy = answer["Content-Security-Policy"]
            assert "script-src 'none'" in policy
            assert "'unsafe" not in policy
            assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
                "no-referrer",
                "noindex, noarchive",
            )
        assert send(client, running).cookies == {}

    def test_canary_nothing_but_the_notice(self, client, town, running):
        """Names of everyone else, codes and ids of the branch are on no public page."""
        pages = "".join(
            client.get(url).content.decode()
            for url in (board(running), address(running), address(running, "objection/"))
        )
        names = set(Person.objects.exclude(pk=town.people["zhou"].pk).values_list("name", flat=True))
        assert {name for name in names if name in pages} == set()
        assert town.mining.code not in pages

    def test_signed_in_or_not_the_page_is_the_same(self, client, enter, town, running):
        page = client.get(address(running)).content
        assert enter(town.people["li"]).get(address(running)).content == page

    def test_hostile_text_stays_text(self, client, town, now, on):
        on(7, 20)
        notice = actions.publish(
            town.li, organisation=town.mining, kind="other", title=HOSTILE, text=HOSTILE,
            opens_on=date(2026, 7, 20), closes_on=date(2026, 7, 24), now=now,
        )  # fmt: skip
        for url in (board(notice), address(notice)):
            page = client.get(url).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;" in page
            assert "{{7*7}}" in page

    def test_of_an_unsigned_objection_only_the_day_is_kept(self, client, running):
        before = Entry.objects.count()
        answer = client.post(
            address(running, "objection/"),
            {"text": "独一无二的话", "token": token(client, running)},
            headers={"User-Agent": "canary-agent"}, REMOTE_ADDR="203.0.113.77",
        )  # fmt: skip
        assert answer.status_code == 200
        assert Entry.objects.count() == before
        kept = Objection.objects.get()
        assert (kept.signed, kept.name_sealed, kept.contact_sealed, kept.received_on) == (
            0,
            "",
            "",
            date(2026, 7, 20),
        )
        assert kept.channel == "board"
        dump = "\n".join(
            str(row)
            for table in connection.introspection.table_names()
            for row in rows_of(table)
        )  # fmt: skip
        for trace in ("canary-agent", "203.0.113.77", "独一无二的话"):
            assert trace not in dump
        times = [field.name for field in Objection._meta.fields if "DateTime" in type(field).__name__]
        assert times == []


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return cursor.fetchall()


class TestSending:
    def test_a_second_click_is_the_same_objection(self, client, running):
        data = {"text": "请核实", "token": token(client, running)}
        first, second = (client.post(address(running, "objection/"), data) for _each in range(2))
        assert first.content == second.content
        assert Objection.objects.count() == 1

    @pytest.mark.parametrize(("data", "status", "told"), [
        ({"text": ""}, 400, "请写明意见内容。"),
        ({"text": "   \n"}, 400, "请写明意见内容。"),
        ({"text": "长" * 2001}, 400, "意见内容请控制在 2000 字以内"),
        ({"text": "有\x00字"}, 400, "内容里有不能识别的字符"),
        ({"text": "好", "name": "名" * 31}, 400, "姓名请控制在 30 字以内。"),
        ({"text": "好", "token": ""}, 400, "已经过期"),
        ({"text": "好", "token": "x" * 5000}, 400, "已经过期"),
        ({"text": "好", "token": signing.dumps(["another", "n"], salt=slips.SALT)}, 400, "已经过期"),
        ({"text": "好", "token": signing.dumps("n", salt=slips.SALT)}, 400, "已经过期"),
    ])  # fmt: skip
    def test_refused_with_a_sentence_and_the_words_kept(self, client, running, data, status, told):
        answer = client.post(address(running, "objection/"), {"token": token(client, running)} | data)
        page = answer.content.decode()
        assert answer.status_code == status
        assert told in page
        assert Objection.objects.count() == 0
        if data["text"] == "好":
            assert ">好</textarea>" in page

    def test_from_another_site_refused(self, client, running):
        answer = client.post(
            address(running, "objection/"), {"text": "好", "token": token(client, running)},
            headers={"Sec-Fetch-Site": "cross-site"},
        )  # fmt: skip
        assert (answer.status_code, Objection.objects.count()) == (403, 0)

    def test_too_much_from_one_address_and_from_all(self, client, running, monkeypatch):
        monkeypatch.setattr(public.sending, "number", 2)
        assert [send(client, running, f"第{n}件").status_code for n in range(3)] == [200, 200, 429]
        public.sending.forget()
        monkeypatch.setattr("zhibu.notices.actions.objections.MOST_A_DAY", 2)
        answer = send(client, running, "又一件")
        assert (
            answer.status_code,
            "请明天再来" in answer.content.decode() or "太多" in answer.content.decode(),
        ) == (409, True)

    def test_late_ones_say_so_and_none_after_the_result(self, client, town, now, running, on):
        on(7, 25)
        assert "注明了“逾期”" in send(client, running).content.decode()
        objection = Objection.objects.get()
        assert objection.late == 1
        later = now + timedelta(days=7)
        actions.examine_objection(town.li, objection=objection, now=later)
        actions.answer_objection(town.li, objection=objection, finding="已核实", answer="不影响", now=later)
        actions.record_result(town.li, notice=running, result="不影响", now=later)
        on(7, 28)
        assert client.get(address(running, "objection/")).status_code == 410

    def test_the_receipt_shows_the_answer_and_nothing_else(self, client, town, now, running):
        page = send(client, running, "只有我知道的话", name="吴群众").content.decode()
        code = page.split('class="pb-code">')[1].split("<")[0]
        waiting = client.post("/board/receipt/", {"code": code}).content.decode()
        assert "还没有答复" in waiting
        objection = Objection.objects.get()
        actions.examine_objection(town.li, objection=objection, now=now)
        actions.answer_objection(
            town.li, objection=objection, finding="内部核查", answer="已经<b>核实</b>", now=now
        )
        answered = client.post("/board/receipt/", {"code": f" {code.lower()} "}).content.decode()
        assert "已经&lt;b&gt;核实&lt;/b&gt;" in answered
        for kept_back in ("内部核查", "只有我知道的话", "吴群众"):
            assert kept_back not in answered
        for wrong in ("AAAA-BBBB-CCCC", "", "x" * 4000):
            assert client.post("/board/receipt/", {"code": wrong}).status_code == 404
        # whoever holds a receipt need not know whether it was an objection or a letter
        portal = board(running).replace("/board/", "/portal/")
        shown = client.get(board(running)).content.decode()
        assert (f'href="{portal}"' in shown, f'href="{portal}ask/receipt/"' in shown) == (True, True)
        there = client.post(f"{portal}ask/receipt/", {"code": code}).content.decode()
        assert "已经&lt;b&gt;核实&lt;/b&gt;" in there
        for kept_back in ("内部核查", "只有我知道的话", "吴群众"):
            assert kept_back not in there

    def test_codes_cannot_be_tried_out(self, client, running, monkeypatch):
        monkeypatch.setattr(public.asking, "number", 2)
        tries = [client.post("/board/receipt/", {"code": f"AAAA-{n}"}).status_code for n in range(3)]
        assert tries == [404, 404, 429]

    def test_a_disclosure_that_only_informs_takes_nothing(self, client, town, now, on):
        on(7, 20)
        notice = actions.publish(
            town.li, organisation=town.mining, kind="other", title="经费公开", opens_on=date(2026, 7, 20),
            closes_on=date(2026, 7, 24), now=now,
        )  # fmt: skip
        assert client.get(address(notice, "objection/")).status_code == 410
        assert "objection/" not in client.get(address(notice)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_crowd_costs_one_question_a_second(client, settings, monkeypatch):
    """Kept until an act is recorded: then made anew, and the day after it is gone."""
    from tests.people import township
    from tests.town import NOW

    settings.ZHIBU_KEEP_SUMS = True
    town, settings.ZHIBU_TODAY = township(), "2026-07-20"
    notice = actions.publish(
        town.li, organisation=town.mining, kind="other", title="经费公开", opens_on=date(2026, 7, 20),
        closes_on=date(2026, 7, 24), now=NOW,
    )  # fmt: skip
    url = address(notice)
    first = client.get(url)
    for second, number in ((0.5, 0), (2.0, 1)):
        begun = monotonic()
        monkeypatch.setattr("zhibu.notices.middleware.monotonic", lambda at=begun + second: at)
        with CaptureQueriesContext(connection) as asked:
            again = client.get(url)
        assert (again.content, len(asked)) == (first.content, number)
    assert first["Cache-Control"] == "no-cache"
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    actions.withdraw(town.li, notice=notice, reason="写错", now=NOW)
    assert client.get(url).status_code == 410


def test_the_throttle_forgets(rf):
    throttle, moment = Throttle(2, 60), datetime(2026, 7, 20, 10, tzinfo=datetime.now().astimezone().tzinfo)
    one, other = rf.get("/", REMOTE_ADDR="192.0.2.1"), rf.get("/", REMOTE_ADDR="192.0.2.2")
    assert [throttle.allows(one, moment) for _each in range(3)] == [True, True, False]
    assert throttle.allows(other, moment)
    assert throttle.allows(one, moment + timedelta(seconds=61))
    assert not any(b"192" in key for key in throttle._counts)
    assert len(throttle._counts) == 1


def test_addresses_do_not_tell_how_many_there_are(town, now):
    made = [
        actions.publish(
            town.li, organisation=town.mining, kind="other", title=f"公开{n}", opens_on=date(2026, 7, 20),
            closes_on=date(2026, 7, 24), now=now,
        ).address
        for n in range(5)
    ]  # fmt: skip
    assert len({*made, Board.objects.get().address}) == 6
    assert {len(each) for each in made} == {9}
    assert Notice.objects.filter(address__in=made).count() == 5


def test_a_first_board_is_opened_on_the_way_and_one_comes_back_to_this_site_alone(town, enter):
    client = enter(town.people["li"])
    for given, back in (
        ("/letters/suggestions/poster/", "/letters/suggestions/poster/"),
        ("https://evil.example/", "/notices/board/?organisation="), ("//evil.example/", "/notices/board/?organisation="),
    ):  # fmt: skip
        sent = client.post(f"/notices/board/renew/?organisation={town.mining.pk}&next={given}", {})
        assert (sent.status_code, sent["Location"].removesuffix(str(town.mining.pk))) == (302, back)
