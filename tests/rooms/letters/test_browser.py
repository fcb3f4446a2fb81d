"""In a browser on a phone: a suggestion from the QR poster to its benefit; and nobody finds out who made it."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.life.test_browser import sign_in
from tests.rooms.study.people import with_study
from tests.town import now
from zhibu.accounts.models import User
from zhibu.letters import actions
from zhibu.letters.models import Missive, Proposal
from zhibu.notices import keeping
from zhibu.notices.actions.sheets import board_of
from zhibu.notices.throttle import Throttle
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking

__all__ = ["now"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def as_someone(page, town, who, live_server):
    User.objects.filter(person=town.people[who]).delete()
    page.context.clear_cookies()
    sign_in(page, town.people[who], live_server)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture
def town(transactional_db, settings, now):
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = now.date().isoformat(), "none"
    Throttle.forget_all()
    keeping.forget_pages()
    return township()


def test_a_suggestion_from_the_poster_to_its_benefit(phone, town, now, live_server):
    board_of(town.mining)
    as_someone(phone, town, "li", live_server)
    phone.goto("/letters/suggestions/poster/")
    address = phone.inner_text("[data-address]").strip()
    phone.context.clear_cookies()

    phone.goto(address)
    phone.locator("textarea[name=text]").fill("张师傅那台皮带机头缺护栏")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_label("我看过了，就这样提交").check()
    phone.get_by_role("button", name="提交").click()
    code = phone.inner_text(".pb-code")
    assert (fits(phone), phone.context.cookies()) == (True, [])

    as_someone(phone, town, "li", live_server)
    phone.goto(f"/letters/{Missive.objects.get().pk}/")
    phone.get_by_role("link", name="受理").click()
    phone.locator("textarea[name=title]").fill("皮带机头加护栏")
    phone.get_by_role("button", name="受理").click()
    phone.wait_for_selector("text=研究中")
    row = Proposal.objects.get()
    base = f"/letters/suggestions/{row.pk}/"
    phone.goto(f"{base}adopt/")
    assert fits(phone)
    adopt(row, town, now)
    phone.goto(f"{base}benefit/")
    phone.locator("[name=told]").fill("消除一处隐患")
    phone.locator("[name=hours]").fill("12")
    phone.locator("[name=confirmed_by]").fill("安全环保部")
    phone.get_by_role("button", name="确认效益").click()
    phone.wait_for_selector("text=已见效")
    assert fits(phone)

    # whoever wants to find out who it was
    as_someone(phone, town, "chen", live_server)
    phone.goto(base)
    seen = phone.inner_text("main")
    assert ("皮带机头加护栏" in seen, "张师傅" in seen, "看来信" in seen) == (True, False, False)
    assert phone.goto(f"/letters/{row.missive_id}/").status == 404

    phone.context.clear_cookies()
    phone.goto(address.replace("new/suggestion/", "receipt/"))
    phone.locator("[name=code]").fill(code)
    phone.get_by_role("button", name="查询").click()
    told = phone.inner_text("main")
    assert all(word in told for word in ("已见效", "消除一处隐患", "12 工时", "采纳，月底前装好"))


def adopt(row, town, now):
    """What the pages of adopting and reporting send, tested over HTTP elsewhere."""
    li = with_study(town.actors["li"])
    actions.adopt_suggestion(
        li, proposal=row, owner=town.people["zhao"].pk, due_on=date(2026, 7, 31), answer="采纳，月底前装好",
        now=now,
    )  # fmt: skip
    measure = Undertaking.objects.get(source="letters.suggestion", source_id=row.pk)
    undertakings.report_done(li, undertaking=measure, result="已装", now=now)
