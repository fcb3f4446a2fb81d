"""What stands in a public form instead of a session: a signed slip, good for one form of one thing for half a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.core import signing

SALT = "zhibu.board"
LASTS = timedelta(hours=12)


def slip(address: str) -> str:
    """A slip for a form about what has this address."""
    return signing.dumps([address, uuid4().hex], salt=SALT)


def nonce_of(address: str, token: str) -> str | None:
    """What makes this form one of its kind, when the slip was ours, of this address and not too old."""
    try:
        of, nonce = signing.loads(token[:300], salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(nonce) if of == address else None
