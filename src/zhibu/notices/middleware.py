"""A crowd before one board: what was answered a moment ago is answered again, before sessions, locales and databases.

Stands above everything that could know a person. Only pages that a view marked (`kept_page`) are kept, and only whole
answers without cookies; the key is everything they depend on. What is withdrawn is gone everywhere within a second.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from zhibu.notices.shelf import FRESH, Answer, shelf
from zhibu.ui import clock

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

PREFIXES = ("/board/", "/screen/", "/portal/")
LONGEST = 120
"""Marks of a header that can matter; a longer one is not kept for."""


class KeptPagesMiddleware:
    """Answers for pages of the board and of screens from the shelf; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        day = timezone.localtime(clock.instant()).date()
        found = shelf.take(key, day, monotonic())
        if found is not None:
            return _again(request, found)
        answer = self.get_response(request)
        if not getattr(answer, "kept_page", False) or answer.cookies:
            shelf.drop(key)
        elif answer.status_code == 200:
            _keep(key, answer, day)
        else:
            # 304: the visitor has the page of now; one on the shelf with another tag is of before
            shelf.drop(key, unless=plain_tag(answer.headers.get("ETag", "")))
        return answer


def _key(request: HttpRequest) -> Hashable | None:
    """What the answer depends on; None for what is not kept."""
    if request.method != "GET" or not request.path_info.startswith(PREFIXES) or request.META["QUERY_STRING"]:
        return None
    languages = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    host = request.META.get("HTTP_HOST", "")
    if max(len(languages), len(chosen), len(host)) > LONGEST:
        return None
    packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    return request.path_info, host, request.is_secure(), languages, chosen, packed


def _keep(key: Hashable, answer: HttpResponse, day: date) -> None:
    tag = plain_tag(answer.headers.get("ETag", ""))
    shelf.put(key, Answer(bytes(answer.content), tuple(answer.items()), tag, day, monotonic() + FRESH))


def _again(request: HttpRequest, found: Answer) -> HttpResponse:
    same = bool(found.tag) and plain_tag(request.headers.get("If-None-Match", "")) == found.tag
    answer = HttpResponse(status=304) if same else HttpResponse(found.body)
    for name, value in found.headers:
        if not (same and name in ("Content-Length", "Content-Encoding", "Content-Type")):
            answer.headers[name] = value
    if same:
        del answer.headers["Content-Type"]
    return answer


def plain_tag(tag: str) -> str:
    """A tag without its mark of weakness: a compressed page says the same."""
    return tag.strip().removeprefix("W/")
