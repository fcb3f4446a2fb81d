"""The salt works' year: badge and board, floors and zones, pledges, what the masses say, half-years, the test at its end.

As the secretary at a desk, members on their phones, a worker who has no account, and the officer above. ZHIBU_TEST_SHOTS
names a folder for a picture of every step.
"""

from __future__ import annotations

import os
import re

import pytest

from tests.people import township
from tests.rooms.ballots.devices import devices
from zhibu.ballots import queries as ballots
from zhibu.ballots.models import Ballot
from zhibu.notices.models import Board, Notice
from zhibu.project.demo.zones import floor
from zhibu.register.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ZHIBU_TEST_SHOTS", "")
SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PLEDGES = {
    "chen": "班前会必讲一条安全要点。\n带好两名青年职工。",
    "m0": "化验当班出结果，不过夜。",
    "zhao": "每月报道一名身边的先进。",
}


class Year:
    """Everybody's page, the day, and what is looked at."""

    def __init__(self, device, settings, folder):
        self.town, self.settings, self.folder = township(members=5), settings, folder
        self.people, self.device, self.pages, self.seen = self.town.people, device, {}, 0

    def on(self, day):
        self.settings.ZHIBU_TODAY = day

    def page(self, who, width=390):
        if who not in self.pages:
            self.pages[who] = self.device(self.people.get(who), width)
        return self.pages[who]

    @property
    def li(self):
        return self.page("li", 1440)

    def go(self, page, address, name=""):
        page.goto(address)
        return self.look(page, name or address)

    def look(self, page, name):
        """What the page says; nothing runs over its side."""
        page.wait_for_load_state()
        page.locator("main").wait_for()
        assert page.evaluate(SIDEWAYS), (name, page.url)
        if SHOTS:
            self.seen += 1
            page.screenshot(
                path=f"{SHOTS}/{self.seen:02d}-{name.strip('/').replace('/', '-')}.png", full_page=True
            )
        return page.locator("main").inner_text()

    def click(self, page, name, kind="link"):
        page.get_by_role(kind, name=name, exact=True).first.click()
        return self.look(page, name)

    def send(self, page, name="sent"):
        page.locator("main form .btn-primary").last.click()
        return self.look(page, name)


