"""Minutes in a browser: interactions counted, a lid closed while offline, a phone in the room."""

import re
from datetime import timedelta

import pytest

from tests.people import township
from tests.rooms.life.test_browser import Counted, sign_in
from zhibu.life import actions
from zhibu.life.models import Session, Talk
from zhibu.life.told import Held, Item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TO_CLOSE = 10
MOST_FOR_A_TALK = 4


@pytest.fixture
def twenty(transactional_db, settings, now):
    """A branch of twenty members, and a meeting of today with an item to decide."""
    settings.ZHIBU_TODAY = now.date().isoformat()
    town = township(members=16)
    town.session = actions.plan(
        town.li, organisation=town.mining, kind="general_meeting", planned_on=now.date(), place="二楼", now=now,
        agenda=[Item("三季度工作安排")],
    )  # fmt: skip
    return town


def test_a_meeting_of_twenty_is_closed_in_ten_interactions(desk, twenty, live_server):
    sign_in(desk, twenty.people["li"], live_server)
    desk.goto(f"/life/{twenty.session.pk}/")
    counted = Counted(desk)
    counted.click("a[href$='/conduct/']")
    counted.pick("#id_excused", "kg07")
    counted.write("#id_reasons", "下井")
    counted.click("form[action$='/call-roll/'] button.btn-primary")
    counted.click("form[action$='/take-item/'] button")
    counted.click("form[action$='/decide/'] button")
    counted.click("form[action$='/take-item/'] button.btn-primary")
    counted.click("form[action$='/close/'] button")
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    print(f"\nmeeting of twenty: {len(counted.log)} interactions ({', '.join(counted.log)})")
    session = Session.objects.get()
    assert (session.state, session.expected_count, session.present_count) == ("closed", 20, 19)
    assert session.attendance.get(state="excused").reason == "下井"
    assert session.decisions.get().carried == 1
    assert len(counted.log) <= MOST_TO_CLOSE
    assert desk.problems == []


def test_a_talk_is_recorded_in_four(desk, twenty, live_server):
    sign_in(desk, twenty.people["li"], live_server)
    desk.goto("/life/talks/")
    counted = Counted(desk)
    counted.click("a.btn-primary")
    counted.pick("#id_person", "wf")
    counted.click("main form button.btn-primary")
    desk.wait_for_url(re.compile(r"/life/talks/$"))
    print(f"\ntalk: {len(counted.log)} interactions")
    talk = Talk.objects.get()
    assert (talk.person, talk.talker, talk.kind) == (
        twenty.people["wang"],
        twenty.people["li"],
        "heart_to_heart",
    )
    assert len(counted.log) <= MOST_FOR_A_TALK
    assert desk.problems == []


def test_a_closed_lid_loses_nothing(desk, twenty, live_server, now):
    session = actions.record(
        twenty.li, organisation=twenty.mining, kind="themed_day", now=now, close=False,
        held=Held(now.date() - timedelta(days=1)),
    )  # fmt: skip
    sign_in(desk, twenty.people["li"], live_server)
    url = f"/life/{session.pk}/minutes/"
    desk.goto(url)
    desk.context.set_offline(True)
    desk.fill("#id_minutes", "大家在井口把隐患点了一遍")
    desk.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('zhibu.keep.'))")
    # the lid: the page goes without having been saved, and without a line
    desk.goto("about:blank")
    desk.context.set_offline(False)
    desk.goto(url)
    assert desk.input_value("#id_minutes") == ""
    desk.get_by_role("button", name="恢复").click()
    assert desk.input_value("#id_minutes") == "大家在井口把隐患点了一遍"
    desk.get_by_role("button", name="保存记录").click()
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    session.refresh_from_db()
    assert session.minutes == "大家在井口把隐患点了一遍"
    # the server has it: nothing is offered any more
    desk.goto(url)
    assert desk.get_by_role("button", name="恢复").count() == 0


def test_signing_in_on_a_phone(phone, twenty, live_server, now):
    actions.open_sign_in(twenty.li, session=twenty.session, now=now)
    sign_in(phone, twenty.people["li"], live_server)
    phone.goto(f"/life/{twenty.session.pk}/code/")
    address = phone.locator("svg.zb-square").get_attribute("aria-label")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.context.clear_cookies()
    sign_in(phone, twenty.people["chen"], live_server)
    phone.goto(address)
    phone.get_by_role("button", name="签到").tap()
    phone.get_by_text("已签到").wait_for()
    assert [each.person for each in twenty.session.arrivals.all()] == [twenty.people["chen"]]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.problems == []
