"""Secretary Li at the gallery's doors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.ui import doors

LI = Actor(
    7, 7, "李卫国", (Mandate("secretary", 3, "00010001", frozenset({"life.*", "register.view"}), Reach.OWN),)
)
ZHAO = Actor(8, 8, "赵敏", (Mandate("member", 3, "00010001", frozenset({"life.view"}), Reach.SELF),))
EVERYTHING = Actor(9, 9, "孙梅", (Mandate("operator", 1, "0001", frozenset({"*"}), Reach.EVERYWHERE),))
ACTORS = {"li": LI, "zhao": ZHAO, "all": EVERYTHING}


def name_the_actor(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., Any]:
    """Middleware of the tests: the cookie `actor` says who is signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = ACTORS.get(request.COOKIES.get("actor", ""))  # type: ignore[attr-defined]
        return answer(request)

    return middleware


@pytest.fixture(autouse=True)
def gallery(settings: Any) -> None:
    """The gallery is the whole site, and needs no database."""
    settings.ROOT_URLCONF = "tests.rooms.ui.gallery"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "tests.rooms.ui.conftest.name_the_actor",
    ]
    template = dict(settings.TEMPLATES[0])
    template["DIRS"] = [Path(__file__).parent / "templates"]
    template["OPTIONS"] = {
        "loaders": [
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ],
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "django.contrib.messages.context_processors.messages",
            "zhibu.ui.navigation.context",
        ],
    }
    settings.TEMPLATES = [template]


@pytest.fixture
def live_server(gallery: None, transactional_db: None) -> Iterator[LiveServer]:
    """A server of the gallery's own: the shared one has already taken in the middleware of the platform."""
    server = LiveServer("localhost")
    yield server
    server.stop()


def signed_in(client: Client, who: str = "li") -> Client:
    client.cookies["actor"] = who
    return client


@pytest.fixture
def li(client: Client) -> Client:
    return signed_in(client, "li")


@pytest.fixture
def everything(client: Client) -> Client:
    return signed_in(client, "all")


class Kept:
    """Submissions, remembered in a dictionary."""

    def __init__(self) -> None:
        self.urls: dict[tuple[str, int], str] = {}

    @contextmanager
    def hold(self, token: str, user: int) -> Iterator[SimpleNamespace]:
        held = SimpleNamespace(before=self.urls.get((token, user)), url="")
        yield held
        if held.url:
            self.urls[token, user] = held.url


@pytest.fixture
def kept() -> Iterator[Kept]:
    before, doors.submissions = doors.submissions, Kept()
    yield doors.submissions
    doors.submissions = before
