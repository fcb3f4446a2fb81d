"""One-time codes for people without an account: short enough to type, long enough not to be guessed."""

from __future__ import annotations

import secrets

from zhibu.record import vault

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which people mix up."""

LENGTH = 12


def fresh() -> str:
    """A new code of 60 random bits."""
    return "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))


def shown(code: str) -> str:
    """The code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def digest(code: str) -> str:
    """The keyed digest a code is found by."""
    plain = "".join(each for each in code.upper() if each in ALPHABET)
    return vault.blind(plain, "zb_ballot_voter.slip")
