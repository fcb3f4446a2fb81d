"""One-time passwords on their way from the act to the page that shows them: one is shown once, a pile until it is cleared."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from zhibu.accounts.models import User
from zhibu.record import vault

COLUMN = "zb_sign_in.session_data"
_KEY = "zb_handover"
_SLIPS = "zb_slips"
MARK = 12


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


def leave_slips(request: HttpRequest, made: Iterable[tuple[User, str]]) -> None:
    """Add the passwords of accounts made together to those still to be printed and handed out."""
    more = [[account.pk, vault.seal(password, COLUMN), _mark(account)] for account, password in made]
    request.session[_SLIPS] = request.session.get(_SLIPS, []) + more


def slips(request: HttpRequest, accounts: Iterable[User]) -> list[tuple[User, str]]:
    """These accounts with their passwords not yet cleared, which go with the session at the latest.

    Left out: those whose password was changed or set anew since.
    """
    left = {(account, mark): sealed for account, sealed, mark in request.session.get(_SLIPS, [])}
    return [
        (each, vault.open_sealed(sealed, COLUMN))
        for each in accounts
        if (sealed := left.get((each.pk, _mark(each))))
    ]


def slips_of(request: HttpRequest) -> list[int]:
    """The accounts whose passwords are not yet cleared."""
    return [account for account, _sealed, _mark in request.session.get(_SLIPS, [])]


def slips_left(request: HttpRequest) -> int:
    """How many are not yet cleared."""
    return len(request.session.get(_SLIPS, []))


def _mark(account: User) -> str:
    """By what a password is known again, and not found."""
    return account.password[-MARK:]


def clear_slips(request: HttpRequest) -> None:
    """Forget them: they were handed out."""
    request.session.pop(_SLIPS, None)
