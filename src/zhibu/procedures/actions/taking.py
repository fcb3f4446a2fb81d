"""Taking a step: the engine judges, the register changes, the case goes on, and the record says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import BRANCH_SIDE, Role, Step
from zhibu.core.procedure import Attempt, Named, Taken, try_on
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.life.models import Session
from zhibu.procedures import policies, sealing
from zhibu.procedures.actions.effects import carry_out
from zhibu.procedures.actions.evidence import put_on_record
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.actions.windows import of_notice, on_paper, result_day
from zhibu.procedures.models import Case, StepTaken
from zhibu.procedures.queries.engine import plan_of, standing_of
from zhibu.procedures.queries.grading import counted_of, shown_of
from zhibu.procedures.queries.values import people_on
from zhibu.procedures.told import Told
from zhibu.record.past import instant
from zhibu.record.writing import write


@transaction.atomic
def take_step(
    actor: Actor, *, case: Case, step: str, told: Told, now: datetime, version: int | None = None
) -> StepTaken:
    """Enter a step that the branch takes. The step is judged by the rules of its own day."""
    case = locked(case, version)
    return _take(actor, "procedures.take_step", case, step, told, now)


@transaction.atomic
def reply(
    actor: Actor, *, case: Case, step: str, told: Told, now: datetime, version: int | None = None
) -> StepTaken:
    """Answer from above: consent, approve, file, review, return, or take another step that is the superior's."""
    case = locked(case, version)
    return _take(actor, "procedures.reply", case, step, told, now)


@transaction.atomic
def bulk_reply(
    actor: Actor, *, cases: Iterable[Case], step: str, told: Told, now: datetime
) -> list[StepTaken]:
    """Give several cases of one procedure the same answer: all of them or none.

    Where the rule says that each is decided by itself, or the step asks for more than an answer, it is refused.
    """
    rows = [locked(each) for each in sorted(cases, key=lambda case: case.pk)]
    if not rows:
        raise Refused(Refusal("procedures.none_chosen", _("没有选择事项"), remedy=_("请勾选要答复的事项")))
    plan = plan_of(rows[0].procedure)
    asked = plan.steps.get(step) if plan else None
    refuse_if(
        None if len({each.procedure for each in rows}) == 1 else Refusal(
            "procedures.not_alike", _("只能一起答复同一程序的同一步骤")
        ),
        policies.answered_apart(asked) if asked else Refusal("procedures.unknown_step", _("这个程序没有这一步")),
    )  # fmt: skip
    taken = []
    for each in rows:
        try:
            taken.append(_take(actor, "procedures.bulk_reply", each, step, told, now))
        except Refused as refused:
            first = refused.refusals[0]
            named = Refusal("procedures.one_refused", _("“{title}”不能这样答复"), {"title": each.title},
                            remedy=_("取消勾选这一件，单独办理"))  # fmt: skip
            raise Refused((named, first)) from None
    return taken


def _take(actor: Actor, act: str, case: Case, name: str, told: Told, now: datetime) -> StepTaken:
    today = local_day(now)
    plan = plan_of(case.procedure)
    if plan is None:
        raise Refused(
            Refusal("procedures.switched_off", _("规则库中已没有这个程序"), remedy=_("由上级终止此事"))
        )
    step = plan.steps.get(name)
    if step is None:
        raise Refused(Refusal("procedures.unknown_step", _("这个程序没有这一步")))
    role = told.role if told.role in set(Role) else str(step.by[0])
    refuse_if(_right_verb(act, role), policies.may_take(actor, case, role), policies.must_run(case))
    told = _with_meeting(case, told)
    told, notice = of_notice(case, step, told, today)
    taken = _taken(step, told, role, today)
    standing = standing_of(plan, case, taken.on)
    attempt = try_on(standing, taken, today)
    if attempt.refusals:
        raise Refused(attempt.refusals)
    evidence = put_on_record(actor, case, step, attempt.taken, now)
    notice = notice or on_paper(actor, case, step, attempt.taken, now)
    row = _row(actor, case, step, attempt, told, today, now, notice=notice, evidence=evidence)
    row.effects = carry_out(actor, case, standing, attempt, earliest=result_day(notice), today=today, now=now)
    row.save()
    _write(actor, act, case, row, step, now)
    refresh(Case.objects.select_related("organisation", "organisation__parent").get(pk=case.pk), today, now)
    return row


