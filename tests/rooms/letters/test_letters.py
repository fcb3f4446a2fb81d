"""Letters: sent without a trace, read by those who answer, answered in time, published worded anew."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404

from tests.rooms.study.people import with_study
from zhibu import analytics, rulebook
from zhibu.core.refusal import Refused
from zhibu.letters import actions, policies, queries
from zhibu.letters.models import Missive
from zhibu.notices import keeping
from zhibu.notices.actions.sheets import board_of
from zhibu.notices.shelf import shelf
from zhibu.notices.throttle import Throttle
from zhibu.record.models import Entry
from zhibu.record.past import instant
from zhibu.register.models import Post

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>{{7*7}}"


@pytest.fixture(autouse=True)
def _fresh():
    Throttle.forget_all()
    keeping.forget_pages()
    shelf.forget()


@pytest.fixture
def who(town):
    Post.objects.create(
        person=town.people["chen"], organisation=town.mining, kind="discipline_officer", since=date(2020, 1, 1), known_at=1
    )  # fmt: skip
    return {name: with_study(actor) for name, actor in town.actors.items()}


@pytest.fixture
def board(town, settings):
    settings.ZHIBU_TODAY = "2026-07-20"
    return f"/portal/{board_of(town.mining).address}/"


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


def ask(client, board, text="转正要准备什么材料？", kind="question", **more):
    page = client.get(f"{board}ask/new/{kind}/").content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]
    return client.post(f"{board}ask/new/{kind}/", {"text": text, "token": token} | more)


def code_in(answer):
    return answer.content.decode().split('class="pb-code">')[1].split("<")[0]


class TestSending:
    def test_without_a_name_nothing_is_kept_but_the_day(self, client, town, board):
        sent = ask(client, board)
        assert (sent.status_code, sent.cookies, sent["Referrer-Policy"]) == (200, {}, "no-referrer")
        letter = Missive.objects.get()
        assert (letter.received_on, letter.due_on) == (date(2026, 7, 20), date(2026, 7, 27))
        assert (letter.person_id, letter.signed, letter.name_sealed, letter.contact_sealed) == (
            None,
            0,
            "",
            "",
        )
        assert Entry.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM zb_missive")
            kept = str(cursor.fetchall())
        assert ("转正" in kept, "127.0.0.1" in kept, code_in(sent).replace("-", "") in kept) == (
            False,
            False,
            False,
        )

    def test_the_receipt_follows_it(self, client, town, who, board, now):
        code = code_in(ask(client, board))
        before = client.post(f"{board}ask/receipt/", {"code": code}).content.decode()
        assert "还没有答复，7月27日 周一 前会答复" in before
        actions.answer_letter(who["li"], letter=Missive.objects.get(), answer="转正申请书等三件。", now=now)
        assert (
            "转正申请书等三件。"
            in client.post(f"{board}ask/receipt/", {"code": code.lower()}).content.decode()
        )
        assert client.post(f"{board}ask/receipt/", {"code": "AAAA-AAAA-AAAA"}).status_code == 404

    def test_what_goes_past_the_branch_says_so_before_it_is_written(self, client, board):
        page = client.get(f"{board}ask/new/complaint/").content.decode()
        assert ("送上级党组织的纪检委员，15 个工作日内答复。" in page, "写给" in page) == (True, False)
        assert "直接送上级党组织的纪检委员，本支部的人看不到。" in client.get(f"{board}ask/").content.decode()
        assert "写给" in client.get(f"{board}ask/new/suggestion/").content.decode()

    def test_a_second_click_is_the_same_letter(self, client, board):
        page = client.get(f"{board}ask/new/question/").content.decode()
        token = page.split('name="token" value="')[1].split('"')[0]
        codes = {
            code_in(client.post(f"{board}ask/new/question/", {"text": "问", "token": token}))
            for _n in range(2)
        }
        assert (len(codes), Missive.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("data", "headers", "status"),
        [
            ({"text": " "}, {}, 400), ({"text": "x" * 2001}, {}, 400), ({"text": "问", "token": "bad"}, {}, 400),
            ({"text": "问"}, {"Sec-Fetch-Site": "cross-site"}, 403), ({"text": "问", "name": "长" * 31}, {}, 400),
        ],
    )  # fmt: skip
    def test_what_is_not_taken(self, client, board, data, headers, status):
        page = client.get(f"{board}ask/new/question/").content.decode()
        token = page.split('name="token" value="')[1].split('"')[0]
        sent = client.post(f"{board}ask/new/question/", {"token": token} | data, headers=headers)
        assert (sent.status_code, Missive.objects.count()) == (status, 0)

    def test_a_flood_is_slowed_down(self, client, board):
        assert [ask(client, board, f"问{n}").status_code for n in range(22)] == [200] * 20 + [429] * 2

    def test_a_flood_of_one_kind_at_one_door_shuts_no_other(self, town, now, monkeypatch):
        monkeypatch.setattr("zhibu.letters.actions.receiving.MOST_A_DAY", 2)
        send = lambda kind, number, place=town.mining: actions.receive(
            organisation=place, kind=kind, text="x", receipt=f"{kind}{number}{place.pk}", now=now
        )
        first = send("complaint", 1)
        send("complaint", 2)
        assert refused(lambda: send("complaint", 3)) == ["letters.flooded"]
        # the same form again is no new letter, full or not
        assert send("complaint", 1).pk == first.pk
        # complaints of both branches lie at the committee; each has its own door
        assert send("complaint", 1, town.depot).organisation_id == first.organisation_id
        for number in (1, 2):
            send("suggestion", number)
        assert refused(lambda: send("suggestion", 3)) == ["letters.flooded"]
        assert send("question", 1).number == 3

    def test_no_such_door(self, client, board):
        assert client.get(f"{board}ask/new/bribe/").status_code == 404
        assert client.get("/portal/nowhere/").status_code == 404

    def test_in_ones_own_name(self, client, town, who, enter, now, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        assert refused(
            lambda: actions.write_letter(
                policies.Actor(9, None, "运维", ()),
                organisation=town.mining,
                kind="question",
                text="问",
                now=now,
            )
        ) == ["letters.no_person"]
        zhao = enter(town.people["zhao"])
        sent = zhao.post("/letters/write/", {"to": town.mining.pk, "text": f"何时评议{HOSTILE}"}, follow=True)
        assert "何时评议" in sent.content.decode()
        assert "<script>alert" not in sent.content.decode()
        letter = Missive.objects.get()
        assert (letter.person_id, letter.signed, letter.receipt) == (town.people["zhao"].pk, 1, None)
        assert Entry.objects.get().act == "letters.write_letter"
        # another branch is no address
        assert zhao.post("/letters/write/", {"to": town.depot.pk, "text": "问"}).status_code == 200
        assert Missive.objects.count() == 1


class TestRepliesAreEvidence:
    """Hand count of S29's answers in time: due in the quarter, answered by that day; complaints go past the branch."""

    def replies(self, town, known_by=None, quarter=(date(2026, 7, 1), date(2026, 9, 30))):
        names = ("letters.replies_due", "letters.replies_in_time")
        path = town.mining.path
        found = analytics.facts_for(rulebook.load(()), names, path, path + "0", *quarter, known_by=known_by)
        return tuple(found[town.mining.pk][name] for name in names)

    def test_due_in_time_late_and_open(self, town, who, now):
        letters = [
            actions.receive(organisation=town.mining, kind=kind, text="问", receipt=f"r{n}", now=now)
            for n, kind in enumerate(("question", "question", "question", "complaint"))
        ]
        assert self.replies(town) == (3, 0)
        # on its last day, and one day late
        actions.answer_letter(who["li"], letter=letters[0], answer="答", now=now + timedelta(days=7))
        actions.answer_letter(who["li"], letter=letters[1], answer="答", now=now + timedelta(days=8))
        assert self.replies(town) == (3, 1)
        assert self.replies(town, known_by=instant(now + timedelta(days=2))) == (3, 0)
        assert self.replies(town, quarter=(date(2026, 4, 1), date(2026, 6, 30))) == (0, 0)

    def test_no_instant_of_its_arrival_is_kept(self, town, who, now):
        early, late = (
            actions.receive(organisation=town.mining, kind="question", text="问", receipt=f"r{n}", now=at)
            for n, at in enumerate((now, now + timedelta(hours=3)))
        )
        assert early.known_at == late.known_at > instant(now + timedelta(hours=3))
        # answered the same day: never known before it was there
        answered = actions.answer_letter(who["li"], letter=early, answer="答", now=now + timedelta(hours=4))
        assert answered.known_at == early.known_at + 1
        assert self.replies(town) == (2, 1)

    def test_a_letter_handed_on_is_owed_by_whoever_has_it(self, town, who, now):
        letter = actions.receive(organisation=town.mining, kind="question", text="问", receipt="r", now=now)
        actions.forward_letter(
            who["li"], letter=letter, to=town.committee, reason="上级办理", now=now + timedelta(days=1)
        )
        assert self.replies(town) == (0, 0)
        assert self.replies(town, known_by=instant(now + timedelta(hours=23))) == (1, 0)


