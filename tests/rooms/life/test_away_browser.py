"""The member away, on a phone in Chromium: reads what was missed, makes it up, says where he is, sends home what he saw."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.life.test_browser import Counted, sign_in
from zhibu.life import actions
from zhibu.life.models.missing import MakeUp, Voice
from zhibu.life.models.mobile import MobileCard
from zhibu.life.told import Held, Item, Missing
from zhibu.register.models import MobileSpell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
MOST_INTERACTIONS = 11


def test_a_member_away_on_the_phone(phone, transactional_db, settings, now, live_server):
    settings.ZHIBU_TODAY = now.date().isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    town = township()
    zhao = town.people["zhao"]
    MobileSpell.objects.create(
        person=zhao,
        organisation=town.mining,
        place="广东省深圳市南山区科技园路西侧工地",
        since=date(2026, 3, 2),
    )
    held = Held(date(2026, 7, 2), agenda=[Item("高温补贴", resolution="七月起按班发放")], minutes="记录",
                missing=[Missing(zhao.pk, "excused", "在外地")])  # fmt: skip
    session = actions.record(town.li, organisation=town.mining, kind="general_meeting", held=held, now=now)
    sign_in(phone, zhao, live_server)
    phone.goto("/")
    steps = Counted(phone)
    steps.click(f"a[href='/life/missed/{session.pk}/']")
    phone.get_by_text("七月起按班发放").first.wait_for()
    assert phone.evaluate(SIDEWAYS)
    steps.click("form[action$='/made-up/'] button")
    phone.wait_for_url("**/life/missed/")
    phone.get_by_text("已报，待支部确认").first.wait_for()
    phone.goto("/")
    steps.click("a[href='/life/my-away/']")
    phone.wait_for_url("**/life/my-away/")
    assert phone.evaluate(SIDEWAYS)
    steps.write("#id_contact", "微信 zhao-sz")
    steps.click("form[action$='/keep/'] button")
    phone.get_by_text("已保存").first.wait_for()
    steps.write("main [name=text]", "那里班前会只开十分钟，只讲当班风险")
    steps.click("form[action$='/send/'] button")
    phone.get_by_text("等待答复").first.wait_for()
    assert phone.evaluate(SIDEWAYS)
    print(f"\na member away: {len(steps.log)} interactions ({', '.join(steps.log)})")
    assert MakeUp.objects.values_list("way", "state").get() == ("study", "reported")
    assert (MobileCard.objects.get().city, Voice.objects.get().kind) == ("深圳", "finding")
    assert len(steps.log) <= MOST_INTERACTIONS
    assert phone.problems == []
