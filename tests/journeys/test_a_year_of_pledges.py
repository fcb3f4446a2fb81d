"""The salt works' year: badge and board, plan and zones, pledges, half-years, what the masses say, the test at its end.

As the secretary at a desk, members on their phones, a worker who has no account, and the officer above.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.people import township
from tests.rooms.ballots.devices import devices
from zhibu.ballots.models import Ballot
from zhibu.notices.models import Board, Notice
from zhibu.pledges.models import Mark, Zone
from zhibu.project.demo.zones import floor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ZHIBU_TEST_SHOTS", "")
SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def device(browser, live_server):
    yield from devices(browser, live_server)


class Year:
    """Everybody's page, the day, and what was looked at."""

    def __init__(self, device, settings, folder):
        self.town, self.settings, self.folder = township(members=3), settings, folder
        self.device, self.pages, self.seen = device, {}, 0

    def on(self, day):
        self.settings.ZHIBU_TODAY = day

    def page(self, who, width=390):
        if who not in self.pages:
            self.pages[who] = self.device(self.town.people.get(who), width)
        return self.pages[who]

    def look(self, page, name):
        assert page.evaluate(SIDEWAYS), (name, page.url)
        if SHOTS:
            self.seen += 1
            page.screenshot(path=f"{SHOTS}/{self.seen:02d}-{name}.png", full_page=True)
        return page.locator("main").inner_text()

    def press(self, page, name):
        page.get_by_role("button", name=name, exact=True).last.click()
        page.wait_for_load_state()


def test_the_year(device, settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    year = Year(device, settings, tmp_path)
    town, people = year.town, year.town.people
    year.on("2026-01-05")
    li = year.page("li", 1440)
    li.goto("/")
    year.look(li, "li-desk-january")
    # 亮身份
    li.goto("/pledges/cards/?form=badge")
    year.look(li, "badges")
    plan = tmp_path / "厂房.png"
    plan.write_bytes(floor())
    for title in ("一楼", "二楼"):
        li.goto("/pledges/zones/plan/")
        li.get_by_label("图名").fill(title)
        li.get_by_label("平面图或现场照片").set_input_files(str(plan))
        year.look(li, "plan")
        year.press(li, "上传")
    year.look(li, "zones-empty")
    for title, holder, where in (("三号泵房", "chen", "一楼"), ("化验岗", "m0", "二楼")):
        li.goto("/pledges/zones/new/")
        li.get_by_role("link", name=where, exact=True).click()
        li.get_by_label("名称").fill(title)
        li.get_by_label("责任人").fill(people[holder].name)
        li.keyboard.press("Enter")
        li.get_by_label("负责什么").fill("地面无油污，设备点检不漏一项")
        li.locator("input[name=shape]").fill("100,100 400,500")
        year.look(li, "draw")
        year.press(li, "划定")
        year.look(li, "zone")
    li.goto("/pledges/zones/")
    year.look(li, "zones")
    year.press(li, "上公示栏")
    year.look(li, "zones-shown")
    # 亮承诺
    for who, text in (
        ("chen", "班前会必讲一条安全要点。\n带好两名青年职工。"),
        ("m0", "化验当班出结果，不过夜。"),
        ("zhao", "每月报道一名身边的先进。"),
    ):
        page = year.page(who)
        page.goto("/")
        year.look(page, f"{who}-desk")
        page.get_by_role("link", name="作承诺").first.click()
        page.get_by_label("承诺内容").fill(text)
        year.look(page, "make")
        year.press(page, "交支部确认")
        year.look(page, "made")
    li.goto("/pledges/")
    year.look(li, "pledges")
    li.get_by_role("link", name="代录手写承诺").click()
    year.look(li, "for-others")
    li.get_by_label("承诺人").fill("王副书记")
    li.keyboard.press("Enter")
    li.get_by_label("承诺内容").fill("每周下一次班组，带头执行操作规程。")
    year.press(li, "交支部确认")
    li.goto("/")
    year.look(li, "li-desk")
    li.get_by_role("link", name="确认并公示承诺").click()
    year.look(li, "publish")
    year.press(li, "确认并公示")
    year.look(li, "published")
    li.goto("/pledges/wall/")
    year.look(li, "wall")
    li.goto("/pledges/cards/")
    year.look(li, "cards")
    # the worker
    board = Board.objects.get()
    worker = year.page("", 390)
    worker.goto(f"/board/{board.address}/")
    year.look(worker, "board")
    worker.goto(f"/board/{board.address}/zones/")
    year.look(worker, "board-zones")
    notice = Notice.objects.get(kind="pledge", subject=people["chen"].pk)
    worker.goto(f"/board/{board.address}/{notice.address}/")
    year.look(worker, "board-pledge")
    worker.get_by_role("link", name="提意见").click()
    year.look(worker, "comment")
    worker.locator("textarea").fill("陈师傅班前会天天讲安全，大家都竖大拇指。")
    worker.locator("form button").last.click()
    worker.wait_for_load_state()
    year.look(worker, "comment-sent")
    li.goto("/")
    year.look(li, "li-desk-comment")
    li.get_by_role("link", name="意见").first.click()
    year.look(li, "comments")
