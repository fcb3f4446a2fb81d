"""Lines that the desks of the workbench share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhibu import record
from zhibu.life.models import Session, SessionState
from zhibu.register.models import Organisation

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the workbench, one step from done: when, what, its rule, and the step."""

    when: str
    tone: str
    what: str
    note: str
    rule: str
    rule_url: str
    step: str
    step_url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a decision of mine."""

    what: str
    note: str
    url: str


def coming(branch: Organisation, today: date) -> tuple[Session, ...]:
    """What a branch has planned for the next three weeks."""
    return record.kept(("coming", branch.pk, today), lambda: _planned(branch, today))


def _planned(branch: Organisation, today: date) -> tuple[Session, ...]:
    rows = Session.objects.filter(
        organisation=branch,
        state__in=(SessionState.PLANNED, SessionState.CONVENED),
        planned_on__gte=today,
        planned_on__lt=today + timedelta(days=21),
    ).order_by("planned_on", "starts_at")
    return tuple(rows[:5])