def _right_verb(act: str, role: str) -> Refusal | None:
    above = act != "procedures.take_step"
    if above != (role in BRANCH_SIDE):
        return None
    if above:
        return Refusal("procedures.for_the_branch", _("这一步由党支部登记"), remedy=_("请由党支部办理"))
    return Refusal("procedures.for_the_superior", _("这一步由上级党组织办理"), remedy=_("请等待上级答复"))


def _with_meeting(case: Case, told: Told) -> Told:
    """The day and the attendance of a meeting already recorded, instead of typing them again."""
    if told.session is None:
        return told
    found = Session.objects.filter(
        pk=told.session, organisation=case.organisation, held_on__isnull=False
    ).first()
    if found is None:
        raise Refused(Refusal("procedures.no_meeting", _("没有找到这次会议"), remedy=_("请先记录会议")))
    vote = told.vote
    if vote is not None:
        vote = {"expected": found.expected_voters, "present": found.voters_present, **vote}
    return Told(
        found.held_on, told.until, told.outcome, told.role, told.reply, told.values, told.people, told.sanctions, vote,
        told.note, found.pk,
    )  # fmt: skip


def _taken(step: Step, told: Told, role: str, today: date) -> Taken:
    on = told.on or today
    vote = shown_of(step, told.vote, on)
    values = {**told.values, **counted_of(step, vote)}
    people = tuple(
        Named(
            each["name"], each["person"], each["stage"],
            *told.sanctions.get(each["person"], ("", None)),
        )
        for each in people_on(list(told.people), on)
    )  # fmt: skip
    return Taken(
        step.id, on, told.until, told.outcome, Role(role), told.reply,
        {key: value for key, value in values.items() if value is not None and value != ""}, people, vote,
    )  # fmt: skip


def _row(
    actor: Actor,
    case: Case,
    step: Step,
    attempt: Attempt,
    told: Told,
    today: date,
    now: datetime,
    *,
    notice: int | None,
    evidence: tuple[str, int | None],
) -> StepTaken:
    taken = attempt.taken
    plain, sealed = sealing.parted(taken.values, step.fields, sealing.STEP)
    outcome, terms = step.outcome(taken.outcome), step.row_on(taken.on)
    last = taken.until or taken.on
    return StepTaken.objects.create(
        case=case, organisation=case.organisation, procedure=case.procedure, step=step.id, taken_on=taken.on,
        until_on=taken.until, outcome=taken.outcome, passes=int(outcome is None or outcome.passes), role=taken.by,
        reply=taken.reply, values=plain, sealed=sealed, people=[_kept(each) for each in taken.people],
        vote=dict(taken.vote) if taken.vote is not None else None, note=told.note.strip()[:500],
        cautions=[each.code for each in attempt.cautions],
        caution_words=[[each.told("zh"), each.told("en")] for each in attempt.cautions], cautioned=int(bool(attempt.cautions)),
        digest=rulebook.load().digest, row_since=terms.since if terms else None, entered_on=today,
        entry_delay=max(0, (today - last).days), entered_by=actor.name, session_id=told.session, notice_id=notice,
        evidence_table=evidence[0], evidence_id=evidence[1], known_at=instant(now),
    )  # fmt: skip


def _kept(person: Named) -> dict[str, Any]:
    found: dict[str, Any] = {"person": person.person, "name": person.name, "stage": person.stage}
    if person.sanction:
        since = person.sanction_on.isoformat() if person.sanction_on else None
        found |= {"sanction": person.sanction, "sanction_on": since}
    return found


def _write(actor: Actor, act: str, case: Case, row: StepTaken, step: Step, now: datetime) -> None:
    """The entry names the step and what came of it; what was entered stays with the case."""
    values: dict[str, Any] = {
        "step": row.step, "on": row.taken_on.isoformat(), "outcome": row.outcome, "role": row.role, "digest": row.digest,
        "row_since": row.row_since.isoformat() if row.row_since else None, "cautions": row.cautions,
        "effects": [each["does"] for each in row.effects], "procedure": case.procedure, "taken": row.pk,
    }  # fmt: skip
    if row.reply:
        values["reply"] = row.reply
    if row.vote:
        # how one person was appraised stays with the case: the record is read by more people
        values["vote"] = {name: each for name, each in row.vote.items() if name not in ("grades", "given")}
    if row.entry_delay:
        values["entry_delay"] = row.entry_delay
    write(actor, act, case, organisation=case.organisation, now=now, **values)
