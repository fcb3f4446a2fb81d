"""On a phone: a survey from its poster through the count, the cause and the measure to the measure closed."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.letters.test_browser import as_someone, fits
from tests.town import now
from zhibu.concerns import actions
from zhibu.concerns.actions.analysing import Measure
from zhibu.concerns.models import Analysis, Survey
from zhibu.notices.throttle import Throttle
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking

__all__ = ["now"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, settings, now, tmp_path):
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = now.date().isoformat(), "none"
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    Throttle.forget_all()
    return township()


def test_a_survey_from_question_to_closed_measure(phone, town, now, live_server, settings):
    as_someone(phone, town, "li", live_server)
    phone.goto("/concerns/surveys/open/")
    phone.locator("[name=closes_on]").fill("2026-07-27")
    phone.locator("[name=audience]").select_option("everyone")
    phone.locator("[name=way][value=address]").check()
    phone.get_by_role("button", name="发出问卷").click()
    address = phone.inner_text("[data-address]").strip()
    assert fits(phone)
    phone.context.clear_cookies()
    for each in range(5):
        phone.goto(address)
        assert "如果大家选得都一样" in phone.inner_text("main")
        phone.get_by_label("比较累" if each else "平稳").check()
        phone.get_by_label("食堂、浴室、宿舍等生活条件").check()
        phone.get_by_role("button", name="提交").click()
        phone.wait_for_selector("text=已收到，谢谢")
    assert (fits(phone), phone.context.cookies()) == (True, [])

    settings.ZHIBU_TODAY = "2026-07-28"
    as_someone(phone, town, "li", live_server)
    phone.goto("/")
    phone.locator("a", has_text="思想动态问卷").last.click()
    phone.get_by_role("button", name="汇总并销毁答卷").click()
    phone.wait_for_selector("text=收到 5 份")
    assert (fits(phone), Survey.objects.get().answers) == (True, 5)
    phone.get_by_role("link", name="写基本情况").click()
    phone.locator("[name=findings]").fill("检修期比较累，浴室热水是大家最关心的。")
    phone.get_by_role("button", name="保存").click()
    phone.get_by_role("link", name="加原因和措施").click()
    phone.locator("[name=cause]").fill("浴室水箱小")
    phone.locator("[name=text]").fill("换水箱，错峰供水")
    assert fits(phone)
    measured(town, now)
    phone.goto(f"/concerns/analyses/{Analysis.objects.get().pk}/")
    phone.get_by_role("button", name="归档").click()
    phone.wait_for_selector("text=归档")
    made = Undertaking.objects.get()
    undertakings.report_done(town.zhao, undertaking=made, result="水箱已换，夜班有热水", now=now)
    phone.goto(f"/undertakings/{made.pk}/close/")
    phone.get_by_role("button", name="确认销号").click()
    phone.goto("/concerns/")
    assert "水箱已换，夜班有热水" in phone.inner_text("main")
    assert "已销号" in phone.inner_text("main")
    assert (fits(phone), Analysis.objects.get().document.covers_on) == (True, date(2026, 7, 1))


def measured(town, now):
    """What the form of a measure sends, tested over HTTP elsewhere: its owner is picked by two letters of pinyin."""
    measure = Measure("浴室水箱小", "换水箱，错峰供水", town.people["zhao"].pk, date(2026, 8, 31))
    return actions.add_measure(town.li, analysis=Analysis.objects.get(), measure=measure, now=now)