class TestReading:
    def letter(self, town, kind, now):
        return actions.receive(organisation=town.mining, kind=kind, text="内容", receipt=f"{kind}1", now=now)

    def test_who_reads_which_kind(self, town, who, now):
        kinds = ("question", "suggestion", "complaint")
        made = {kind: self.letter(town, kind, now) for kind in kinds}
        seen = {
            name: sorted(queries.listed(who[name]).values_list("kind", flat=True))
            for name in ("li", "wang", "chen", "zhao", "qian")
        }
        chen = with_study(
            policies.Actor(
                who["chen"].user, who["chen"].person, "陈", (who["chen"].mandates[0].__class__(
                    "discipline_officer", town.committee.pk, town.committee.path, frozenset(), who["chen"].mandates[0].reach
                ),),
            )
        )  # fmt: skip
        assert seen == {
            "li": ["question", "suggestion"], "wang": ["question", "suggestion"],
            "chen": [], "zhao": [], "qian": [],
        }  # fmt: skip
        assert list(queries.listed(chen).values_list("kind", flat=True)) == ["complaint"]
        with pytest.raises(Http404):
            queries.letter_for(who["li"], made["complaint"].pk)
        # a comment is about something: its door is not on the portal
        assert refused(lambda: self.letter(town, "comment", now)) == ["letters.not_public"]

    def test_answered_once_by_whoever_may(self, town, who, now):
        letter, complaint = self.letter(town, "question", now), self.letter(town, "complaint", now)
        assert refused(lambda: actions.answer_letter(who["qian"], letter=letter, answer="答", now=now)) == [
            "letters.no_mandate"
        ]
        assert refused(lambda: actions.answer_letter(who["li"], letter=complaint, answer="答", now=now)) == [
            "letters.no_mandate",
            "letters.other_handling",
        ]
        assert refused(lambda: actions.answer_letter(who["li"], letter=letter, answer=" ", now=now)) == [
            "letters.answer_needed"
        ]
        actions.answer_letter(who["li"], letter=letter, answer="答", now=now + timedelta(days=8))
        assert refused(lambda: actions.answer_letter(who["li"], letter=letter, answer="答", now=now)) == [
            "letters.answered"
        ]
        entry = Entry.objects.get()
        assert (entry.act, '"late":1' in entry.values, "内容" in entry.values) == (
            "letters.answer_letter",
            True,
            False,
        )

    def test_overdue_is_told(self, town, who, now):
        self.letter(town, "question", now)
        assert queries.waiting_under(who["li"], date(2026, 7, 27)) == (1, 0)
        assert queries.waiting_under(who["li"], date(2026, 7, 28)) == (1, 1)
        assert queries.waiting_under(who["qian"], date(2026, 7, 28)) == (0, 0)
        letter = Missive.objects.get()
        assert [mark.text for mark in queries.marks(letter, date(2026, 7, 28))] == ["逾期 1 天"]


