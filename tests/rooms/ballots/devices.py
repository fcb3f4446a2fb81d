"""Browsers of one person each, signed in without the form, watched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def sign_in(context: Any, person: Any, live_server: Any) -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from zhibu.accounts.models import User
    from zhibu.accounts.sessions import SessionStore

    user = User.objects.filter(person=person).first() or User.objects.create_user(person.name, person=person)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "zhibu.accounts.backends.PhoneOrName"
    session.save()
    context.add_cookies([{"name": "zhibu_session", "value": session.session_key, "url": live_server.url}])


def devices(browser: Any, live_server: Any) -> Iterator[Any]:
    """Opens a browser of one person (or of nobody); `sent` collects its requests, `problems` its errors."""
    opened = []

    def of(person: Any, width: int = 390, **options: Any) -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 844}, locale="zh-CN", accept_downloads=True, **options
        )  # fmt: skip
        context.set_default_timeout(15_000)
        if person is not None:
            sign_in(context, person, live_server)
        page = context.new_page()
        page.sent, page.problems = [], []
        page.on("request", lambda request: page.sent.append(request))  # noqa: PLW0108 - Playwright wants a function
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        opened.append(context)
        return page

    yield of
    for context in opened:
        context.close()
