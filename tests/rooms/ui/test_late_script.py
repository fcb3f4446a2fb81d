"""On a slow line a page is there before its script: what is done in between counts, and nothing moves when it comes."""

from contextlib import contextmanager
from typing import Any

import pytest

from tests.browsers import into
from tests.rooms.ui.test_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# the browser stays where it is
NO_PAGE = 204


@contextmanager
def late(page: Any, what: str = "**/main.js*") -> Any:
    """While this lasts a script is on its way."""
    held: list[Any] = []
    page.route(what, into(held))
    yield
    assert held != []
    for route in held:
        route.continue_()
    page.unroute(what)
    page.wait_for_load_state()


def arrive(page: Any, path: str) -> None:
    """The page is there as far as it is one without script."""
    page.goto(path, wait_until="commit")
    page.locator("footer").wait_for()
    page.wait_for_function("() => document.styleSheets.length > 0")


def test_what_was_typed_before_the_script_is_kept(desk: Any, live_server: Any) -> None:
    page, asked = sign_in(desk, live_server), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with late(page):
        arrive(page, "/form/")
        page.fill("#id_place", "三楼")
    page.locator("h1").click()
    page.goto("/sessions/")
    assert asked == ["beforeunload"]


def test_the_script_does_not_take_the_field_away(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    page.goto("/form/")
    page.fill("#id_place", "")
    with late(page):
        page.locator(".zb-actions .btn-primary").evaluate("button => button.form.submit()")
        page.locator(".zb-errors").wait_for()
        page.focus("#id_place")
        page.keyboard.type("3")
    page.keyboard.type("F")
    assert page.input_value("#id_place") == "3F"


def test_nothing_moves_under_the_finger(phone: Any, live_server: Any) -> None:
    page = sign_in(phone, live_server)
    with late(page):
        arrive(page, "/form/")
        before = page.locator("#id_reason").bounding_box()
    assert page.locator("#id_reason").bounding_box() == before


def test_who_has_begun_to_tick_keeps_the_list(desk: Any, live_server: Any) -> None:
    page = sign_in(desk, live_server)
    with late(page):
        arrive(page, "/form/")
        # after a few seconds the list is there, as it is without any script
        box = page.locator("[name=absent][value='5']")
        box.wait_for(state="visible")
        box.evaluate("box => box.click()")
    assert box.is_visible()
    assert page.locator(".zb-people-chips button").all_inner_texts() == [
        "曾小明", "欧阳振华", "阿依古丽·买买提艾力",
    ]  # fmt: skip


def test_a_drawing_has_its_place_before_it_is_drawn(phone: Any, live_server: Any) -> None:
    page = sign_in(phone, live_server)
    with late(page, "**/charts-*.js"):
        page.goto("/", wait_until="domcontentloaded")
        below = page.locator(".zb-chart-table").last
        before = below.bounding_box()
        assert page.locator(".zb-drawn").count() == 0
    page.locator(".zb-drawn canvas").last.wait_for()
    assert below.bounding_box() == before


def test_a_form_whose_answer_is_no_page_can_be_sent_again(desk: Any, live_server: Any) -> None:
    """A file, or a line lost on the way: the server knows a second submission by its token."""
    page, sent = sign_in(desk, live_server), []
    page.clock.install()
    page.goto("/form/")
    page.route("**/form/", lambda route: route.fulfill(status=NO_PAGE))
    page.on("request", lambda request: sent.append(request.method))
    for _each in range(2):
        with page.expect_request("**/form/"):
            page.locator(".zb-actions .btn-primary").evaluate("button => { button.click(); button.click(); }")
        page.clock.fast_forward(16_000)
    assert sent == ["POST", "POST"]
