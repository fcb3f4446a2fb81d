"""From the session to the actor, at every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from zhibu.accounts import queries
from zhibu.accounts.models import User
from zhibu.accounts.second_factor import is_missing
from zhibu.accounts.sessions import BEGUN, SEEN
from zhibu.ui import clock

ALWAYS_OPEN = frozenset({"account_logout", "set_language"})
TO_CHANGE_PASSWORD = ALWAYS_OPEN | {"account_change_password"}
TO_ENROL = TO_CHANGE_PASSWORD | {
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate",
}
SEEN_EVERY = timedelta(minutes=1)
NOT_NOTED = frozenset({"project:progress", "ballots:take_ticket"})
"""What keeps no session awake, and waits for no writer to note it: what a page asks by itself; and a ticket, which
thousands ask for in one moment and which would otherwise write twice. The page it is asked from was noted."""


class ActorMiddleware:
    """Sets `request.actor` (core.authority.Actor, or None) before a view is entered.

    Also: ends a session that has lasted long enough, keeps a used one from falling idle, and sends whoever must
    change the password or enrol a second factor to do that first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[assignment]
        response = self.get_response(request)
        if getattr(request, "actor", None) is not None:
            # what was on the screen of someone signed in must not be in a shared computer's cache
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Read who is acting; the answer of a view stands unless something must be done first."""
        if SESSION_KEY not in request.session or not request.user.is_authenticated or _has_ended(request):
            return None
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the setting AUTH_USER_MODEL; for the type checker
        request.actor = queries.actor_for(user, clock.today(request))
        match = request.resolver_match
        name = match.view_name if match else ""
        if user.must_change_password:
            return None if name in TO_CHANGE_PASSWORD else _send(request, "account_change_password")
        if name not in TO_ENROL and is_missing(request, user):
            messages.info(request, _("你的账号须启用两步验证后方可使用。"))
            return _send(request, "mfa_activate_totp")
        return None


def _has_ended(request: HttpRequest) -> bool:
    """Whether the session has lasted its whole time; it is ended then. Otherwise it is kept from falling idle."""
    session = request.session
    now = int(timezone.now().timestamp())
    begun = session.get(BEGUN)
    if begun is None:
        begun = session[BEGUN] = now
    if now - begun >= settings.ZHIBU_SESSION_SECONDS:
        logout(request)
        messages.info(request, _("登录时间已满，请重新登录。"))
        return True
    match = request.resolver_match
    if match and match.view_name in NOT_NOTED:
        return False
    if now - session.get(SEEN, 0) >= SEEN_EVERY.total_seconds():
        session[SEEN] = now
    return False


def _send(request: HttpRequest, name: str) -> HttpResponse:
    url = reverse(name)
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return HttpResponseRedirect(url)
