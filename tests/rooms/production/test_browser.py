"""In a browser: a competition, the figures of a month and advice to the administration, each from beginning to result."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.letters.test_browser import as_someone, fits
from tests.town import now
from zhibu.production.models import Campaign, Figures
from zhibu.register.models import Post
from zhibu.undertakings.models import Undertaking

__all__ = ["now"]
pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, settings, now):
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = now.date().isoformat(), "none"
    made = township()
    Post.objects.create(
        person=made.people["sun"],
        organisation=made.committee,
        kind="committee_officer",
        since="2020-01-01",
        known_at=1,
    )
    return made


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.locator("main").get_by_role("link", name=name).first.click()


def competition(phone):
    """Opened with rules and teams, a team added, results entered and one of them put right."""
    follow(phone, "竞赛与突击")
    follow(phone, "开展活动")
    phone.get_by_label("劳动竞赛").check()
    phone.get_by_label("名称").fill("百日安全赛")
    phone.get_by_label("规则").fill("比安全、比产量")
    phone.get_by_label("参加的班组").fill("一班")
    press(phone, "开展活动")
    follow(phone, "修改")
    phone.get_by_label("参加的班组").fill("一班\n二班")
    press(phone, "修改")
    follow(phone, "登记结果")
    for number, (result, place) in enumerate((("112 分", "2"), ("104 分", "1"))):
        phone.fill(f"[name=result-{number}]", result)
        phone.fill(f"[name=place-{number}]", place)
    phone.get_by_label("结果", exact=True).fill("百日无事故")
    press(phone, "登记结果")
    follow(phone, "更正结果")
    phone.fill("[name=place-0]", "1")
    phone.fill("[name=place-1]", "2")
    press(phone, "更正结果")
    phone.wait_for_selector("text=结果已更正")


def figures(phone):
    """Entered for the month that waits, and put right; what they said before is shown."""
    follow(phone, "填报2026年6月")
    for label, value in (
        ("计划用什么单位", "吨"),
        ("本月计划", "1200"),
        ("本月完成", "1260"),
        ("查出隐患", "2"),
    ):
        phone.get_by_label(label).fill(value)
    press(phone, "填报")
    phone.wait_for_selector("text=数字已填报")
    follow(phone, "2026年6月")
    follow(phone, "更正")
    phone.get_by_label("本月完成").fill("1250")
    press(phone, "更正")
    phone.wait_for_selector("text=已更正")
    follow(phone, "2026年6月")
    assert [word in phone.inner_text("main") for word in ("1250 吨", "更正前的数字", "1260")] == [True] * 3


def advice(phone, town, live_server):
    """Given by the secretary, its answer written down, confirmed by somebody else from the desk."""
    phone.goto("/production/")
    follow(phone, "向行政提参谋建议")
    phone.get_by_label("针对什么问题").fill("夜班照明不足")
    phone.get_by_label("建议行政怎么办").fill("三号巷加装防爆灯")
    phone.get_by_label("责任人").fill("李书记")
    phone.get_by_label("责任人").press("Enter")
    press(phone, "立项")
    follow(phone, "报告办结")
    phone.get_by_label("行政的答复").fill("同意，本月装完")
    press(phone, "报告办结")
    as_someone(phone, town, "wang", live_server)
    phone.goto("/")
    follow(phone, "确认销号")
    assert "同意，本月装完" in phone.inner_text("main")
    press(phone, "确认销号")


def test_from_the_first_step_to_the_page_of_the_quarter(phone, desk, town, live_server):
    as_someone(phone, town, "li", live_server)
    phone.goto("/production/")
    competition(phone)
    phone.goto("/production/")
    figures(phone)
    advice(phone, town, live_server)
    done = Campaign.objects.get()
    assert done.teams == [["一班", "112 分", 1], ["二班", "104 分", 2]]
    assert list(Figures.objects.values_list("month_on", "done", "version")) == [(date(2026, 6, 1), 1250, 2)]
    assert list(Undertaking.objects.values_list("kind", "state", "result")) == [
        ("advice", "closed", "同意，本月装完")
    ]
    told = ("百日安全赛", "三号巷加装防爆灯", "同意，本月装完")
    # a member reads the page of the quarter on the phone and finds nothing to press; an officer has it beside the others
    as_someone(phone, town, "chen", live_server)
    phone.goto("/production/")
    assert ([word in phone.inner_text("main") for word in told], fits(phone)) == ([True] * 3, True)
    assert phone.locator("main").get_by_role("link", name="开展竞赛").count() == 0
    as_someone(desk, town, "sun", live_server)
    desk.goto("/production/branches/")
    desk.locator("tr", has_text=town.mining.name).get_by_role("link").first.click()
    assert [word in desk.inner_text("main") for word in told] == [True] * 3
    assert (phone.problems, desk.problems) == ([], [])
