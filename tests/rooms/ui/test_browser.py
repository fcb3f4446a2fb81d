"""What only a browser can show: typing, clicking, drawing, and that nothing is too small or too wide."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/", "/sessions/", "/sessions/?rows=0", "/form/", "/heat/", "/board/", "/session/3/", "/act/")
# the smallest text on a page, in pixels, among elements that show text of their own
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')].filter(e =>
  e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e =>
  parseFloat(getComputedStyle(e).fontSize)))"""
# what a thumb must hit: links in running text are exempt, as WCAG 2.5.8 has it
SMALL_TARGETS = """() => [...document.querySelectorAll('.btn, .zb-bottom a, .zb-chip, nav.zb-tabs a, .form-control')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"""


def sign_in(page: Any, live_server: Any) -> Any:
    page.context.add_cookies([{"name": "actor", "value": "all", "url": live_server.url}])
    return page


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone(phone: Any, live_server: Any, path: str) -> None:
    page = sign_in(phone, live_server)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.url.removeprefix(live_server.url) == path
    assert page.locator("html").evaluate("e => e.scrollWidth") == 390
    assert page.locator("body").evaluate(SMALLEST) >= 14
    assert page.locator("body").evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_clean_on_a_desk(desk: Any, live_server: Any, path: str) -> None:
    page = sign_in(desk, live_server)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.url.removeprefix(live_server.url) == path
    assert page.locator("html").evaluate("e => e.scrollWidth") == 1440
    assert page.locator("body").evaluate(SMALLEST) >= 14
    assert [problem for problem in page.problems if "409" not in problem] == []


def test_people_are_picked_with_the_keyboard_alone(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    page.goto("/form/")
    ticked = "[...document.querySelectorAll('[name=absent]:checked')].map(e => e.dataset.name)"
    page.focus("#id_absent")
    page.keyboard.type("ou")
    page.keyboard.press("Enter")
    assert page.locator("body").evaluate(f"() => {ticked}") == ["曾小明", "欧阳振华", "阿依古丽·买买提艾力"]
    page.keyboard.type("cx")
    assert page.locator("#id_absent-found li").all_inner_texts() == ["陈晓东\n预备党员", "陈小丹\n第三党小组"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert page.locator("body").evaluate(f"() => {ticked}") == ["曾小明", "欧阳振华"]
    assert page.url.endswith("/form/")


def test_a_form_is_sent_once_however_often_it_is_clicked(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/form/")
    page.dblclick(".zb-actions .btn-primary")
    page.wait_for_url("**/session/*/")
    assert len(sent) == 1


def test_rows_open_on_click_and_on_enter(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    page.goto("/sessions/")
    page.click("tbody tr:nth-child(2) td:nth-child(3)")
    page.wait_for_url("**/session/1/")
    page.go_back()
    page.focus("tbody tr:nth-child(3)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/session/3/")


def test_evidence_opens_beside_the_page(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    page.goto("/")
    page.click("a[data-panel]")
    page.locator("#zb-panel h1").wait_for()
    assert page.locator("#zb-panel h1").inner_text() == "第三季度支部党员大会"
    page.keyboard.press("Escape")
    assert page.locator("#zb-panel").is_visible() is False
    assert page.url.endswith("/")


def test_a_cell_of_the_heat_map_opens_its_evidence(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    page.goto("/heat/?rows=20")
    page.locator(".zb-drawn canvas").first.wait_for()
    box = page.locator(".zb-chart-canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    page.locator("#zb-panel h1").wait_for()
    assert page.problems == []


def test_leaving_an_unsaved_form_is_asked_about(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/form/")
    page.fill("#id_place", "三楼")
    page.goto("/sessions/")
    assert asked == ["beforeunload"]


def test_without_javascript_everything_is_still_there(browser: Any, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = sign_in(context.new_page(), live_server)
    page.goto("/form/")
    page.check("[name=absent][value='5']")
    page.click(".zb-actions .btn-primary")
    page.wait_for_url("**/session/*/")
    context.close()
