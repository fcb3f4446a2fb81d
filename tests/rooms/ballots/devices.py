"""Browsers of one person each, signed in without the form, watched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.browsers import open_page


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
        # of a page that is not there the console complains: tests ask for such pages
        page = open_page(
            browser, live_server, {"width": width, "height": 844}, seconds=15, console=False, accept_downloads=True, **options
        )  # fmt: skip
        if person is not None:
            sign_in(page.context, person, live_server)
        opened.append(page.context)
        return page

    yield of
    for context in opened:
        context.close()
