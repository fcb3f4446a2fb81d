"""How pages without sign-in are answered: rendered without the request, kept, and asked for anew by their tag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from zhibu.notices import keeping
from zhibu.notices.middleware import plain_tag
from zhibu.notices.slips import slip
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock
from zhibu.ui.doors import public_door

CSP: dict[str, list[str]] = {
    "default-src": [NONE], "script-src": [NONE], "connect-src": [NONE], "worker-src": [NONE], "manifest-src": [NONE],
    "font-src": [NONE], "img-src": ["data:"], "style-src": [SELF], "form-action": [SELF],
}  # fmt: skip

reading = Throttle(number=600, seconds=60)

SLIP = "slip-of-this-visitor"
"""Stands in a kept form where each visitor's own slip goes."""


class TooOften(Exception):
    """One address asks for page after page."""


def public(
    why: str, policy: dict[str, list[str]] = CSP
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """The headers of every page without sign-in: nothing learnt, nothing kept by others."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            answer["Referrer-Policy"] = "no-referrer"
            answer["X-Robots-Tag"] = "noindex, noarchive"
            answer.setdefault("Cache-Control", "no-store")
            return answer

        # nobody is signed in here, so nobody can be made to act in one's own name; a token would need a cookie
        return csrf_exempt(public_door(why)(csp_replace(policy)(entered)))

    return decorate


def page(name: str, context: dict[str, Any], status: int = 200, media: str = keeping.HTML) -> keeping.Page:
    """A page of `notices/public/` (or, with its folder named, of another room), without the request: no context of
    whoever is signed in, no token, no cookie.
    """
    language = "en" if (get_language() or "").startswith("en") else "zh-CN"
    template = name if "." in name else f"{name}.html"
    path = template if "/" in template else f"notices/public/{template}"
    return keeping.Page.of(render_to_string(path, {"language": language, **context}), status, media)


def rendered(name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that is not kept."""
    made = page(name, context, status)
    return HttpResponse(made.body, status=made.status)


def form_answered(
    request: HttpRequest, key: tuple[Any, ...], today: date, make: Callable[[], keeping.Page], about: str
) -> HttpResponse:
    """An empty form: kept like a page, with SLIP in it, and answered with a slip of its own for each visitor."""
    try:
        found = keeping.kept((*key, "form", get_language(), today), counted(request, make))
    except TooOften:
        return too_often()
    return HttpResponse(found.body.replace(SLIP.encode(), slip(about).encode()), status=found.status)


def too_often() -> HttpResponse:
    """For whoever asks for page after page."""
    words = _("访问太频繁，请过一分钟再试。")
    return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")


def counted(request: HttpRequest, make: Callable[[], keeping.Page]) -> Callable[[], keeping.Page]:
    """Only what must be made anew is counted: a crowd is welcome."""

    def made() -> keeping.Page:
        if not reading.allows(request, clock.now(request)):
            raise TooOften
        return make()

    return made


def answered(
    request: HttpRequest, key: tuple[Any, ...], today: date, make: Callable[[], keeping.Page]
) -> HttpResponse:
    """A kept page, or 304 for whoever has it."""
    try:
        found = keeping.kept((*key, get_language(), today), counted(request, make))
    except TooOften:
        return too_often()
    if plain_tag(request.headers.get("If-None-Match", "")) == found.tag and found.status == 200:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(found.body, status=found.status, content_type=found.media)
    answer.kept_page = keeping.keeps() and found.status == 200  # type: ignore[attr-defined] # for KeptPagesMiddleware
    answer["ETag"] = found.tag
    # a browser asks again each time, and mostly hears 304: what was withdrawn must not live on in caches
    answer["Cache-Control"] = "no-cache"
    answer["Vary"] = "Accept-Language"
    return answer
