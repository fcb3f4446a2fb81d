"""Receipts: by a code that only the sender has, the answer is found again."""

from __future__ import annotations

from zhibu.notices.models import Objection, ObjectionState
from zhibu.record import vault

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 12, 4


def receipt_code(nonce: str, table: str = "zb_objection") -> str:
    """The code of a form: the same form sent twice gives the same code, and the code does not give the form."""
    number = int(vault.blind(nonce, f"{table}.code"), 16)
    letters = []
    for _each in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def code_shown(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def receipt_digest(code: str, table: str = "zb_objection") -> str:
    """How a code is kept and found: a keyed digest of its letters."""
    letters = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return vault.blind(letters, f"{table}.receipt")


def answer_for(code: str) -> Objection | None:
    """The objection a code belongs to."""
    rows = Objection.objects.select_related("notice", "notice__organisation")
    return rows.filter(receipt=receipt_digest(code)).first() if code.strip() else None


def answer_of(objection: Objection) -> str:
    """What the sender is told; empty before there is an answer."""
    if objection.state != ObjectionState.ANSWERED:
        return ""
    return vault.open_sealed(objection.answer_sealed, "zb_objection.answer")
