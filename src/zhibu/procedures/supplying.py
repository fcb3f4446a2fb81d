"""What a room above knows and a step asks for: filled in for whoever enters the step, who looks it over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhibu.core.norms.procedures import Step, Supply
from zhibu.procedures.models import Case

PREFIX = "v_"
#: What is known of a case's branch in the year the case is about; set by the room `assessment`.
supply: Callable[[Case, Supply], int | None] | None = None


def known_to(case: Case, step: Step) -> dict[str, Any]:
    """By the names of the form, what is known of the fields that a step asks for."""
    asked = [each for each in step.fields if each.supplied]
    if supply is None or not asked:
        return {}
    found = {f"{PREFIX}{each.id}": supply(case, each.supplied) for each in asked if each.supplied}
    return {name: value for name, value in found.items() if value is not None}
