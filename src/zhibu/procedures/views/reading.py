"""What an address asks for, read so that nonsense asks for nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.http import Http404, HttpRequest

from zhibu.core.norms.procedures import Procedure, Step
from zhibu.procedures import queries
from zhibu.procedures.models import Case


def word(request: HttpRequest, name: str, permitted: Collection[str]) -> str:
    """One of the permitted words, else none."""
    text = request.GET.get(name, "")
    return text if text in permitted else ""


def day(request: HttpRequest, name: str, usual: date) -> date:
    """A day in the address, such as 2026-05-11."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return usual


def procedure(name: str) -> Procedure:
    """A procedure of the rulebook, or 404."""
    found = queries.procedure_of(name)
    if found is None:
        raise Http404(name)
    return found


def step(case: Case, name: str) -> Step:
    """A step of the case's procedure, or 404."""
    plan = queries.plan_of(case.procedure)
    if plan is None or name not in plan.steps:
        raise Http404(name)
    return plan.steps[name]
