"""A notice from the secretary's desk to a phone before the board, and back with an answer and a proof."""

from datetime import date, timedelta

import pytest

from tests.people import township
from zhibu.notices.models import Notice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page, person, live_server):
    """A session as the sign-in page would have made it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from zhibu.accounts.models import User
    from zhibu.accounts.sessions import SessionStore

    user = User.objects.create_user(person.name, person=person)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "zhibu.accounts.backends.PhoneOrName"
    session.save()
    page.context.add_cookies(
        [{"name": "zhibu_session", "value": session.session_key, "url": live_server.url}]
    )


def test_from_the_desk_to_the_board_and_back(desk, phone, live_server, settings, now):
    settings.ZHIBU_TODAY = "2026-07-20"
    town = township()
    sign_in(desk, town.people["li"], live_server)

    # the secretary publishes: a person is picked, everything else is filled in
    desk.goto("/notices/publish/?kind=admission")
    desk.locator("input[type=text]:visible").first.click()
    desk.keyboard.type("zjj")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="登记公示").click()
    notice = Notice.objects.get()
    assert (notice.title, notice.closes_on) == ("关于周积极拟列为发展对象的公示", date(2026, 7, 24))
    desk.goto("/notices/board/")
    board = desk.locator("dl a").first.get_attribute("href")

    # a worker scans the poster, without signing in
    phone.goto(board)
    phone.get_by_role("link", name="关于周积极拟列为发展对象的公示").click()
    phone.get_by_role("link", name="提出异议").click()
    phone.get_by_label("意见内容").fill("请核实入职时间")
    phone.get_by_role("button", name="提交").click()
    code = phone.locator(".pb-code").inner_text()
    assert phone.context.cookies() == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # whoever handles it is told, opens it, answers
    desk.goto("/")
    desk.get_by_role("link", name="1 件异议待答复").click()
    desk.get_by_role("link", name="第 1 件").click()
    desk.get_by_role("button", name="查看并受理").click()
    assert "请核实入职时间" in desk.locator("main").inner_text()
    desk.get_by_label("核查情况").fill("查了劳动合同")
    desk.get_by_label("答复（").fill("已核实，时间无误")
    desk.get_by_role("button", name="答复").click()

    # the sender finds the answer; when the window is over the words are gone
    phone.goto("/board/receipt/")
    phone.get_by_label("回执码").fill(code)
    phone.get_by_role("button", name="查询").click()
    assert "已核实，时间无误" in phone.locator("main").inner_text()
    settings.ZHIBU_TODAY = (notice.closes_on + timedelta(days=3)).isoformat()
    phone.goto(f"{board}{notice.address}/")
    assert "已期满" in phone.locator("h1").inner_text()
    assert "周积极" not in phone.locator("body").inner_text()

    # closed, with its proof on paper
    desk.goto(f"/notices/{notice.pk}/")
    desk.get_by_role("link", name="登记结果").click()
    desk.get_by_label("公示结果").fill("公示期满，异议已答复，不影响。")
    desk.get_by_role("button", name="登记结果").click()
    desk.get_by_role("link", name="公示证明").click()
    proof = desk.locator("main").inner_text()
    assert "与内容相符" in proof
    assert "2026-07-24 23:59" in proof
    desk.emulate_media(media="print")
    assert len(desk.pdf(format="A4")) > 10_000
    notice.refresh_from_db()
    assert (notice.outcome, notice.objections) == ("unaffected", 1)
    assert [line for line in (*desk.problems, *phone.problems) if "410" not in line] == []
