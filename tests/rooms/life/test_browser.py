"""Recording the monthly committee meeting in a browser: interactions counted, by keyboard alone, on a phone."""

import re
import time
from datetime import date

import pytest

from tests.people import JOINED, township
from zhibu.life import actions
from zhibu.life.models import Session
from zhibu.life.told import Held, Item
from zhibu.register.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_INTERACTIONS = 8
MOST_SECONDS = 60


class Counted:
    """A page on which every click, every word typed and every key pressed on purpose is counted."""

    def __init__(self, page):
        self.page, self.log = page, []

    def click(self, selector):
        self.log.append(f"点 {selector}")
        self.page.locator(selector).first.click()

    def write(self, selector, text):
        self.log.append(f"写 {text}")
        self.page.locator(selector).first.fill(text)

    def pick(self, selector, letters):
        """Two letters and Enter: one typing, one choice."""
        self.log += [f"写 {letters}", "回车"]
        self.page.locator(selector).first.click()
        self.page.keyboard.type(letters)
        self.page.keyboard.press("Enter")


@pytest.fixture
def seven(transactional_db, settings, now):
    """A committee of seven which met last month."""
    settings.ZHIBU_TODAY = now.date().isoformat()
    town = township(members=4)
    for number in range(4):
        Post.objects.create(
            person=town.people[f"m{number}"], organisation=town.mining, kind="committee_member", in_committee=1,
            since=JOINED, known_at=1,
        )  # fmt: skip
    last = Held(date(2026, 6, 18), place="二楼会议室", chair=town.people["li"].pk, minute_taker=town.people["zhao"].pk,
                agenda=[Item("研究本月支部工作", resolution="同意")])  # fmt: skip
    actions.record(town.li, organisation=town.mining, kind="committee_meeting", held=last, now=now)
    return town


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


def test_the_monthly_committee_meeting_in_eight_interactions(desk, seven, live_server):
    sign_in(desk, seven.people["li"], live_server)
    desk.goto("/life/")
    began = time.perf_counter()
    counted = Counted(desk)
    counted.click("a[href='/life/record/']")
    counted.pick("#id_excused", "wf")
    counted.click(".zb-agenda-edit li:nth-child(1) label.zb-check")
    counted.click(".zb-agenda-edit li:nth-child(2) label.zb-check")
    counted.write(".zb-agenda-edit li:nth-child(2) .zb-agenda-resolution input", "同意按计划执行")
    counted.click("button[value=close]")
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    seconds = time.perf_counter() - began
    print(
        f"\ncommittee meeting of seven: {len(counted.log)} interactions ({', '.join(counted.log)}), {seconds:.1f} s"
    )
    session = Session.objects.latest("pk")
    assert (session.kind, session.state, session.place) == ("committee_meeting", "closed", "二楼会议室")
    assert (session.expected_count, session.present_count, session.excused_count) == (7, 6, 1)
    assert (session.chair, session.minute_taker) == (seven.people["li"], seven.people["zhao"])
    assert session.attendance.get(state="excused").person == seven.people["wang"]
    assert session.agenda.count() == 2
    assert len(counted.log) <= MOST_INTERACTIONS
    assert seconds < MOST_SECONDS
    assert desk.problems == []


def test_by_keyboard_alone(desk, seven, live_server):
    sign_in(desk, seven.people["li"], live_server)
    desk.goto("/life/record/")
    focused = "document.activeElement && (document.activeElement.id || document.activeElement.value || '')"
    seen = []
    for _press in range(120):
        desk.keyboard.press("Tab")
        here = desk.evaluate(focused)
        seen.append(here)
        if here == "id_excused":
            desk.keyboard.type("wf")
            desk.keyboard.press("Enter")
        if here == "id_agenda-0-use":
            desk.keyboard.press("Space")
        if here == "close":
            desk.keyboard.press("Enter")
            break
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    print(f"\nby keyboard: {len(seen)} stops of Tab")
    assert Session.objects.latest("pk").excused_count == 1
    assert desk.problems == []


def test_on_a_phone(phone, seven, live_server):
    sign_in(phone, seven.people["li"], live_server)
    phone.goto("/life/record/")
    phone.locator(".zb-agenda-edit li:nth-child(1) label.zb-check").tap()
    phone.locator("button[value=close]").tap()
    phone.wait_for_url(re.compile(r"/life/\d+/$"))
    assert Session.objects.latest("pk").present_count == 7
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.problems == []
