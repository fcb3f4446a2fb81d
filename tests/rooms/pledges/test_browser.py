"""In the browser: a pledge from the phone to the card of its bearer; a zone from the plan to the phone of its holder."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.people import township
from tests.rooms.notices.test_browser import sign_in
from zhibu.notices.models import Board, Notice
from zhibu.pledges import actions
from zhibu.project.demo.zones import floor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_phone_to_the_card(desk, phone, live_server, settings):
    settings.ZHIBU_TODAY = "2026-07-20"
    town = township()
    sign_in(phone, town.people["chen"], live_server)
    sign_in(desk, town.people["li"], live_server)

    # the member is asked on the workbench, and writes
    phone.goto("/")
    phone.get_by_role("link", name="作承诺").click()
    phone.get_by_label("承诺内容").fill("班前会必讲一条安全要点。\n带好两名青年职工。")
    phone.get_by_role("button", name="交支部确认").click()
    assert "待支部确认" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # the secretary reads, confirms, and prints
    desk.goto("/")
    desk.get_by_role("link", name="确认并公示承诺").click()
    assert "带好两名青年职工" in desk.locator("main").inner_text()
    desk.get_by_role("button", name="确认并公示").click()
    assert "公示中 1，待确认 0，未承诺 3" in desk.locator("main").inner_text()
    desk.get_by_role("link", name="身份卡、胸牌").click()
    assert desk.locator(".zb-cards section").count() == 4
    assert desk.locator(".zb-cards section", has_text="陈预备").locator("svg").count() == 1

    # whoever scans it reads name, post and words without signing in
    phone.context.clear_cookies()
    phone.goto(f"/board/{Board.objects.get().address}/{Notice.objects.get().address}/")
    words = phone.locator("main").inner_text()
    assert "陈预备（党员）的承诺" in words
    assert "带好两名青年职工" in words
    assert phone.context.cookies() == []


def test_a_zone_from_the_plan_to_the_phone_and_a_half_year(desk, phone, live_server, settings, tmp_path):
    settings.ZHIBU_TODAY = "2026-06-20"
    town = township()
    now = datetime(2026, 6, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    actions.make(
        town.li,
        organisation=town.mining,
        person=town.people["chen"].pk,
        text="班前会必讲一条安全要点。",
        now=now,
    )
    sign_in(desk, town.people["li"], live_server)
    sign_in(phone, town.people["chen"], live_server)
    plan = tmp_path / "平面图.png"
    plan.write_bytes(floor())

    # the secretary gives the plan, drags a rectangle on it, and says whose it is
    desk.goto("/pledges/zones/")
    desk.get_by_role("link", name="上传平面图").click()
    desk.get_by_label("平面图或现场照片").set_input_files(str(plan))
    desk.get_by_role("button", name="上传").click()
    desk.get_by_role("link", name="划责任区").click()
    desk.get_by_label("名称").fill("三号泵房")
    desk.get_by_label("责任人").fill("cyb")
    desk.keyboard.press("Enter")
    sheet, shape = desk.locator("svg[data-draw]"), desk.locator("input[name=shape]")
    desk.locator("figure img").evaluate("picture => picture.decode()")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    desk.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.2)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6, steps=3)
    desk.mouse.up()
    corners = [each.split(",") for each in shape.input_value().split()]
    assert [[round(int(x), -2), round(int(y), -2)] for x, y in corners] == [
        [100, 200], [500, 200], [500, 600], [100, 600],
    ]  # fmt: skip
    # with the keyboard: a corner more, and taken back
    sheet.press("Enter")
    assert shape.input_value().endswith(" 500,500")
    sheet.press("Backspace")
    desk.get_by_role("button", name="划定").click()
    assert "陈预备" in desk.locator("main").inner_text()

    # its holder finds it on the phone, and marks the half-year
    phone.goto("/pledges/zones/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator(".zb-site polygon").first.click()
    assert "该检查了" in phone.locator("main").inner_text()
    phone.goto("/")
    phone.get_by_role("link", name="自评", exact=True).click()
    phone.get_by_text("部分做到").click()
    phone.get_by_role("button", name="交支部").click()
    words = phone.locator("main").inner_text()
    assert ("部分做到" in words, "三号泵房" in words) == (True, True)