@pytest.fixture
def year(browser, live_server, settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    (tmp_path / "厂房.png").write_bytes(floor())
    for device in devices(browser, live_server):
        made = Year(device, settings, tmp_path)
        Post.objects.create(
            person=made.people["sun"], organisation=made.town.committee, kind="committee_officer", since="2020-01-01",
            known_at=1,
        )  # fmt: skip
        yield made


def test_the_year(year):
    year.on("2026-01-05")
    show(year)
    promise(year)
    watch(year)
    year.on("2026-02-10")
    put_right(year)
    year.on("2026-06-20")
    half_year(year)
    year.on("2026-12-18")
    judged_by_all(year)
    assert [page.problems for page in year.pages.values()] == [[]] * len(year.pages)


def show(year):
    """亮身份: badges; two floors, a zone on each, and both before everyone."""
    li, people = year.li, year.people
    assert "划定本年党员责任区" in year.go(li, "/")
    year.go(li, "/pledges/cards/?form=badge")
    assert li.locator(".zb-badges section, .zb-cards section").count() == 9
    for title in ("一楼", "二楼"):
        year.go(li, "/pledges/zones/plan/")
        li.get_by_label("图名").fill(title)
        li.get_by_label("平面图或现场照片").set_input_files(str(year.folder / "厂房.png"))
        year.send(li)
    for title, holder, where in (("三号泵房", "chen", "一楼"), ("化验岗", "m0", "二楼")):
        year.go(li, "/pledges/zones/new/")
        year.click(li, where)
        li.get_by_label("名称").fill(title)
        li.get_by_label("责任人").fill(people[holder].name)
        li.keyboard.press("Enter")
        li.get_by_label("负责什么").fill("地面无油污，设备点检不漏一项")
        li.locator("input[name=shape]").fill("100,100 400,500")
        assert f"“{where}”图上" in year.send(li, "zone")
    year.go(li, "/pledges/zones/")
    assert [each.locator("polygon").count() for each in li.locator(".zb-site").all()] == [1, 1]
    assert "正在公示栏公开" in year.click(li, "上公示栏", "button")
    year.go(li, "/pledges/zones/sheet/")
    assert li.locator(".zb-zone-sheet").count() == 2
    # what is drawn is filed: the map of the year is not asked for a second time
    assert "划定本年党员责任区" not in year.go(li, "/")


def promise(year):
    """亮承诺: on the phone, and one on paper entered by the secretary; confirmed, shown, printed."""
    li = year.li
    for who, text in PLEDGES.items():
        page = year.page(who)
        year.go(page, "/")
        year.click(page, "作承诺")
        page.get_by_label("承诺内容").fill(text)
        told = year.send(page, "made")
        # nothing is asked of the half-year before its time
        assert ("待支部确认" in told, "半年自评" in told) == (True, False)
    year.go(li, "/pledges/")
    year.click(li, "代录手写承诺")
    li.get_by_label("承诺人").fill("王副书记")
    li.keyboard.press("Enter")
    li.get_by_label("承诺内容").fill("每周下一次班组，带头执行操作规程。")
    year.send(li)
    year.go(li, "/")
    year.click(li, "确认并公示承诺")
    assert "公示中 4，待确认 0，未承诺 5" in year.send(li, "published")
    assert "陈预备" in year.go(li, "/pledges/wall/")
    year.go(li, "/pledges/cards/")
    assert li.locator(".zb-cards section svg").count() == 4


def watch(year):
    """The worker reads board, floors and pledge, says a word about it, and reads the answer by the receipt."""
    li, worker, board = year.li, year.page(""), Board.objects.get().address
    told = year.go(worker, f"/board/{board}/", "board")
    assert ("陈预备（党员）的承诺" in told, "还有" in told) == (True, False)
    floors = year.go(worker, f"/board/{board}/zones/", "board-zones")
    assert [each in floors for each in ("一楼", "二楼", "陈预备", "地面无油污")] == [True] * 4
    assert worker.locator(".zb-site img").nth(1).evaluate("image => image.naturalWidth") == 1000
    notice = Notice.objects.get(kind="pledge", subject=year.people["chen"].pk)
    year.go(worker, f"/board/{board}/{notice.address}/", "pledge")
    year.click(worker, "提意见")
    worker.get_by_label("做得好").check()
    worker.locator("textarea").fill("班前会天天讲安全。我的电话13800000000")
    assert "像是有电话" in year.click(worker, "提交", "button")
    worker.locator("textarea").fill("班前会天天讲安全。")
    year.click(worker, "提交", "button")
    receipt = worker.locator(".pb-code").inner_text()
    # the secretary opens and answers it; whose pledge it is never sees it
    year.go(li, "/")
    year.click(li, "1 件意见待答复")
    year.click(li, "第 1 件")
    told = year.click(li, "查看并受理", "button")
    assert ("群众评价：做得好" in told, "13800000000" in told) == (True, False)
    li.get_by_label("答复").fill("谢谢，已转告班组，大家接着监督。")
    year.send(li)
    year.go(worker, "/board/receipt/", "receipt")
    worker.locator("input[name=code]").fill(receipt)
    worker.locator("form button").last.click()
    assert "大家接着监督" in year.look(worker, "answer")
    assert worker.context.cookies() == []


def put_right(year):
    """践承诺: a zone is looked at, what was found is put right from the phone and confirmed."""
    li, chen = year.li, year.page("chen")
    year.go(li, "/")
    year.click(li, "检查责任区")
    year.click(li, "记检查")
    li.get_by_label("发现的问题").fill("泵座有油污，一块盖板没复位")
    assert "整改中" in year.send(li, "checked")
    year.go(chen, "/")
    year.click(chen, "报告办结")
    chen.locator("textarea").first.fill("油污已清，盖板复位")
    year.send(chen)
    year.go(li, "/")
    told = year.click(li, "确认销号")
    assert ("泵座有油污" in told, "油污已清" in told) == (True, True)
    assert "已销号" in year.send(li, "closed")


def half_year(year):
    """Oneself, the group, the branch; somebody falls short, and help is agreed."""
    li, chen = year.li, year.people["chen"].pk
    for who, level in (("chen", "部分做到"), ("m0", "全部做到"), ("zhao", "全部做到")):
        page = year.page(who)
        year.go(page, "/")
        year.click(page, "自评")
        page.get_by_text(level).click()
        page.locator("textarea").fill("讲了二十一次，漏了三次")
        assert level in year.send(page, "marked")
    zhao = year.page("zhao")
    year.go(zhao, "/")
    year.click(zhao, "评")
    zhao.locator(f"input[name=level_{chen}][value=partly]").check()
    year.send(zhao)
    year.go(li, "/")
    told = year.click(li, "半年支部评")
    # no chips of half-years in which nobody had pledged
    assert ("2025 年" in told, "漏了三次" in told) == (False, True)
    li.locator(f"input[name=level_{chen}][value=short]").check()
    year.send(li)
    year.go(li, f"/pledges/year/{chen}/", "year")
    year.click(li, "商定批评帮助")
    assert "陈预备" in li.locator(".zb-people-chosen, [data-people]").last.inner_text()


def judged_by_all(year):
    """Asked on the desk, held on paper, shown to whom it concerns and those above; in January nobody is chased."""
    li, people = year.li, year.people
    year.go(li, "/")
    year.click(li, "准备")
    li.locator('input[name="way"][value="paper"]').check()
    year.send(li)
    ballot = Ballot.objects.get()
    assert "准备中" in year.go(li, "/")
    year.go(li, f"/ballots/{ballot.pk}/officials/")
    for field, names in (("scrutineers", ["m1"]), ("tellers", ["m2", "m3"])):
        for name in names:
            li.fill(f"#id_{field}", people[name].name)
            li.locator(f"#id_{field}").press("Enter")
    year.send(li)
    year.go(li, f"/ballots/{ballot.pk}/start/", "start")
    year.send(li)
    # closed while nobody is said to be there it would be void
    year.go(li, f"/ballots/{ballot.pk}/close/", "close")
    assert "还没有登记实到" in year.send(li, "refused")
    for place in ("present/", "close/"):
        year.go(li, f"/ballots/{ballot.pk}/{place}")
        year.send(li)
    for teller in ballots.tellers(ballot):
        year.go(li, f"/ballots/{ballot.pk}/tally/?teller={teller.pk}", "tally")
        for field, number in (("issued", 8), ("returned", 8), ("void", 0)):
            li.fill(f"#id_{field}", str(number))
        for box in li.locator("main form input[id^=id_n]").all():
            box.fill("8" if re.fullmatch(r"id_n\d+_qualified", box.get_attribute("id")) else "0")
        year.send(li)
    assert "党员民主测评" not in year.go(li, "/", "desk-counted").split("我要办的")[0]
    chen = year.page("chen")
    assert "合格 8，基本合格 0" in year.go(chen, f"/pledges/year/{people['chen'].pk}/", "own-year")
    officer = year.page("sun", 1440)
    assert "陈预备" in year.go(officer, f"/pledges/?organisation={year.town.mining.pk}", "officer")
    assert "合格 8，基本合格 0" in year.go(officer, f"/pledges/year/{people['chen'].pk}/", "officer-year")
    worker = year.page("m0")
    worker.goto(f"/pledges/year/{people['chen'].pk}/")
    assert "没有这一页" in worker.locator("main").inner_text()
    year.on("2027-01-20")
    told = year.go(li, "/", "january")
    assert ("班前会必讲" in told, "责任区图重新上公示栏" in told) == (False, True)
