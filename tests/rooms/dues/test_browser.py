"""In a browser: a collector records a branch's month, a member declares a base on a phone; interactions counted."""

from datetime import date

import pytest

from tests.rooms.dues.conftest import JUNE
from zhibu.accounts.models import User
from zhibu.dues import actions
from zhibu.dues.models import Base, Voucher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TO_COLLECT, MOST_TO_DECLARE = 6, 3
SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


class Counted:
    """A page of which every click, choice and field typed is counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, **where):
        self.count += 1
        self.page.get_by_role(**where).first.click()

    def fill(self, name, text):
        self.count += 1
        self.page.locator(f"[name={name}]").fill(text)


@pytest.fixture
def sign_in(transactional_db, live_server, settings, request):
    settings.ZHIBU_TODAY = "2026-07-20"

    def enter(page, person):
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        from zhibu.accounts.sessions import SessionStore

        user = User.objects.create_user(person.name, person=person)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "zhibu.accounts.backends.PhoneOrName"
        session.save()
        page.context.add_cookies(
            [{"name": "zhibu_session", "value": session.session_key, "url": live_server.url}]
        )
        return Counted(page)

    return enter


def test_a_collector_records_a_whole_month(desk, sign_in, books, posted):
    counted = sign_in(desk, posted("wang", "dues_collector", books.town.mining))
    desk.goto("/")
    counted.click(role="link", name="党费")
    counted.click(role="link", name="登记本月党费")
    counted.click(role="checkbox", name="赵党员")
    counted.click(role="button", name="登记所勾选的人已交")
    desk.get_by_text("已登记 3 人").wait_for()
    assert list(Voucher.objects.values_list("kind", "total_fen")) == [("charge", 17522), ("payment", 10020)]
    assert counted.count <= MOST_TO_COLLECT
    assert (desk.evaluate(SIDEWAYS), desk.problems) == (True, [])


def test_a_member_declares_a_base_on_a_phone(phone, sign_in, books):
    counted = sign_in(phone, books.town.people["zhao"])
    phone.goto("/dues/mine/")
    assert phone.evaluate(SIDEWAYS)
    counted.click(role="link", name="申报基数")
    counted.fill("fen", "6000")
    counted.click(role="button", name="申报")
    phone.get_by_text("基数已申报").wait_for()
    assert Base.objects.filter(person_id=books.people["zhao"], confirmed_on=None, replaced=0).count() == 1
    assert counted.count <= MOST_TO_DECLARE
    assert (phone.evaluate(SIDEWAYS), phone.problems) == (True, [])


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_accountant_signs_and_an_inspector_reads(request, size, sign_in, books, posted):
    """The committee's pages and the book of a branch: nothing wider than the screen, no name of a member to the committee."""
    page = request.getfixturevalue(size)
    books.collect()
    town = books.town
    actions.remit(
        town.li, organisation=town.mining, until=JUNE, fen=17000, kept_fen=522, sent_on=date(2026, 7, 1), now=books.now
    )  # fmt: skip
    actions.close_month(town.li, organisation=town.mining, month=JUNE, now=books.now)
    sign_in(page, posted("sun", "committee_officer", town.committee))
    page.goto("/dues/branches/?month=2026-06")
    assert ("采矿党支部" in page.content(), "赵党员" in page.content()) == (True, False)
    page.get_by_role("link", name="签收上缴").click()
    page.get_by_role("button", name="签收").first.click()
    page.get_by_text("已签收，双方凭证已生成").wait_for()
    seen = [page.evaluate(SIDEWAYS)]
    sign_in(page, posted("qian", "committee_secretary", town.committee))
    for url, text in (
        (f"/dues/journal/?organisation={town.mining.pk}&year=2026", "已结账"), ("/dues/branches/", "仓储党支部"),
    ):  # fmt: skip
        page.goto(url)
        page.get_by_text(text).first.wait_for()
        seen.append(page.evaluate(SIDEWAYS))
    # whoever inspects reads the book and finds nothing to press that would change it
    page.goto(f"/dues/journal/?organisation={town.mining.pk}&year=2026")
    assert page.get_by_role("button", name="结账").count() == 0
    assert (seen, page.problems) == ([True, True, True], [])
