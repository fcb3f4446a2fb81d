"""The figures of a base, and why somebody is in hardship: sealed in the database, opened for few."""

from __future__ import annotations

import json

from zhibu.core.calendar import Month
from zhibu.core.levy import Payer, Spell
from zhibu.dues.models import Base
from zhibu.record import vault

BASE = "zb_dues_base.sealed"
REASON = "zb_dues_hardship.reason"
LINE = "zb_dues_statement_line.payer"


def seal_base(fen: int | None, basic_fen: int | None = None) -> str:
    """The figures of a base; empty when the rule asks for none."""
    if fen is None and basic_fen is None:
        return ""
    return vault.seal(json.dumps([fen, basic_fen]), BASE)


def open_base(sealed: str) -> tuple[int | None, int | None]:
    """(base, basic pension) in fen."""
    if not sealed:
        return None, None
    fen, basic = json.loads(vault.open_sealed(sealed, BASE))
    return fen, basic


def spell_of(row: Base) -> Spell:
    """A base as the rule takes it."""
    return spell(row.payer, Month.of(row.since_on), row.sealed)


def spell(payer: str, since: Month, sealed: str) -> Spell:
    """The same from columns."""
    return Spell(Payer(payer), since, *open_base(sealed))


def seal_reason(text: str) -> str:
    return vault.seal(text, REASON) if text else ""


def open_reason(sealed: str) -> str:
    return vault.open_sealed(sealed, REASON) if sealed else ""


def seal_line(text: str) -> str:
    return vault.seal(text, LINE) if text else ""


def open_line(sealed: str) -> str:
    return vault.open_sealed(sealed, LINE) if sealed else ""
