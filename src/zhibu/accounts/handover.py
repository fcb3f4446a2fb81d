"""A one-time password on its way from the act to the page that shows it once."""

from __future__ import annotations

from django.http import HttpRequest

from zhibu.record import vault

COLUMN = "zb_sign_in.session_data"
_KEY = "zb_handover"


def leave(request: HttpRequest, account: int, password: str) -> None:
    """Put the password into the session of whoever made it, sealed: sessions lie in the database."""
    request.session[_KEY] = [account, vault.seal(password, COLUMN)]


def take(request: HttpRequest, account: int) -> str:
    """The password of this account, gone from the session with it; "" when none was left."""
    left = request.session.get(_KEY)
    if not left or left[0] != account:
        return ""
    del request.session[_KEY]
    return vault.open_sealed(left[1], COLUMN)
