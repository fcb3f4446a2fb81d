"""Convening in a browser: interactions counted from the workbench, from nothing and from the plan; answering on a phone."""

import re

import pytest

from tests.people import township
from tests.rooms.life.test_browser import Counted, sign_in
from zhibu.life import actions
from zhibu.life.models import Session
from zhibu.life.planned import Invitation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_INTERACTIONS = 6
TAPS = 2


@pytest.fixture
def branch(transactional_db, settings, now):
    settings.ZHIBU_TODAY = now.date().isoformat()
    return township(members=3)


def test_a_general_meeting_is_convened_from_nothing(desk, branch, live_server):
    """A branch that never held one: kind, day, hour and place have to be said."""
    sign_in(desk, branch.people["li"], live_server)
    desk.goto("/life/")
    counted = Counted(desk)
    counted.click("a[href='/life/plan/']")
    counted.click(".zb-chip:has-text('支部党员大会')")
    counted.write("#id_planned_on", "2026-07-30")
    counted.write("#id_starts_at", "16:00")
    counted.write("#id_place", "二楼会议室")
    counted.click("button[value=now]")
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    print(f"\nconvened from nothing: {len(counted.log)} interactions ({', '.join(counted.log)})")
    session = Session.objects.get()
    assert (session.kind, session.state, session.place) == ("general_meeting", "convened", "二楼会议室")
    assert Invitation.objects.filter(session=session).count() == 7
    assert len(counted.log) <= MOST_INTERACTIONS
    assert desk.problems == []


def test_a_line_of_the_plan_is_convened(desk, branch, live_server, now):
    """What the plan settled need not be said again."""
    from datetime import time

    actions.set_recurring_day(
        branch.li, organisation=branch.mining, kind="themed_day", week=4, weekday=3, starts_at=time(16), place="井口", now=now
    )  # fmt: skip
    actions.draft_plan(branch.li, organisation=branch.mining, year=2026, now=now)
    sign_in(desk, branch.people["li"], live_server)
    desk.goto("/life/")
    counted = Counted(desk)
    counted.click("a[href='/life/plans/']")
    counted.click(".zb-plan li:has-text('主题党日') a:has-text('召开')")
    counted.click("button[value=now]")
    desk.wait_for_url(re.compile(r"/life/\d+/$"))
    print(f"\nconvened from the plan: {len(counted.log)} interactions ({', '.join(counted.log)})")
    session = Session.objects.get()
    found = (session.kind, session.state, session.planned_on.isoformat(), session.place)
    assert found == ("themed_day", "convened", "2026-07-23", "井口")
    assert len(counted.log) <= MOST_INTERACTIONS
    assert desk.problems == []


def test_leave_is_asked_for_in_two_taps_on_a_phone(phone, branch, live_server, now):
    from datetime import date, time

    session = actions.plan(
        branch.li, organisation=branch.mining, kind="general_meeting", planned_on=date(2026, 7, 30), now=now
    )
    actions.convene(
        branch.li, session=session, planned_on=date(2026, 7, 30), starts_at=time(16), place="二楼", now=now
    )
    sign_in(phone, branch.people["zhao"], live_server)
    phone.goto("/")
    counted = Counted(phone)
    counted.click("summary:has-text('请假')")
    counted.click("button:has-text('当班')")
    phone.get_by_text("已回复：请假").wait_for()
    row = Invitation.objects.get(session=session, person=branch.people["zhao"])
    assert (row.reply, row.reason) == ("excused", "当班")
    assert len(counted.log) <= TAPS
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.problems == []
