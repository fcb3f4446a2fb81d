"""In the browser: a secretary sets the home and a screen, a visitor reads the board on a phone, a player goes on offline."""

from pathlib import Path

import pytest

from tests.people import township
from tests.rooms.notices.test_browser import sign_in
from zhibu.notices.models import Board
from zhibu.premises.models import Fixture, Honour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_flag_to_the_screen(desk, phone, live_server, settings, tmp_path):
    settings.ZHIBU_TODAY = "2026-07-20"
    town = township()
    sign_in(desk, town.people["li"], live_server)

    # a thing is found worn, with a photograph
    picture = tmp_path / "旗.png"
    picture.write_bytes(Path(__file__).with_name("flag.png").read_bytes())
    desk.goto("/premises/")
    desk.locator(".zb-have", has_text="党旗").get_by_role("link", name="登记").click()
    desk.get_by_text("破损待换").click()
    desk.get_by_label("缺什么").fill("褪色")
    desk.get_by_label("添置、修理约需").fill("200")
    desk.get_by_label("照片").set_input_files(str(picture))
    desk.get_by_role("button", name="登记").click()
    shown = desk.locator(".zb-have", has_text="党旗")
    assert "褪色 · 约需 200.00 元" in shown.inner_text()
    # a picture may come after the page
    shown.locator("img").scroll_into_view_if_needed()
    shown.locator("img").evaluate("image => image.decode()")
    assert shown.locator("img").evaluate("image => image.naturalWidth") > 0
    assert Fixture.objects.get().cost_fen == 20000

    # an honour goes to the board and to the screens
    desk.goto("/premises/honours/new/")
    desk.get_by_label("荣誉名称").fill("五好党支部")
    desk.get_by_label("授予单位").fill("青山镇党委")
    desk.get_by_role("button", name="登记荣誉").click()
    desk.get_by_role("link", name="五好党支部").click()
    desk.get_by_role("button", name="上公示栏和电子屏").click()
    assert Honour.objects.count() == 1

    # a slogan, and the secret address of the screens
    desk.goto("/notices/screen/slogan/")
    desk.get_by_text("安全标语").click()
    desk.get_by_label("标语", exact=True).fill("平平安安回家")
    desk.get_by_role("button", name="加入").click()
    desk.get_by_role("link", name="启用").click()
    desk.get_by_role("button", name="启用").click()
    secret = desk.locator("dl a").first.get_attribute("href")

    # a visitor on a phone reads the board, without cookies
    phone.goto(f"/board/{Board.objects.get().address}/")
    assert "喜报：采矿党支部获“五好党支部”" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.context.cookies() == []

    # the player turns, goes on without a network, and goes dark when its address is closed
    phone.goto(secret)
    first = phone.locator(".sc-now h2").inner_text()
    phone.keyboard.press("ArrowRight")
    second = phone.locator(".sc-now h2").inner_text()
    assert {first, second} == {"平平安安回家", "喜报：采矿党支部获“五好党支部”"}
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.context.set_offline(True)
    phone.evaluate("dispatchEvent(new Event('screen:ask'))")
    phone.get_by_text("网络中断").wait_for()
    phone.keyboard.press("ArrowRight")
    assert phone.locator(".sc-now h2").inner_text() == first
    phone.context.set_offline(False)
    desk.goto("/notices/screen/close/")
    desk.get_by_role("button", name="停用").click()
    phone.evaluate("dispatchEvent(new Event('screen:ask'))")
    phone.get_by_text("本网址已停用").wait_for()
    assert phone.locator(".sc-slides").is_hidden()
    offline = ("ERR_INTERNET_DISCONNECTED", "404", "Failed to load resource")
    assert [
        line for line in (*desk.problems, *phone.problems) if not any(word in line for word in offline)
    ] == []
