"""The code in the room: a number of the half-minute under the window's secret; and the ticket it is changed for.

The square on the screen changes every half-minute and is read for a minute at most, so that a photograph sent to
someone at home is soon worth nothing. Who reads it gets a ticket for one's own account, good for three minutes: time
to look at the page and press the button. Neither says who is where; the chair's list decides.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.core import signing
from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal
from zhibu.life.models import SignInWindow

STEP: Final = 30
TICKET_SECONDS: Final = 180
_SIGNER: Final = "life.sign-in"


def code_at(window: SignInWindow, now: datetime) -> str:
    """The code shown in the room now."""
    return _code(window, int(now.timestamp()) // STEP)


def code_good(window: SignInWindow | None, code: str, now: datetime) -> Refusal | None:
    """The code must be that of this half-minute or the one before."""
    step = int(now.timestamp()) // STEP
    known = [_code(window, each) for each in (step, step - 1)] if window else []
    if any(hmac.compare_digest(code.encode(), each.encode()) for each in known):
        return None
    return _stale()


def ticket_for(session: int, user: int, now: datetime) -> str:
    """What a good code is changed for: a ticket of one account for one meeting."""
    return signing.dumps([session, user, int(now.timestamp())], salt=_SIGNER)


def ticket_good(ticket: str, session: int, user: int, now: datetime) -> Refusal | None:
    """The ticket must be this account's, for this meeting, and of the last minutes."""
    try:
        of, whose, at = signing.loads(ticket, salt=_SIGNER)
    except (signing.BadSignature, ValueError, TypeError):
        return _stale()
    if (of, whose) == (session, user) and 0 <= int(now.timestamp()) - at <= TICKET_SECONDS:
        return None
    return _stale()


def _code(window: SignInWindow, step: int) -> str:
    told = hmac.new(bytes.fromhex(window.secret), f"{window.session_id}.{step}".encode(), sha256)
    return told.hexdigest()[:24]


def _stale() -> Refusal:
    return Refusal(
        code="life.code_stale",
        message=_("签到码已经更换"),
        remedy=_("请重新扫描会场屏幕上的二维码"),
    )
