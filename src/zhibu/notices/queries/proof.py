"""What stood on the board, from when to when, and the digest by which it can be proved."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from zhibu.record.canonical import canonical

FORM = "zhibu-notice-1"
"""First element of what is digested: another form of sheet cannot be taken for this one."""


def sheet_digest(organisation: str, kind: str, title: str, text: str, opens_on: date, closes_on: date) -> str:
    """SHA-256 of a sheet: canonical JSON of its form, the organisation's name, kind, title, text and window."""
    content = [FORM, organisation, kind, title, text, opens_on.isoformat(), closes_on.isoformat()]
    return sha256(canonical(content).encode()).hexdigest()