class TestPublishing:
    @pytest.fixture
    def answered(self, town, who, now):
        letter = actions.receive(
            organisation=town.mining,
            kind="question",
            text="我叫孙小民，何时转正",
            receipt="r1",
            name="孙小民",
            now=now,
        )
        return actions.answer_letter(who["li"], letter=letter, answer="预备期满前后及时申请。", now=now)

    def test_who_may_not_and_what_may_not(self, town, who, now, answered):
        publish = lambda by="li", **told: actions.publish_answer(
            who[by], letter=answered, now=now, **{"asked": "何时转正？", "answer": "及时申请。"} | told
        )
        assert set(refused(lambda: publish("chen"))) == {"letters.no_mandate"}
        assert refused(lambda: publish(asked=" ")) == ["letters.asked_needed"]
        assert refused(lambda: publish(answer="打 13812345678")) == ["letters.numbers"]
        assert refused(lambda: publish(asked="孙小民何时转正？")) == ["letters.names"]
        assert refused(lambda: publish(answer="找赵党员办理")) == ["letters.names"]
        assert publish(answer="找赵党员办理", named=True).answer == "找赵党员办理"
        waiting = actions.receive(organisation=town.mining, kind="question", text="问", receipt="r2", now=now)
        assert refused(
            lambda: actions.publish_answer(who["li"], letter=waiting, asked="问", answer="答", now=now)
        ) == ["letters.not_answered"]

    def test_published_found_and_taken_down(self, client, town, who, now, board, answered):
        assert client.get(f"{board}?q=转正").content.decode().count("没有找到") == 1
        made = actions.publish_answer(
            who["li"], letter=answered, asked="预备党员何时转正？", answer=f"预备期满申请{HOSTILE}", now=now
        )
        found = client.get(f"{board}?q=转正")
        page = found.content.decode()
        assert ("<mark>转正</mark>" in page, "孙小民" in page, "<script>alert" in page) == (
            True,
            False,
            False,
        )
        assert (found.cookies, "script-src 'none'" in found["Content-Security-Policy"]) == ({}, True)
        assert "预备期满申请" in client.get(f"{board}ask/{made.address}/").content.decode()
        assert "预备党员何时转正？" in client.get(board).content.decode()
        # on another branch's portal it does not exist
        other = f"/portal/{board_of(town.depot).address}/"
        assert client.get(f"{other}ask/{made.address}/").status_code == 404
        actions.take_down_answer(who["li"], letter=made, reason="有新规定", now=now)
        shelf.forget()
        assert client.get(f"{board}ask/{made.address}/").status_code == 404
        assert "预备党员何时转正" not in client.get(f"{board}?q=转正").content.decode()

    def test_what_is_kept_in_confidence_is_not_published(self, town, who, now):
        assert not policies.rule("complaint").publishable
        letter = actions.receive(organisation=town.mining, kind="complaint", text="问", receipt="c", now=now)
        assert (
            refused(
                lambda: actions.publish_answer(who["li"], letter=letter, asked="问", answer="答", now=now)
            )[0]
            == "letters.no_mandate"
        )


