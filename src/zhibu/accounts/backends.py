"""Signing in by mobile number or by name (setting AUTHENTICATION_BACKENDS)."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from zhibu.accounts import queries
from zhibu.accounts.models import User


class PhoneOrName(AuthenticationBackend):
    """One field for both. For an unknown account a password is hashed all the same: the time tells nothing.

    allauth's backend does that hashing, and keeps an inactive account apart from a wrong password for whoever knows
    the password.
    """

    def _authenticate(self, request: Any, **credentials: Any) -> Any:
        text, password = credentials.get("username") or "", credentials.get("password") or ""
        return self._check_password(queries.user_signing_in(text), password) if text else None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, with its person; None when it was deactivated since."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
