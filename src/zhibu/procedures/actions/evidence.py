"""Record once: a talk, a contact or an examination that is a step is kept in the room of organisational life, and linked here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import FieldKind, Step, StepKind
from zhibu.core.procedure import Taken
from zhibu.life import actions as life
from zhibu.life.models import Examination, Talk, TalkKind
from zhibu.life.models.mobile import Contact, ContactWay
from zhibu.life.queries import in_force
from zhibu.procedures import policies
from zhibu.procedures.models import Case
from zhibu.register.models import Membership, MobileSpell, Stage

ON_THE_WAY = (Stage.ACTIVIST, Stage.PROSPECT)
_taking: ContextVar[bool] = ContextVar("a step writes its own talk or examination", default=False)


def of_a_step() -> bool:
    """Whether what is recorded just now is a step that is being taken already."""
    return _taking.get()


@contextmanager
def _by_a_step() -> Iterator[None]:
    token = _taking.set(True)
    try:
        yield
    finally:
        _taking.reset(token)


def put_on_record(
    actor: Actor, case: Case, step: Step, taken: Taken, now: datetime
) -> tuple[str, int | None]:
    """(table, key) of the row of organisational life that holds what the step is; made when it is not there yet."""
    if case.person_id is None or step.kind not in (StepKind.TALK, StepKind.REVIEW):
        return "", None
    spells = Membership.objects.filter(
        in_force(taken.on), person=case.person_id, organisation=case.organisation
    )
    stage = spells.values_list("stage", flat=True).first()
    if stage is None or not case.organisation.is_branch:
        return "", None
    if step.kind is StepKind.TALK:
        away = MobileSpell.objects.filter(
            in_force(taken.on), person=case.person_id, organisation=case.organisation
        ).first()
        if away is not None and any(field.id == "way" for field in step.fields):
            return _contact(actor, case, away, taken, now)
        return _talk(actor, case, taken, stage, step, now)
    if step.repeats is not None and stage in ON_THE_WAY:
        return _examination(actor, case, taken, now, step)
    return "", None


def _talk(
    actor: Actor, case: Case, taken: Taken, stage: str, step: Step, now: datetime
) -> tuple[str, int | None]:
    kind = TalkKind.ACTIVIST_TALK if stage in ON_THE_WAY else TalkKind.ADMISSION_TALK
    table = Talk._meta.db_table
    found = Talk.objects.filter(person=case.person_id, held_on=taken.on, kind=kind).first()
    if found is not None:
        return table, found.pk
    lent = policies.lent(actor, ("life.record_talk",), case.organisation)
    with _by_a_step():
        made = life.record_talk(
            lent, organisation=case.organisation, kind=kind, person=case.person_id or 0, talker=_talker(case, step, taken),
            held_on=taken.on, now=now,
        )  # fmt: skip
    return table, made.pk


def _contact(
    actor: Actor, case: Case, away: MobileSpell, taken: Taken, now: datetime
) -> tuple[str, int | None]:
    """A member away was reached: it stands in the log of contacts, from which the clock out of contact is read."""
    table = Contact._meta.db_table
    found = Contact.objects.filter(person=case.person_id, held_on=taken.on, reached=1).first()
    if found is not None:
        return table, found.pk
    way = str(taken.values.get("way") or ContactWay.PHONE)
    lent = policies.lent(actor, ("life.record_contact",), case.organisation)
    with _by_a_step():
        made = life.record_contact(lent, spell=away, way=way, reached=True, held_on=taken.on, now=now)
    return table, made.pk


def _talker(case: Case, step: Step, taken: Taken) -> int | None:
    named = [each.person for each in taken.people if each.person]
    named += [
        int(str(value))
        for field in step.fields
        if field.kind is FieldKind.PERSON and str(value := taken.values.get(field.id, "")).isdigit()
    ]
    return next((each for each in named if each != case.person_id), None)


def _examination(actor: Actor, case: Case, taken: Taken, now: datetime, step: Step) -> tuple[str, int | None]:
    table = Examination._meta.db_table
    found = Examination.objects.filter(person=case.person_id, held_on=taken.on).first()
    if found is not None:
        return table, found.pk
    outcome = step.outcome(taken.outcome)
    texts = [
        str(taken.values[field.id])
        for field in step.fields
        if field.kind is FieldKind.TEXT and not field.sensitive and taken.values.get(field.id)
    ]
    lent = policies.lent(actor, ("life.record_examination",), case.organisation)
    with _by_a_step():
        made = life.record_examination(
            lent, organisation=case.organisation, person=case.person_id or 0, held_on=taken.on, now=now,
            opinion="；".join(texts) or (outcome.title.zh if outcome else taken.outcome),
        )  # fmt: skip
    return table, made.pk
