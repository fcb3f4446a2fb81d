"""Pages of Chromium for tests: watched, whole when they are read, and on request as slow as on a poor line.

Playwright's click returns when the page it leads to has *begun*: what is read then may be missing in half of the page,
pictures have no size yet, scripts have not run. `settle` makes every click, tap and key of a test wait until the page is
loaded. What comes later still (an answer to fetch or htmx, a chart) is waited for by name: `locator.wait_for()`.

ZHIBU_TEST_SLOW=4 finds what does not wait: every page comes late and in two halves, style sheets and scripts later still.
(Chromium's own throttling of its processor burns what it takes away, on a machine that others use.) ZHIBU_TEST_UNSETTLED=1 leaves `settle` away: then the tests are
somebody who uses a page before its script is there, and what fails may be the product.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from unittest.mock import patch

SLOW = float(os.environ.get("ZHIBU_TEST_SLOW", "0"))
UNSETTLED = bool(os.environ.get("ZHIBU_TEST_UNSETTLED"))
UNIT = 0.1
"""Seconds that ZHIBU_TEST_SLOW=1 adds to an answer, and to the second half of a page."""
ACTS = ("check", "click", "dblclick", "press", "select_option", "set_checked", "tap", "uncheck")


def patience(seconds: float) -> float:
    """Milliseconds that a test waits for something, longer where everything is slow."""
    return 1000 * seconds * max(1.0, SLOW)


def settle() -> None:
    """From now on whatever may lead to another page waits until that page is loaded."""
    from playwright.sync_api import Locator, Page

    if UNSETTLED:
        return
    for kind in (Locator, Page):
        for name in ACTS:
            method = getattr(kind, name, None)
            if method is not None and not hasattr(method, "__wrapped__"):
                setattr(kind, name, _settled(method))


def _settled(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def act(self: Any, *args: Any, **named: Any) -> Any:
        told = method(self, *args, **named)
        getattr(self, "page", self).wait_for_load_state()
        return told

    return act


def into(found: list[Any]) -> Callable[[Any], None]:
    """A listener that keeps what it is told. Playwright asks a listener for its parameters; `append` has none to show."""

    def keep(told: Any) -> None:
        found.append(told)

    return keep


def open_page(
    browser: Any,
    live_server: Any,
    viewport: dict[str, int],
    *,
    seconds: float = 10,
    console: bool = True,
    **options: Any,
) -> Any:
    """A page of a browser of its own; `sent` collects its requests, `problems` its errors and those of the console."""
    context = browser.new_context(
        base_url=live_server.url, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", **options
    )
    context.set_default_timeout(patience(seconds))
    # the first page of a server that has just begun, on a machine that does much besides
    context.set_default_navigation_timeout(patience(60))
    page = context.new_page()
    page.sent, page.problems = [], []
    page.on("request", into(page.sent))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    if console:
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
    return page


# --- a poor line, made by the server -------------------------------------------------------------------


def _late(get_response: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Every answer comes late, and a page in two halves."""

    def answered(self: Any, request: Any) -> Any:
        answer = get_response(self, request)
        time.sleep(SLOW * UNIT)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return answer
        return _in_halves(answer)

    return answered


def _in_halves(answer: Any) -> Any:
    from django.http import StreamingHttpResponse

    whole = answer.content

    def halves() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        time.sleep(SLOW * UNIT)
        yield whole[len(whole) // 2 :]

    told = StreamingHttpResponse(halves(), status=answer.status_code)
    told.cookies = answer.cookies
    for name, value in answer.headers.items():
        if name != "Content-Length":
            told[name] = value
    return told


def slow_down() -> None:
    """Make the servers of tests slow, if ZHIBU_TEST_SLOW says so; the client of Django's tests is none."""
    if not SLOW:
        return
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    serve = StaticFilesHandler.serve

    def late(self: Any, request: Any) -> Any:
        time.sleep(2 * SLOW * UNIT)
        answer = serve(self, request)
        # or Chromium would have it the next time
        answer["Cache-Control"] = "no-store"
        return answer

    # to the end of the process
    patch.object(StaticFilesHandler, "serve", late).start()
    patch.object(WSGIHandler, "get_response", _late(WSGIHandler.get_response)).start()
