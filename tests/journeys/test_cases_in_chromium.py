"""The three long ways of a branch in Chromium, every step typed and clicked on the day it would be entered.

An applicant becomes an archived full member in more than two simulated years; a committee is renewed, from the reminder on
the workbench; a project goes from its call to its acceptance. Parts of each are done on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests import browsers
from tests.conftest import DESK, PHONE
from tests.journeys import test_cases as over_http
from tests.journeys.browsing import Browsing
from tests.journeys.casework import applicant, at_work, ids
from zhibu.procedures.models import Case
from zhibu.register.models import Membership, Term

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOT_OURS = "status of 409"
"""What the browser says of a refusal, which is a page like any other."""


@pytest.fixture
def work(
    transactional_db: None, browser: Any, live_server: Any, settings: Any, tmp_path: Path
) -> Iterator[Browsing]:
    made = at_work(settings)
    pages = []

    def open_page(*, small: bool) -> Any:
        more = {"is_mobile": True, "has_touch": True} if small else {}
        page = browsers.open_page(browser, live_server, PHONE if small else DESK, seconds=15, **more)
        pages.append(page)
        return page

    yield Browsing(
        made.town, settings, address_of_server=live_server.url, open_page=open_page, folder=tmp_path
    )
    for each in pages:
        each.context.close()
    assert [problem for each in pages for problem in each.problems if NOT_OURS not in problem] == []


@pytest.mark.release
def test_an_applicant_becomes_an_archived_full_member(work: Browsing) -> None:
    who = applicant(work, "孙申请", date(2025, 6, 3))
    case = work.open("li", "admission", "2025-06-03", person=who.pk)
    over_http.to_prospect(work, case)
    work.small = True
    over_http.to_meeting(work, case)
    assert any("孙申请" in each and "采矿党支部" in each for each in work.saw)
    work.small = False
    over_http.to_oath(work, case)
    work.small = True
    over_http.to_archive(work, case)
    case.refresh_from_db()
    assert (case.state, case.ended_on) == ("ended", date(2027, 9, 20))
    spells = Membership.objects.filter(person=who).order_by("since").values_list("stage", "since")
    assert list(spells)[-2:] == [
        ("probationary_member", date(2026, 8, 20)),
        ("full_member", date(2027, 8, 20)),
    ]
    work.small = False
    page = work.look("li", reverse("procedures:export_case", args=[case.pk]))
    page.locator("[name=reason]").fill("移交档案")
    with page.expect_download() as archive:
        page.locator("main form .btn-primary").click()
    assert archive.value.suggested_filename.endswith(".zip")


@pytest.fixture
def expiring(work: Browsing) -> Term:
    return over_http.term_of(work)


@pytest.mark.release
def test_a_committee_is_renewed_from_the_reminder_on(work: Browsing, expiring: Term) -> None:
    work.on("2026-06-01")
    page = work.look("li", "/")
    page.locator("li", has_text="支部换届选举").get_by_role("link", name="立项").click()
    page.get_by_role("heading", name="支部换届选举").wait_for()
    assert page.locator("[name=title]").count() == 0
    page.locator("[name=v_committee]").check()
    page.locator("[name=v_seats]").fill("3")
    page.get_by_role("button", name="立项").click()
    page.get_by_text("已立项").wait_for()
    over_http.renewed(work, Case.objects.get())


@pytest.mark.release
def test_a_project_goes_from_its_call_to_its_acceptance(work: Browsing) -> None:
    over_http.call(work)
    work.small = True
    case = over_http.accepted(work)
    assert (case.state, case.ended) == ("ended", "shared")
    page = work.look("li", reverse("procedures:case", args=[case.pk]))
    page.locator(".zb-route-fold summary").click()
    page.locator("svg.zb-route-tall").wait_for()


def test_a_pile_is_answered_at_once(work: Browsing) -> None:
    """All of them by one tick; what is required only with a passing answer is asked for only then."""
    cases = []
    for number, name in enumerate(("甲申请", "乙申请", "丙申请")):
        who = applicant(work, name, date(2025, 6, 3 + number))
        case = over_http.Work.open(work, "li", "admission", "2025-06-06", person=who.pk)
        li = ids(work, "li")[0]
        over_http.Work.file(work, "li", case, "application_letter")
        over_http.Work.step(work, "li", case, "apply", "2025-06-06")
        over_http.Work.step(work, "li", case, "talk", "2025-06-20", v_talker=li)
        selected = {"role": "branch_committee", "v_nominated_by": "members"}
        over_http.Work.step(work, "li", case, "activist_selected", "2025-07-01", **selected)
        cases.append(case)
    work.on("2025-07-04")
    page = work.look("sun", reverse("procedures:inbox"))
    page.get_by_label("全选").check()
    page.get_by_text("已选 3 件").wait_for()
    page.get_by_role("button", name="所选：备案").click()
    page.get_by_text("已答复 3 件").wait_for()
    assert sorted(Case.objects.values_list("next_step", flat=True)) == ["mentors_named"] * 3