class TestBulletins:
    def test_written_by_one_published_by_another(self, client, town, who, now, board):
        write = lambda by: actions.write_bulletin(
            who[by], organisation=town.mining, kind="news", title="主题党日", body="现场查隐患", now=now
        )
        assert refused(lambda: write("qian")) == ["letters.no_mandate"]
        made = write("li")
        assert refused(lambda: actions.publish_bulletin(who["wang"], bulletin=made, now=now)) == [
            "letters.other_state"
        ]
        actions.submit_bulletin(who["li"], bulletin=made, now=now)
        assert refused(lambda: actions.publish_bulletin(who["li"], bulletin=made, now=now)) == [
            "letters.own_bulletin"
        ]
        assert "主题党日" not in client.get(f"{board}posts/").content.decode()
        actions.return_bulletin(who["wang"], bulletin=made, remark="补上时间", now=now)
        made.refresh_from_db()
        actions.edit_bulletin(
            who["li"], bulletin=made, kind="news", title="主题党日", body="7月1日，赵党员带队查隐患", version=made.version, now=now
        )  # fmt: skip
        actions.submit_bulletin(who["li"], bulletin=made, now=now)
        assert refused(lambda: actions.publish_bulletin(who["wang"], bulletin=made, now=now)) == [
            "letters.names"
        ]
        shown = actions.publish_bulletin(who["wang"], bulletin=made, named=True, now=now)
        shelf.forget()
        assert "主题党日" in client.get(f"{board}posts/").content.decode()
        assert "带队查隐患" in client.get(f"{board}posts/{shown.address}/").content.decode()
        assert "<mark>隐患</mark>" in client.get(f"{board}?q=隐患").content.decode()
        actions.withdraw_bulletin(who["wang"], bulletin=shown, reason="更正", now=now)
        shelf.forget()
        assert client.get(f"{board}posts/{shown.address}/").status_code == 404
        assert "<mark>" not in client.get(f"{board}?q=隐患").content.decode()

    def test_who_sees_a_draft(self, town, who, now):
        made = actions.write_bulletin(
            who["li"], organisation=town.mining, kind="policy", title="草稿", body="x", now=now
        )
        assert [queries.bulletins(who[name]).filter(pk=made.pk).exists() for name in ("li", "wang", "sun", "qian")] == [
            True, True, True, False,
        ]  # fmt: skip
        member = with_study(
            policies.Actor(
                99,
                99,
                "党员",
                (
                    who["chen"]
                    .mandates[0]
                    .__class__(
                        "member", town.mining.pk, town.mining.path, frozenset(), who["chen"].mandates[0].reach
                    ),
                ),
            )
        )
        assert not queries.bulletins(member).exists()

    def test_pages(self, town, who, enter, settings, now):
        settings.ZHIBU_SECOND_FACTOR = "none"
        li = enter(town.people["li"])
        sent = li.post(
            "/letters/bulletins/write/",
            {"kind": "exemplar", "title": "身边典型", "body": "事迹"},
            follow=True,
        )
        assert "身边典型" in sent.content.decode()
        for address in ("/letters/", "/letters/bulletins/", "/letters/portal/", "/letters/write/"):
            assert li.get(address).status_code == 200


