"""In the browser: a member pledges on a phone, the secretary confirms and prints, a passer-by scans the card."""

import pytest

from tests.people import township
from tests.rooms.notices.test_browser import sign_in
from zhibu.notices.models import Board, Notice

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
