"""Who must have a second factor (setting ZHIBU_SECOND_FACTOR), and who has none yet."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from zhibu.accounts.models import User

METHODS = "account_authentication_methods"
"""Session key of allauth: how the holder of the session proved who they are."""


def is_required(user: User) -> bool:
    """Whether the account must have a second factor."""
    return settings.ZHIBU_SECOND_FACTOR == "all" or (
        settings.ZHIBU_SECOND_FACTOR == "operators" and user.is_operator
    )


def has_one(user: User) -> bool:
    """Whether the account has enrolled one."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether the account must enrol one before anything else. No query once a session has used it."""
    if not is_required(user):
        return False
    used = any(method.get("method") == "mfa" for method in request.session.get(METHODS, ()))
    return not used and not has_one(user)
