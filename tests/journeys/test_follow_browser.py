"""In a browser on a phone: a member who missed a meeting, and a member away; the secretary's side between them."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.life.test_browser import sign_in
from tests.town import now
from zhibu.accounts.models import User
from zhibu.life import actions
from zhibu.life.models.missing import MakeUp, Voice
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.life.told import Held, Item, Missing
from zhibu.register.models import MobileSpell
from zhibu.undertakings.models import Undertaking

__all__ = ["now"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def missed(transactional_db, settings, now):
    """A general meeting three weeks ago; Probationer Chen was on shift."""
    settings.ZHIBU_TODAY = now.date().isoformat()
    town = township()
    held = Held(
        date(2026, 7, 2), title="第三季度党员大会", minutes="会议全文在此",
        agenda=[Item("三号泵漏水", "safety", "七月底前换密封圈")],
        missing=[Missing(town.people["chen"].pk, "excused", "倒班")],
    )  # fmt: skip
    town.session = actions.record(
        town.li, organisation=town.mining, kind="general_meeting", held=held, now=now
    )
    return town


def as_member(page, town, who, live_server):
    User.objects.filter(person=town.people[who]).delete()
    page.context.clear_cookies()
    sign_in(page, town.people[who], live_server)


def test_a_member_who_missed_a_meeting_makes_it_up_on_a_phone(phone, missed, live_server):
    as_member(phone, missed, "chen", live_server)
    phone.goto("/")
    phone.get_by_role("link", name="第三季度党员大会").first.click()
    assert "七月底前换密封圈" in phone.inner_text("main")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_label("内容").fill("倒班的怎么听？")
    phone.get_by_role("button", name="送到支部").click()
    phone.wait_for_selector("text=等待答复")
    phone.get_by_role("button", name="报给支部").click()
    phone.wait_for_selector("text=已报，待支部确认")
    assert MakeUp.objects.get().state == "reported"

    as_member(phone, missed, "li", live_server)
    phone.goto(f"/life/absentees/?organisation={missed.mining.pk}")
    phone.get_by_role("link", name="答复", exact=True).click()
    phone.get_by_label("答复").fill("周五下午补开一场")
    phone.get_by_role("button", name="答复").click()
    phone.get_by_role("button", name="确认", exact=True).click()
    phone.wait_for_selector("text=已确认")
    assert (MakeUp.objects.get().state, Voice.objects.get().answer) == ("confirmed", "周五下午补开一场")

    as_member(phone, missed, "chen", live_server)
    phone.goto("/life/missed/")
    assert "周五下午补开一场" in phone.inner_text("main")
    assert "没有要补的会议" in phone.inner_text("main")
    assert phone.problems == []


def test_a_resolution_gets_its_owner_in_one_step_and_is_closed(desk, missed, live_server):
    as_member(desk, missed, "li", live_server)
    desk.goto(f"/life/{missed.session.pk}/")
    desk.get_by_role("link", name="落实决议").click()
    desk.locator("#id_item0-owner, [id^=id_item0-owner]").first.click()
    desk.keyboard.type("zd")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="落实到人").click()
    desk.wait_for_selector("text=1 件已落实到人")
    row = Undertaking.objects.get()
    assert (row.text, row.owner_id, row.source_id) == (
        "七月底前换密封圈", missed.people["zhao"].pk, missed.session.pk,
    )  # fmt: skip
    as_member(desk, missed, "zhao", live_server)
    desk.goto(f"/undertakings/{row.pk}/")
    desk.get_by_role("link", name="报告办结").click()
    desk.get_by_label("办理结果").fill("换好了，不漏了")
    desk.get_by_role("button", name="报告办结").click()
    as_member(desk, missed, "li", live_server)
    desk.goto("/")
    desk.get_by_role("link", name="确认销号").click()
    desk.get_by_role("button", name="确认销号").click()
    desk.wait_for_selector("text=已确认销号")
    assert Undertaking.objects.get().state == "closed"
    assert desk.problems == []


def test_a_member_away_is_found_reached_and_heard(phone, missed, live_server):
    spell = MobileSpell.objects.create(
        person=missed.people["chen"], organisation=missed.mining, place="广东省深圳市", since=date(2026, 1, 5)
    )
    as_member(phone, missed, "chen", live_server)
    phone.goto("/life/my-away/")
    phone.get_by_label("联系方式（电话或微信）").fill("13800001111")
    phone.get_by_text("加入同城小组").click()
    phone.get_by_role("button", name="保存").click()
    phone.wait_for_selector("text=深圳同城小组")
    phone.get_by_label("见闻和经验").fill("社区把先锋岗设在窗口")
    phone.get_by_role("button", name="送到支部").click()
    phone.wait_for_selector("text=等待答复")
    card = MobileCard.objects.get()
    assert (card.city, card.shares, "13800001111" in card.contact_sealed) == ("深圳", 1, False)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    as_member(phone, missed, "li", live_server)
    phone.goto(f"/life/away/{spell.pk}/")
    assert "13800001111" in phone.inner_text("main")
    phone.get_by_role("link", name="记联系").click()
    phone.get_by_role("button", name="记下").click()
    phone.wait_for_selector("text=已记下")
    assert Contact.objects.get().reached == 1
    assert phone.problems == []
