"""Talks, examinations and documents: that they took place, no more than a standard needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies, queries
from zhibu.life.actions import checks
from zhibu.life.models import DocumentKind, Examination, FiledDocument, Session, Talk, TalkKind
from zhibu.life.models.mobile import Contact
from zhibu.life.planned import PlanState
from zhibu.record.attachments import attach as keep_file
from zhibu.record.models import Attachment
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Membership, Organisation

#: What else a talk, an examination or a contact is, in words: the step of a running case; set by `procedures` above.
when_recorded: Callable[[Actor, Talk | Examination | Contact, datetime], str] | None = None


@transaction.atomic
def record_talk(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    person: int,
    talker: int | None,
    held_on: date,
    now: datetime,
    promised: str = "",
) -> Talk:
    """Record that two people talked and what was promised. What was said is not kept."""
    today = checks.local_day(now)
    refuse_if(
        policies.may_act(actor, "life.record_talk", organisation),
        checks.is_a_branch(organisation),
        checks.day_is_lawful(organisation, held_on, today),
        _belongs(organisation, person, held_on),
        _not_alone(person, talker),
        _once(
            Talk.objects.filter(
                organisation=organisation, person=person, talker=talker, kind=kind, held_on=held_on
            )
        ),
    )
    talk = Talk.objects.create(
        organisation=organisation, person_id=person, talker_id=talker, kind=kind, held_on=held_on,
        entered_on=today, promised=promised.strip()[:200], known_at=instant(now),
    )  # fmt: skip
    # whom the talk was with stays in the row: the record is read by more people than the talk is meant for
    write(
        actor, "life.record_talk", talk, organisation=organisation, now=now,
        kind=TalkKind(kind).value, held_on=held_on.isoformat(),
    )  # fmt: skip
    talk.served = when_recorded(actor, talk, now) if when_recorded else ""
    return talk


@transaction.atomic
def record_examination(
    actor: Actor, *, organisation: Organisation, person: int, held_on: date, opinion: str, now: datetime
) -> Examination:
    """Record the branch's half-yearly examination of an activist with its written opinion."""
    today = checks.local_day(now)
    on_list = {each.person for each in queries.activists(organisation, held_on)}
    refuse_if(
        policies.may_act(actor, "life.record_examination", organisation),
        checks.is_a_branch(organisation),
        checks.day_is_lawful(organisation, held_on, today),
        None if person in on_list else Refusal(
            code="life.not_an_activist",
            message=_("{day} 时此人不是本支部的入党积极分子或发展对象"),
            params={"day": held_on.isoformat()},
            remedy=_("请先在名册中登记，或核对日期"),
        ),
        None if opinion.strip() else Refusal(code="life.opinion_needed", message=_("考察要写明意见")),
        _once(Examination.objects.filter(organisation=organisation, person=person, held_on=held_on)),
    )  # fmt: skip
    examination = Examination.objects.create(
        organisation=organisation, person_id=person, held_on=held_on, entered_on=today,
        opinion=opinion.strip()[:300], known_at=instant(now),
    )  # fmt: skip
    write(
        actor,
        "life.record_examination",
        examination,
        organisation=organisation,
        now=now,
        held_on=held_on.isoformat(),
    )
    examination.served = when_recorded(actor, examination, now) if when_recorded else ""
    return examination


@transaction.atomic
def file_document(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    covers_on: date,
    now: datetime,
    note: str = "",
    file: tuple[str, bytes] | None = None,
) -> FiledDocument:
    """File a plan, summary or analysis for a period, with its file (name, bytes). It is filed today, whatever the period."""
    refuse_if(
        policies.may_act(actor, "life.file_document", organisation),
        checks.is_a_branch(organisation),
        _planned_already(organisation, kind, covers_on),
    )
    document = FiledDocument.objects.create(
        organisation=organisation, kind=DocumentKind(kind), title=title.strip()[:120], covers_on=covers_on,
        filed_on=checks.local_day(now), note=note.strip()[:300], known_at=instant(now),
    )  # fmt: skip
    write(
        actor, "life.file_document", document, organisation=organisation, now=now,
        kind=kind, title=document.title, covers_on=covers_on.isoformat(),
    )  # fmt: skip
    if file is not None:
        name, content = file
        document.attachment = keep_file(
            actor, subject=document, organisation=organisation, read_verb="life.view", name=name, content=content,
            now=now,
        )  # fmt: skip
        document.save(update_fields=["attachment"])
    return document


@transaction.atomic
def attach(actor: Actor, *, session: Session, name: str, content: bytes, now: datetime) -> Attachment:
    """Add a file to a meeting, also after its minutes were closed: what is added shows its own day and name."""
    refuse_if(policies.may_act_on(actor, "life.record", session))
    return keep_file(
        actor, subject=session, organisation=session.organisation, read_verb="life.view", name=name, content=content,
        now=now,
    )  # fmt: skip


def _belongs(organisation: Organisation, person: int, day: date) -> Refusal | None:
    if Membership.objects.filter(queries.in_force(day), organisation=organisation, person=person).exists():
        return None
    return Refusal(
        code="life.not_of_the_branch",
        message=_("{day} 时此人不在本支部名册中"),
        params={"day": day.isoformat()},
        remedy=_("请核对姓名和日期"),
    )


def _planned_already(organisation: Organisation, kind: str, covers_on: date) -> Refusal | None:
    """The plan adopted here is the document; a second paper of the same would be two truths."""
    if kind != DocumentKind.YEAR_PLAN:
        return None
    plan = queries.plan_of(organisation, covers_on.year)
    if plan is None or plan.state != PlanState.ADOPTED:
        return None
    return Refusal(
        code="life.plan_adopted",
        message=_("{year} 年的计划已在“计划”中通过，不必另交文件"),
        params={"year": covers_on.year},
        remedy=_("请打开“计划”调整或导出 Word"),
    )


def _not_alone(person: int, talker: int | None) -> Refusal | None:
    if person != talker:
        return None
    return Refusal(code="life.talk_with_self", message=_("谈话人和谈话对象不能是同一人"))


def _once(rows: object) -> Refusal | None:
    if not rows.exists():  # type: ignore[attr-defined]
        return None
    return Refusal(
        code="life.recorded_already", message=_("同一天的同一件事已经记录"), remedy=_("请在列表中核对")
    )
