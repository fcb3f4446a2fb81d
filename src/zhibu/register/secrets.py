"""Keeping the ID number and the telephone number: sealed to be read again, blind to be found again.

A blind index is the keyed digest of the number in its one form, so that equality can be asked of the database without
the number being in it. A telephone number also has a token for each run of four digits, so that part of it is enough.
"""

from __future__ import annotations

from zhibu.record import vault
from zhibu.register.identity import mask_id, mask_phone, runs_of

ID = "zb_person.id"
PHONE = "zb_person.phone"
PHONE_RUN = "zb_phone_token.token"
TOKEN_LENGTH = 24
RUN = 4
"""Digits of a telephone number that must be typed before it is searched by them."""


def seal_id(number: str) -> tuple[str, str | None]:
    """(sealed, blind index) of a checked ID number; an absent number has no index, so that many may be absent."""
    return (vault.seal(number, ID), vault.blind(number, ID)) if number else ("", None)


def seal_phone(digits: str) -> tuple[str, str]:
    """(sealed, blind index) of a telephone number in digits."""
    return (vault.seal(digits, PHONE), vault.blind(digits, PHONE)) if digits else ("", "")


def id_index(number: str) -> str:
    return vault.blind(number, ID)


def phone_index(digits: str) -> str:
    return vault.blind(digits, PHONE) if digits else ""


def open_id(sealed: str) -> str:
    """The ID number behind what is stored; empty when there is none. Acts record who asked and why."""
    return vault.open_sealed(sealed, ID) if sealed else ""


def open_phone(sealed: str) -> str:
    """The telephone number behind what is stored; empty when there is none."""
    return vault.open_sealed(sealed, PHONE) if sealed else ""


def masked_id(sealed: str) -> str:
    """`1301**********3831`, or empty."""
    return mask_id(open_id(sealed))


def masked_phone(sealed: str) -> str:
    """`178****7725`, or empty."""
    return mask_phone(open_phone(sealed))


def phone_tokens(digits: str) -> list[str]:
    """The blind tokens of every run of four digits."""
    return [vault.blind(run, PHONE_RUN)[:TOKEN_LENGTH] for run in runs_of(digits, RUN)]
