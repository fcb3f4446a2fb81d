"""One-time passwords on their way from the act to the page that shows them: one is shown once, a pile until it is cleared."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from zhibu.record import vault

COLUMN = "zb_sign_in.session_data"
_KEY = "zb_handover"
_SLIPS = "zb_slips"


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


def leave_slips(request: HttpRequest, made: Iterable[tuple[int, str]]) -> None:
    """Add the passwords of accounts made together to those still to be printed and handed out."""
    left = request.session.get(_SLIPS, [])
    request.session[_SLIPS] = left + [[account, vault.seal(password, COLUMN)] for account, password in made]


def slips(request: HttpRequest) -> dict[int, str]:
    """The passwords not yet cleared, by account; they go with the session at the latest."""
    return {account: vault.open_sealed(sealed, COLUMN) for account, sealed in request.session.get(_SLIPS, [])}


def slips_left(request: HttpRequest) -> int:
    """How many are not yet cleared."""
    return len(request.session.get(_SLIPS, []))


def clear_slips(request: HttpRequest) -> None:
    """Forget them: they were handed out."""
    request.session.pop(_SLIPS, None)
