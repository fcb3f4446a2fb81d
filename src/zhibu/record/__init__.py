"""Who did what, append-only: one entry for each act, chained for each organisation.

`from zhibu import record` and then `record.write(…)`, `record.write_many(…)`, `record.verify(…)`, `record.attach(…)`.
The names are looked up when first used: Django imports this package before its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhibu.record.attachments import attach, content_of_attachment
    from zhibu.record.growth import (
        BY_KEY,
        About,
        Places,
        Rooms,
        forget_sums,
        grown,
        kept,
        kept_each,
    )
    from zhibu.record.models import Attachment, Entry, ImportBatch, ImportState, Submission
    from zhibu.record.plain import places_in, rows
    from zhibu.record.verification import Fault, Verification, verify
    from zhibu.record.writing import INSTALLATION, Draft, write, write_many

__all__ = [
    "BY_KEY",
    "INSTALLATION",
    "About",
    "Attachment",
    "Draft",
    "Entry",
    "Fault",
    "ImportBatch",
    "ImportState",
    "Places",
    "Rooms",
    "Submission",
    "Verification",
    "attach",
    "content_of_attachment",
    "forget_sums",
    "grown",
    "kept",
    "kept_each",
    "places_in",
    "rows",
    "verify",
    "write",
    "write_many",
]

_HOMES = {
    "writing": ("INSTALLATION", "Draft", "write", "write_many"),
    "verification": ("Fault", "Verification", "verify"),
    "growth": (
        "BY_KEY",
        "About",
        "Places",
        "Rooms",
        "forget_sums",
        "grown",
        "kept",
        "kept_each",
    ),
    "plain": ("places_in", "rows"),
    "attachments": ("attach", "content_of_attachment"),
    "models": ("Attachment", "Entry", "ImportBatch", "ImportState", "Submission"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
