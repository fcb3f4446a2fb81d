"""The acts of the dues ledger."""

from .adjusting import adjust_charge
from .bases import (
    Declared,
    agree,
    approve_relief,
    confirm_bases,
    declare_base,
    import_bases,
    propose_relief,
    reveal_bases,
)
from .charging import charge_month
from .closing import close_month
from .orders import create_order, reconcile, resolve_order, settle_order
from .passing import Use, accept_remittance, record_income, remit, use_funds
from .payments import Part, collect, record_extra, record_payment, reverse
from .statements import import_statement, match_lines, set_line_aside

__all__ = [
    "Declared", "Part", "Use", "accept_remittance", "adjust_charge", "agree", "approve_relief", "charge_month",
    "close_month", "collect", "confirm_bases", "create_order", "declare_base", "import_bases", "import_statement",
    "match_lines", "propose_relief", "reconcile", "record_extra", "record_income", "record_payment", "remit",
    "resolve_order", "reveal_bases", "reverse", "set_line_aside", "settle_order", "use_funds",
]  # fmt: skip
