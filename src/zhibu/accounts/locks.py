"""After five failures an account is locked for a quarter of an hour (django-axes, in the database)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.accounts import queries
from zhibu.accounts.models import username_key
from zhibu.record import vault

_KEPT = "_zhibu_account_tried"


def parameters(request: Any, credentials: Any = None) -> list[str]:
    """What is locked: the account, wherever the guesses come from."""
    return ["username"]


def client_address(request: HttpRequest) -> str:
    """The address a request came from, past the proxies that are ours (setting ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return get_client_ip(request) or ""


def account_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The account that is being tried, under one name whether its name or its number was typed.

    What belongs to no account is kept as a keyed digest only: it may be a number, or a password in the wrong field.
    """
    text = str((credentials or {}).get("username") or request.POST.get("login") or "")
    kept: tuple[str, str] | None = getattr(request, _KEPT, None)
    if kept is None or kept[0] != text:
        account = queries.user_signing_in(text)
        name = account.username if account else "?" + vault.blind(username_key(text), "axes.username")[:32]
        kept = (text, name)
        setattr(request, _KEPT, kept)
    return kept[1]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The page that says what happened and what to do; the same for accounts that do not exist."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    told = {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    answer = render(request, "accounts/locked.html", told, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
