"""Acts on study outside meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life.queries import in_force
from zhibu.record.past import instant, take_back
from zhibu.record.writing import write
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.study import limits, policies, queries
from zhibu.study.models import Material, StudyKind, StudyRecord

MOST_PEOPLE = 500


@transaction.atomic
def record_self_study(
    actor: Actor,
    *,
    organisation: Organisation,
    person: int,
    title: str,
    minutes: int,
    studied_on: date,
    now: datetime,
    material: Material | None = None,
) -> StudyRecord:
    """Report one's own study in one line. It is believed; nobody counts minutes on a page."""
    refuse_if(
        policies.may_for(actor, "study.record_self_study", organisation, person),
        *_sound(organisation, [person], title, minutes, studied_on, timezone.localtime(now).date()),
    )
    record = _keep(
        organisation, person, StudyKind.SELF_STUDY, title, minutes, studied_on, now, material=material
    )
    # what somebody read stays in the row: the record is read by more people
    write(
        actor, "study.record_self_study", record, organisation=organisation, now=now,
        studied_on=studied_on.isoformat(), minutes=minutes,
    )  # fmt: skip
    return record


@transaction.atomic
def record_training(
    actor: Actor,
    *,
    organisation: Organisation,
    people: Sequence[int],
    title: str,
    minutes: int,
    studied_on: date,
    now: datetime,
    kind: str = StudyKind.TRAINING,
) -> list[StudyRecord]:
    """Record that members took part in training elsewhere or over the network, all of them at once."""
    chosen = list(dict.fromkeys(people))
    refuse_if(
        policies.may_act(actor, "study.record_training", organisation),
        None if chosen else Refusal("study.nobody", _("没有选择参加的人")),
        *_sound(organisation, chosen, title, minutes, studied_on, timezone.localtime(now).date()),
    )
    made = [
        _keep(organisation, person, StudyKind(kind), title, minutes, studied_on, now) for person in chosen
    ]
    write(
        actor, "study.record_training", made[0], organisation=organisation, now=now, people=len(made),
        title=made[0].title, studied_on=studied_on.isoformat(), minutes=minutes,
    )  # fmt: skip
    return made


@transaction.atomic
def take_back_record(actor: Actor, *, record: StudyRecord, now: datetime) -> None:
    """Take back a line of study entered by mistake; what was imported is taken back with its import."""
    record = (
        StudyRecord.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=record.pk)
    )
    refuse_if(
        policies.may_for(actor, "study.take_back_record", record.organisation, record.person_id),
        None
        if record.batch_id is None
        else Refusal("study.imported", _("这条记录是导入的"), remedy=_("要改的，撤销那次导入后重新导入")),
    )
    write(
        actor, "study.take_back_record", record, organisation=record.organisation, now=now, kind=record.kind,
        studied_on=record.studied_on.isoformat(), minutes=record.minutes,
    )  # fmt: skip
    take_back(StudyRecord.objects.filter(pk=record.pk), instant(now))


def _keep(
    organisation: Organisation,
    person: int,
    kind: StudyKind,
    title: str,
    minutes: int,
    studied_on: date,
    now: datetime,
    *,
    material: Material | None = None,
) -> StudyRecord:
    return StudyRecord.objects.create(
        organisation=organisation, person_id=person, kind=kind, title=title.strip()[:120], minutes=minutes,
        studied_on=studied_on, material=material, entered_on=timezone.localtime(now).date(), known_at=instant(now),
    )  # fmt: skip


def _sound(
    organisation: Organisation, people: Sequence[int], title: str, minutes: int, studied_on: date, today: date
) -> tuple[Refusal | None, ...]:
    return (
        None if title.strip() else Refusal("study.what_needed", _("请写明学了什么")),
        None if minutes > 0 else Refusal("study.no_time", _("请填写学习时长（分钟）")),
        None if studied_on <= today else Refusal("study.in_the_future", _("学习日期在今天之后"), remedy=_("请核对日期")),
        _of_the_branch(organisation, people, studied_on),
        _possible(people, minutes, studied_on),
    )  # fmt: skip


def _of_the_branch(organisation: Organisation, people: Sequence[int], day: date) -> Refusal | None:
    rows = Membership.objects.filter(
        in_force(day), organisation=organisation, person__in=people, stage__in=MEMBER_STAGES
    )
    if len(people) <= MOST_PEOPLE and set(people) <= set(rows.values_list("person_id", flat=True)):
        return None
    return Refusal(
        "study.not_of_the_branch", _("{day} 时有人不是“{name}”的党员"),
        {"day": day.isoformat(), "name": organisation.name}, remedy=_("请核对姓名和日期"),
    )  # fmt: skip


def _possible(people: Sequence[int], minutes: int, day: date) -> Refusal | None:
    """More than a long day's work is a slip of the pen."""
    most = limits.number("most_minutes_a_day", day)
    if not most or all(queries.minutes_on(person, day) + minutes <= most for person in people):
        return None
    return Refusal(
        "study.too_long", _("{day} 一天的学习超过了 {most} 分钟"), {"day": day.isoformat(), "most": most},
        remedy=_("请核对时长；几天的培训逐日填写"),
    )  # fmt: skip
