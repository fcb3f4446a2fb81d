"""What happens to a case apart from its steps: it rests, goes on, moves, gets more time, or is ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import COMPLETED
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.procedures import policies
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.models import Case, CaseEvent, CaseEventKind, CaseState
from zhibu.procedures.queries.engine import plan_of
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def suspend(actor: Actor, *, case: Case, on: date, reason: str, now: datetime) -> Case:
    """Let a case rest from a day on, with the reason; no step is taken while it rests."""
    case = locked(case)
    refuse_if(
        *_asked(actor, "procedures.suspend", case, on, reason, now),
        Refusal("procedures.suspended", _("此事已经中止")) if case.state == CaseState.SUSPENDED else None,
    )
    return _happen(actor, "procedures.suspend", case, CaseEventKind.SUSPENDED, on, reason, now)


@transaction.atomic
def resume(actor: Actor, *, case: Case, on: date, reason: str, now: datetime) -> Case:
    """Let a suspended case go on from a day on."""
    case = locked(case)
    refuse_if(
        *_asked(actor, "procedures.resume", case, on, reason, now),
        None if case.state == CaseState.SUSPENDED else Refusal("procedures.not_suspended", _("此事没有中止")),
        _not_before(on, case.suspended_on),
    )
    return _happen(actor, "procedures.resume", case, CaseEventKind.RESUMED, on, reason, now)


@transaction.atomic
def extend(actor: Actor, *, case: Case, step: str, on: date, reason: str, now: datetime) -> Case:
    """Give a step the longer time its rule allows, once, with the reason."""
    case = locked(case)
    plan = plan_of(case.procedure)
    found = plan.steps.get(step) if plan else None
    longer = found is not None and any(each.extended for each in found.due)
    refuse_if(
        *_asked(actor, "procedures.extend", case, on, reason, now),
        None if longer else Refusal("procedures.no_extension", _("规定没有给这一步延长的期限")),
        Refusal("procedures.extended", _("这一步已经延长过"))
        if case.events.filter(kind=CaseEventKind.EXTENDED, detail=step).exists() else None,
    )  # fmt: skip
    return _happen(actor, "procedures.extend", case, CaseEventKind.EXTENDED, on, reason, now, detail=step)


@transaction.atomic
def transfer_case(
    actor: Actor, *, case: Case, organisation: Organisation, on: date, reason: str, now: datetime
) -> Case:
    """Hand a running case over to another branch: everything done so far counts on."""
    case = locked(case)
    refuse_if(
        *_asked(actor, "procedures.transfer_case", case, on, reason, now),
        policies.must_hold(actor, "procedures.transfer_case", organisation),
        Refusal("procedures.same_branch", _("此事已经在这个党支部"))
        if organisation.pk == case.organisation_id else None,
        None if organisation.closed_on is None else Refusal("procedures.closed_branch", _("这个党组织已经撤销")),
    )  # fmt: skip
    return move(actor, case, organisation, on, reason, now)


@transaction.atomic
def end_case(actor: Actor, *, case: Case, ending: str, on: date, reason: str, now: datetime) -> Case:
    """End a case before its last step: withdrawn, not recognised, or another ending of its procedure."""
    case = locked(case)
    plan = plan_of(case.procedure)
    known = plan.procedure.endings.get(ending) if plan else None
    by_hand = plan is None or (known is not None and not known.success)
    refuse_if(
        *_asked(actor, "procedures.end_case", case, on, reason, now),
        None if by_hand and ending != COMPLETED else Refusal(
            "procedures.ending_by_steps", _("这样的了结只能由步骤得出"), remedy=_("请选择终止的情形")
        ),
    )  # fmt: skip
    return _happen(actor, "procedures.end_case", case, CaseEventKind.ENDED, on, reason, now, detail=ending)


def move(actor: Actor, case: Case, organisation: Organisation, on: date, reason: str, now: datetime) -> Case:
    """The case belongs to another branch from now on."""
    whence = case.organisation
    case.organisation = organisation
    return _happen(
        actor, "procedures.transfer_case", case, CaseEventKind.TRANSFERRED, on, reason, now, whence=whence
    )  # fmt: skip


def end_because(actor: Actor, case: Case, ending: str, on: date, reason: str, now: datetime) -> Case:
    """The case ends by what happened outside it; whoever did that may do so, and no mandate over cases is asked."""
    return _happen(actor, "procedures.end_case", case, CaseEventKind.ENDED, on, reason, now, detail=ending)


def _asked(
    actor: Actor, verb: str, case: Case, on: date, reason: str, now: datetime
) -> tuple[Refusal | None, ...]:
    today = local_day(now)
    future = Refusal("procedures.day_in_future", _("日期不能在今天之后"), remedy=_("请核对日期"))
    return (
        policies.must_hold(actor, verb, case.organisation),
        policies.must_run(case),
        policies.reason_given(reason),
        future if on > today else None,
        _not_before(on, case.opened_on),
    )


def _not_before(on: date, earliest: date | None) -> Refusal | None:
    if earliest is None or on >= earliest:
        return None
    return Refusal(
        "procedures.day_too_early",
        _("日期不能早于 {day}"),
        {"day": earliest.isoformat()},
        remedy=_("请核对日期"),
    )


def _happen(
    actor: Actor,
    act: str,
    case: Case,
    kind: CaseEventKind,
    on: date,
    reason: str,
    now: datetime,
    *,
    detail: str = "",
    whence: Organisation | None = None,
) -> Case:
    today = local_day(now)
    CaseEvent.objects.create(
        case=case, kind=kind, happened_on=on, detail=detail, reason=reason.strip()[:300], whence=whence,
        entered_on=today, entered_by=actor.name,
    )  # fmt: skip
    refresh(case, today, now)
    if plan_of(case.procedure) is None and kind == CaseEventKind.ENDED:
        # the engine no longer knows the procedure: what was decided is written by hand
        Case.objects.filter(pk=case.pk).update(
            state=CaseState.ENDED,
            ended=detail,
            ended_on=on,
            next_step="",
            overdue_from=None,
            above_step="",
            repeat_step="",
            known_at=instant(now),
        )
    write(
        actor, act, case, organisation=case.organisation, also=[whence] if whence else (), now=now,
        on=on.isoformat(), reason=reason.strip()[:300],
        detail=detail, procedure=case.procedure, **({"was": whence.pk} if whence else {}),
    )  # fmt: skip
    return case
