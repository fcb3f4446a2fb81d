"""In Chromium, on a desk and on a phone: a procedure that is one file is opened, decided, and its paper asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import Work, at_work
from zhibu import rulebook
from zhibu.procedures.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVERLAY = Path(__file__).parents[2] / "examples" / "overlay"
SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def work(
    transactional_db: None, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Work]:
    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(OVERLAY))
    rulebook.forget()
    found = at_work(settings)
    found.on("2026-09-01")
    yield found
    monkeypatch.undo()
    rulebook.forget()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_study_tour_is_opened_and_decided(
    size: str, request: pytest.FixtureRequest, work: Work, live_server: Any
) -> None:
    page = request.getfixturevalue(size)
    cookie = work.client("li").cookies["zhibu_session"].value
    page.context.add_cookies([{"name": "zhibu_session", "value": cookie, "url": live_server.url}])
    page.goto("/procedures/open/")
    row = page.locator("li", has_text="现场教学活动审批")
    row.get_by_role("link", name="立项").click()
    page.locator("[name=title]").fill("红色教育基地")
    page.locator("[name=v_theme]").fill("重走长征路")
    page.locator("[name=v_leaves_on]").fill("2026-09-20")
    page.get_by_role("button", name="立项").click()
    page.get_by_text("已立项").wait_for()
    case = Case.objects.get()
    assert (case.procedure, case.fields) == ("study_tour", {"theme": "重走长征路", "leaves_on": "2026-09-20"})
    # two of the three: the form of the step is on the page of the case
    for name, count in (
        ("expected", "3"),
        ("present", "2"),
        ("issued", "2"),
        ("returned", "2"),
        ("yes", "2"),
    ):
        page.locator(f"[name=n_{name}]").fill(count)
    page.get_by_role("button", name="登记“支委会讨论”").click()
    page.get_by_text("已登记“支委会讨论”：通过").wait_for()
    page.locator(".zb-present-head", has_text="提交申请").wait_for()
    with page.expect_download() as paper:
        page.locator("li", has_text="活动申请表").get_by_role("link", name="生成 Word").click()
    assert paper.value.suggested_filename == "活动申请表 红色教育基地.docx"
    assert (page.evaluate(SIDEWAYS), page.problems) == (True, [])
