"""Screens and the feed: what a player shows by its secret address, and what a feed reader is told."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import township
from zhibu.core.refusal import Refused
from zhibu.notices import actions, keeping, queries
from zhibu.notices.models import Board, Notice, NoticeSheet
from zhibu.notices.shelf import Answer, Shelf, shelf
from zhibu.notices.throttle import Throttle
from zhibu.record.models import Entry

TODAY = date(2026, 7, 20)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.ZHIBU_TODAY = TODAY.isoformat()
    Throttle.forget_all()
    keeping.forget_pages()
    shelf.forget()


def slogan(
    actor, organisation, now, title="高高兴兴上班，平平安安回家", kind="slogan_safety", first=0, last=30
):
    return actions.publish(
        actor, organisation=organisation, kind=kind, title=title, opens_on=TODAY + timedelta(days=first),
        closes_on=TODAY + timedelta(days=last), now=now,
    )  # fmt: skip


class TestAddress:
    def test_refused_to_whoever_may_not(self, town, now):
        for act in (actions.renew_screen, actions.close_screen):
            with pytest.raises(Refused) as refused:
                act(town.chen, organisation=town.mining, now=now)
            assert refused.value.refusals[0].code == "notices.no_mandate"
        assert Board.objects.count() == 0

    def test_it_is_secret_renewed_and_closed(self, client, town, now):
        first = actions.renew_screen(town.li, organisation=town.mining, now=now).screen
        assert len(first) == 20
        assert client.get(f"/screen/{first}/").status_code == 200
        second = actions.renew_screen(town.li, organisation=town.mining, now=now).screen
        assert [client.get(f"/screen/{each}/").status_code for each in (first, second)] == [404, 200]
        actions.close_screen(town.li, organisation=town.mining, now=now)
        assert client.get(f"/screen/{second}/").status_code == 404
        entries = list(Entry.objects.order_by("id").values_list("act", flat=True))
        assert entries == ["notices.renew_screen", "notices.renew_screen", "notices.close_screen"]
        # whoever reads the record could open it otherwise
        assert not any(each in entry.values for entry in Entry.objects.all() for each in (first, second))

    def test_closing_what_is_not_open(self, town, now):
        with pytest.raises(Refused) as refused:
            actions.close_screen(town.li, organisation=town.mining, now=now)
        assert refused.value.refusals[0].code == "notices.no_screen"

    def test_the_desk_shows_it_only_to_whoever_may_renew_it(self, town, now, enter):
        secret = actions.renew_screen(town.li, organisation=town.mining, now=now).screen
        slogan(town.li, town.mining, now)
        for who, shown in (("li", True), ("chen", False)):
            page = enter(town.people[who]).get("/notices/screen/").content.decode()
            assert (secret in page, "高高兴兴上班" in page) == (shown, True)


class TestShown:
    def test_a_slogan_is_on_screens_and_nowhere_else(self, client, town, now):
        made = slogan(town.li, town.mining, now)
        board = Board.objects.filter(organisation=town.mining)
        assert (made.address, board.count(), NoticeSheet.objects.filter(notice=made).count()) == (None, 0, 1)
        secret = actions.renew_screen(town.li, organisation=town.mining, now=now).screen
        assert "高高兴兴上班" in client.get(f"/screen/{secret}/").content.decode()
        address = Board.objects.get(organisation=town.mining).address
        assert "高高兴兴上班" not in client.get(f"/board/{address}/").content.decode()
        assert "高高兴兴上班" not in client.get(f"/board/{address}/feed/").content.decode()

    def test_from_its_first_day_to_its_last(self, town, now):
        board = actions.renew_screen(town.li, organisation=town.mining, now=now)
        slogan(town.li, town.mining, now, first=1, last=2)
        shown = [
            [each.words for each in queries.slides(board, TODAY + timedelta(days=day))] for day in range(4)
        ]
        assert shown == [[], ["高高兴兴上班，平平安安回家"], ["高高兴兴上班，平平安安回家"], []]

    def test_one_kind_alone_those_above_and_never_those_beside(self, town, now):
        board = actions.renew_screen(town.li, organisation=town.mining, now=now)
        slogan(town.li, town.mining, now)
        slogan(town.li, town.mining, now, "精益求精", "slogan_quality")
        slogan(town.qian, town.depot, now, "仓储的标语")
        above = Notice.objects.create(
            organisation=town.committee, kind="slogan_party", reply="none", title="全厂的标语", text="请注意",
            opens_on=TODAY, closes_on=TODAY,
        )  # fmt: skip
        actions.publish(
            town.li,
            organisation=town.mining,
            kind="resolution",
            title="学习角决议",
            text="同意",
            opens_on=TODAY,
            now=now,
        )
        words = {
            only: [each.words for each in queries.slides(board, TODAY, only)]
            for only in ("", "slogan_safety")
        }
        assert words == {
            "": ["全厂的标语", "精益求精", "高高兴兴上班，平平安安回家", "学习角决议"],
            "slogan_safety": ["高高兴兴上班，平平安安回家"],
        }
        assert queries.slides(board, TODAY)[0].more == above.text

    def test_the_supervision_board_is_shown_with_its_words_last_and_alone(self, client, town, now):
        board = actions.renew_screen(town.li, organisation=town.mining, now=now)
        slogan(town.li, town.mining, now)
        rows = [
            Notice.objects.create(
                organisation=place, kind="pledge", reply="comment", title=f"{who}（党员）的承诺", text=text,
                opens_on=TODAY + timedelta(days=first), closes_on=TODAY + timedelta(days=9), withdrawn=withdrawn,
            )
            for place, who, text, first, withdrawn in (
                (town.mining, "陈", "一、班前查一遍\n二、带好徒弟", 0, 0), (town.mining, "赵", "撤回的", 0, 1),
                (town.mining, "孙", "明天才有", 1, 0), (town.depot, "钱", "别的支部", 0, 0), (town.mining, "王", "字" * 300, 0, 0),
            )
        ]  # fmt: skip
        words = [(each.words, each.more, each.size) for each in queries.slides(board, TODAY, "pledge")]
        assert words == [(rows[0].title, rows[0].text, "brief"), (rows[4].title, rows[4].text, "dense")]
        everything = [each.words for each in queries.slides(board, TODAY)]
        assert everything == ["高高兴兴上班，平平安安回家", rows[0].title, rows[4].title]
        page = client.get(f"/screen/{board.screen}/pledges/").content.decode()
        assert ("带好徒弟" in page, "撤回的" in page, "高高兴兴上班" in page) == (True, False, False)

    def test_no_cookie_nothing_from_elsewhere_and_a_strict_policy(self, client, town, now):
        secret = actions.renew_screen(town.li, organisation=town.mining, now=now).screen
        slogan(town.li, town.mining, now, "<script>alert(1)</script>{{7*7}}")
        answer = client.get(f"/screen/{secret}/")
        page = answer.content.decode()
        assert (answer.cookies, "alert(1)</script>" in page, "style=" in page) == ({}, False, False)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "'unsafe" not in policy
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-cache")
        assert client.get(f"/screen/{secret}/weather/").status_code == 404
        assert client.get("/screen/nowhere/").status_code == 404


class TestDesk:
    def test_a_slogan_by_the_form(self, town, enter):
        client = enter(town.people["li"])
        data = {
            "kind": "slogan_party",
            "title": "党员先上",
            "opens_on": "2026-07-20",
            "closes_on": "2026-07-31",
        }
        assert client.post("/notices/screen/slogan/", data).status_code == 302
        made = Notice.objects.get()
        assert (made.kind, made.title, made.closes_on) == ("slogan_party", "党员先上", date(2026, 7, 31))
        wrong = client.post("/notices/screen/slogan/", data | {"kind": "admission"})
        assert (wrong.status_code, Notice.objects.count()) == (200, 1)

    def test_begun_is_not_renewed(self, town, enter):
        client = enter(town.people["li"])
        told = [client.post("/notices/screen/renew/", follow=True).content.decode() for _turn in range(2)]
        assert ["电子屏已启用" in page for page in told] == [True, False]
        assert ["电子屏网址已更新" in page for page in told] == [False, True]

    def test_nobody_without_the_verb(self, town, enter):
        client = enter(town.people["chen"])
        for page in ("slogan", "renew", "close"):
            assert client.get(f"/notices/screen/{page}/").status_code == 404

    def test_the_whole_board_on_one_sheet(self, town, now, enter):
        actions.publish(
            town.li,
            organisation=town.mining,
            kind="resolution",
            title="学习角决议",
            text="同意建设",
            opens_on=TODAY,
            now=now,
        )
        for paper in ("A3", "A4"):
            page = enter(town.people["li"]).get(f"/notices/board/wall/?paper={paper}").content.decode()
            assert (f"zb-wall-{paper}" in page, "同意建设" in page) == (True, True)


class TestFeed:
    def test_titles_of_things_but_not_of_persons(self, client, town, now):
        actions.publish(
            town.li,
            organisation=town.mining,
            kind="admission",
            subject=town.people["zhou"].pk,
            opens_on=TODAY,
            now=now,
        )
        actions.publish(
            town.li, organisation=town.mining, kind="dues", title="第二季度党费", text="细目 & 合计", opens_on=TODAY,
            closes_on=TODAY, now=now,
        )  # fmt: skip
        board = Board.objects.get(organisation=town.mining).address
        answer = client.get(f"/board/{board}/feed/")
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        root = ET.fromstring(answer.content.decode().lstrip())
        titles = sorted(each.findtext(f"{ATOM}title") for each in root.findall(f"{ATOM}entry"))
        assert titles == ["发展党员公示", "第二季度党费"]
        assert not any(word in answer.content.decode() for word in ("周积极", "细目"))
        links = {each.find(f"{ATOM}link").get("href") for each in root.findall(f"{ATOM}entry")}
        assert all(client.get(link).status_code == 200 for link in links)
        assert f"/board/{board}/feed/" in client.get(f"/board/{board}/").content.decode()

    def test_an_empty_board_has_a_valid_feed(self, client, town, now):
        board = actions.renew_board(town.li, organisation=town.mining, now=now).address
        root = ET.fromstring(client.get(f"/board/{board}/feed/").content.decode())
        assert root.findtext(f"{ATOM}updated") == "2026-07-20T00:00:00+08:00"


class TestShelf:
    def test_whoever_comes_first_after_its_time_makes_it_anew(self):
        kept = Shelf()
        answer = Answer(b"page", (), "tag", TODAY, until=10.0)
        kept.put("key", answer)
        taken = [kept.take("key", TODAY, moment) for moment in (9.0, 10.0, 10.5, 11.0)]
        assert taken == [answer, None, answer, None]
        assert kept.take("key", TODAY + timedelta(days=1), 11.1) is None

    def test_dropped_unless_it_is_the_one_of_now(self):
        kept = Shelf()
        kept.put("key", Answer(b"page", (), "tag", TODAY, until=10.0))
        kept.drop("key", unless="tag")
        assert kept.take("key", TODAY, 1.0)
        kept.drop("key", unless="other")
        assert kept.take("key", TODAY, 1.0) is None


@pytest.mark.django_db(transaction=True)
class TestKept:
    """Outside a transaction, as a server answers."""

    def test_a_crowd_asks_the_database_nothing(self, client, settings, now):
        settings.ZHIBU_KEEP_SUMS = True
        town = township()
        actions.publish(
            town.li,
            organisation=town.mining,
            kind="resolution",
            title="学习角决议",
            text="同意",
            opens_on=TODAY,
            now=now,
        )
        url = f"/board/{Board.objects.get().address}/"
        first = client.get(url)
        with CaptureQueriesContext(connection) as asked:
            again = [client.get(url) for _each in range(20)]
        assert len(asked) == 0
        assert {each.content for each in again} == {first.content}
        assert all(each["Content-Security-Policy"] == first["Content-Security-Policy"] for each in again)
        seen = client.get(url, headers={"If-None-Match": f"W/{first['ETag']}"})
        assert (seen.status_code, seen.content) == (304, b"")
        # another language, another day and signed forms are not the same page
        assert "Public" in client.get(url, headers={"Accept-Language": "en"}).content.decode()

    def test_what_was_withdrawn_is_gone_when_its_second_is_over(self, client, settings, now, monkeypatch):
        settings.ZHIBU_KEEP_SUMS = True
        town = township()
        notice = actions.publish(
            town.li,
            organisation=town.mining,
            kind="resolution",
            title="学习角决议",
            text="同意",
            opens_on=TODAY,
            now=now,
        )
        board = f"/board/{Board.objects.get().address}/"
        assert [client.get(each).status_code for each in (board, f"{board}{notice.address}/")] == [200, 200]
        # as another process does it: the shelf of this one hears nothing
        monkeypatch.setattr("zhibu.notices.shelf.Shelf.forget", lambda _self: None)
        actions.withdraw(town.li, notice=notice, reason="写错", now=now)
        assert "学习角决议" in client.get(board).content.decode()
        monkeypatch.setattr("zhibu.notices.middleware.monotonic", lambda: 10.0**9)
        assert "学习角决议" not in client.get(board).content.decode()
        assert client.get(f"{board}{notice.address}/").status_code == 410
        assert client.get(f"{board}{notice.address}/").status_code == 410

    def test_nothing_is_kept_for_queries_posts_or_strange_headers(self, client, settings, now):
        settings.ZHIBU_KEEP_SUMS = True
        town = township()
        board = actions.renew_board(town.li, organisation=town.mining, now=now)
        url = f"/board/{board.address}/"
        for headers, query in (({"Accept-Language": "x" * 200}, ""), ({}, "?a=1")):
            client.get(url + query, headers=headers)
            with CaptureQueriesContext(connection) as asked:
                client.get(url + query, headers=headers)
            assert len(asked) > 0
