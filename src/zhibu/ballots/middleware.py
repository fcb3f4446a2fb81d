"""The way to the box: before sessions, cookies, languages, logs and everything else that could know a person.

`POST /box/CODE/` puts a paper in; `GET /box/CODE/` tells the state, the turnout in steps, and after the count the
published trackers. Requests come without cookies; should one carry any, they are not looked at. Answers set none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from zhibu.ballots import box, public

PREFIX = "/box/"
MOST_BYTES = 64 * 1024
STATUS = {
    box.Answer.TAKEN: 201,
    box.Answer.SAME: 200,
    box.Answer.OTHER: 409,
    box.Answer.CLOSED: 409,
    box.Answer.NONE: 404,
    box.Answer.REFUSED: 400,
}
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class BoxMiddleware:
    """Answers everything below /box/ itself; must stand first in MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        code = request.path_info[len(PREFIX) :].strip("/")
        if not is_safe(request):
            return _answer({"answer": "https_needed"}, 403)
        if request.method == "POST":
            return _cast(request, code)
        told = _state(code) if request.method == "GET" else None
        return _answer(told, 200) if told is not None else _answer({"answer": "none"}, 404)


_SEEN: dict[str, tuple[float, dict[str, Any]]] = {}
KEPT = 1.0
"""Seconds for which a state told once is told again: thousands of phones ask for it all the time."""


def _state(code: str) -> dict[str, Any] | None:
    now = time.monotonic()
    until, told = _SEEN.get(code, (0.0, None))
    if now < until:
        return told
    found = public.told(code)
    if found is None:
        _SEEN.pop(code, None)
    else:
        _SEEN[code] = (now + KEPT, found)
    return found


def is_safe(request: HttpRequest) -> bool:
    """Whether the request came over HTTPS, or from this machine: elsewhere a browser has no cryptography."""
    host = request.META.get("HTTP_HOST", "")
    name = host if host.startswith("[") else host.partition(":")[0]
    return request.is_secure() or name.partition("]:")[0].removesuffix("]") in [
        each.removesuffix("]") for each in LOOPBACK
    ]


def _cast(request: HttpRequest, code: str) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return _answer({"answer": "refused"}, 413)
    found = box.cast(code, request.read(int(length)))
    return _answer({"answer": found.value}, STATUS[found])


def _answer(value: object, status: int) -> HttpResponse:
    answer = HttpResponse(json.dumps(value), content_type="application/json", status=status)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    # Django writes a line with the time for every refusal it has not been told of: here none is to be written
    answer._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001
    return answer
