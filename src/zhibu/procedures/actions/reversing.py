"""Reversing a step that was entered in error."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import BRANCH_SIDE
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.procedures import policies
from zhibu.procedures.actions import undoing, windows
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.models import Case, CaseEventKind, StepTaken
from zhibu.procedures.queries.engine import plan_of
from zhibu.record.past import instant
from zhibu.record.writing import write


@transaction.atomic
def reverse_step(actor: Actor, *, taken: StepTaken, reason: str, now: datetime) -> StepTaken:
    """Reverse a step entered in error: it stays in the history, crossed out with its reason, and holds no longer.

    Steps that rest on it are reversed first, the newest first; so is what it changed in the register.
    """
    case, today = locked(taken.case), local_day(now)
    row = StepTaken.objects.select_for_update(of=("self",)).get(pk=taken.pk)
    verb = "procedures.reverse_step"
    refuse_if(
        policies.must_hold(actor, verb, case.organisation),
        policies.must_hold(actor, "procedures.reply", case.organisation)
        if row.role not in BRANCH_SIDE
        else None,
        policies.reason_given(reason),
        Refusal("procedures.reversed", _("这一步已经撤销")) if row.reversed else None,
        _ended_by_hand(case),
        rests_on(row),
        undoing.cannot_be_undone(row),
    )
    undoing.undo(actor, case, row, reason=reason.strip(), today=today, now=now)
    windows.take_back(actor, case, row.notice_id, reason=reason, now=now)
    row.reversed, row.reversed_on, row.reversed_by = 1, today, actor.name
    row.reversed_because, row.known_at = reason.strip()[:300], instant(now)
    row.save()
    write(
        actor, verb, case, organisation=case.organisation, now=now, step=row.step, on=row.taken_on.isoformat(),
        taken=row.pk, reason=row.reversed_because, effects=[each["does"] for each in row.effects],
    )  # fmt: skip
    refresh(Case.objects.select_related("organisation", "organisation__parent").get(pk=case.pk), today, now)
    return row


def rests_on(row: StepTaken) -> Refusal | None:
    """A later step that came after this one: it must go first."""
    plan = plan_of(row.case.procedure)
    later = StepTaken.objects.filter(case=row.case_id, reversed=0, pk__gt=row.pk).order_by("-pk")
    if plan is None or row.step not in plan.steps:
        first = later.first()
    else:
        name = plan.steps[row.step].id
        after = plan.followers[name] | ({name} if plan.steps[name].repeats else set())
        first = next((each for each in later if each.step in after), None)
    if first is None:
        return None
    title = plan.steps[first.step].title if plan and first.step in plan.steps else first.step
    return Refusal(
        "procedures.rests_on_it", _("后面的“{step}”（{day}）是在这一步之后办的"),
        {"step": title, "day": first.taken_on.isoformat()}, remedy=_("请先撤销“{step}”，从最后一步撤起"),
    )  # fmt: skip


def _ended_by_hand(case: Case) -> Refusal | None:
    if not case.events.filter(kind=CaseEventKind.ENDED).exists():
        return None
    return Refusal("procedures.ended_by_hand", _("此事已经终止，不能再撤销步骤"))