def test_the_three_doors_and_what_is_public_to_study(client, town, who, now, board):
    from zhibu.study import actions as study
    from zhibu.study.told import Told

    put = lambda title, audience: study.publish_material(
        who["li"],
        organisation=town.mining,
        told=Told(title=title, content="交接班讲隐患", audience=audience),
        now=now,
    )
    shown, hidden = put("公开的安全课", "public"), put("内部的安全课", "branch")
    front = client.get(board).content.decode()
    assert all(word in front for word in ("支部工作", "我要学习", "我要咨询"))
    page = client.get(f"{board}study/").content.decode()
    assert ("公开的安全课" in page, "内部的安全课" in page) == (True, False)
    found = client.get(f"{board}study/?q=隐患").content.decode()
    assert ("公开的安全课" in found, "内部的安全课" in found, "<mark>隐患</mark>" in found) == (
        True,
        False,
        True,
    )
    assert client.get(f"{board}study/{shown.address}/").status_code == 200
    assert (hidden.address, client.get(f"{board}study/{shown.address}/file/").status_code) == (None, 404)


def test_nothing_public_takes_a_file(client, town, board):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from zhibu.record.models import Attachment

    for page in ("ask/new/question/", "ask/new/suggestion/", "ask/new/complaint/"):
        assert 'type="file"' not in client.get(board + page).content.decode()
    sent = ask(client, board, photo=SimpleUploadedFile("a.png", b"\x89PNG", "image/png"))
    assert (sent.status_code, Missive.objects.count(), Attachment.objects.count()) == (200, 1, 0)
