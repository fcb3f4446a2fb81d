"""What people tell of a step: values, as forms and acts share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhibu.core.procedure import Value


@dataclass(frozen=True, slots=True)
class Told:
    """What is entered of a step. `role` may be left out where the step has only one; `people` are person ids."""

    on: date | None = None
    until: date | None = None
    outcome: str = ""
    role: str = ""
    reply: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    people: Sequence[int] = ()
    sanctions: Mapping[int, tuple[str, date | None]] = field(default_factory=dict)
    vote: Mapping[str, Any] | None = None
    note: str = ""
    session: int | None = None
