"""The columns of a case that lists are made of, worked out by the engine after every act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from zhibu import rulebook
from zhibu.core.procedure import Plan, Projection, StepView
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.engine import on_branch_side, plan_of, projection_of, standing_rows, waits_for
from zhibu.record.past import instant
from zhibu.ui.doors import Stale


def locked(case: Case, version: int | None = None) -> Case:
    """The case with its row locked; somebody else's change since `version` is a conflict, not overwritten."""
    found = (
        Case.objects.select_for_update(of=("self",))
        .select_related("organisation", "organisation__parent", "person")
        .get(pk=case.pk)
    )
    if version is not None and version != found.version:
        raise Stale([], who="")
    return found


def local_day(now: datetime) -> date:
    """The local day of an instant."""
    return timezone.localtime(now).date()


def refresh(case: Case, today: date, now: datetime | None = None, **known: Any) -> Projection | None:
    """Work out where the case stands and keep it; None when its procedure is no longer in the rulebook."""
    projection = derive(case, today, **known)
    if now is not None:
        case.known_at = instant(now)
    case.version += 1
    case.save()
    return projection


def derive(case: Case, today: date, **known: Any) -> Projection | None:
    """The columns set on the row, not saved."""
    case.judged_by, case.judged_on = rulebook.load().digest, today
    plan = plan_of(case.procedure)
    if plan is None:
        return None
    projection = projection_of(plan, case, today, **known)
    keep(case, plan, projection)
    case.steps_done = len({row.step for row in standing_rows(case) if row.passes})
    return projection


def keep(case: Case, plan: Plan, projection: Projection) -> None:
    """What lists are made of, set on the row."""
    case.ended, case.ended_on = projection.ended, projection.ended_on
    case.suspended_on = projection.suspended_on
    case.state = CaseState.RUNNING
    if projection.ended:
        case.state = CaseState.ENDED
    elif projection.suspended_on:
        case.state = CaseState.SUSPENDED
    waits = waits_for(plan, projection)
    running = case.state == CaseState.RUNNING
    following = waits.following if running else None
    above = waits.above if running else None
    again = waits.again if running else None
    case.next_step, case.next_from, case.next_due = _columns(following, case.opened_on)
    case.next_role = (
        str(plan.steps[following.step].by[0]) if following and plan.steps[following.step].by else ""
    )
    own = following is not None and on_branch_side(plan.steps[following.step])
    # a branch is late only with what it does itself, and only from the day after the last lawful one
    case.overdue_from = case.next_due + timedelta(days=1) if own and case.next_due else None
    case.above_step, case.above_from, case.above_due = _columns(above, case.opened_on)
    case.repeat_step, case.repeat_due = (again.step, again.latest) if again else ("", None)


def _columns(view: StepView | None, opened: date) -> tuple[str, date | None, date | None]:
    """The step, from which day and until which; nothing is possible before the case was opened."""
    if view is None:
        return "", None, None
    first = view.lawful_from if _known(view.lawful_from) else view.earliest
    return view.step, max(first, opened) if first else None, view.latest


def _known(day: date | None) -> bool:
    return day is not None and day > date.min
