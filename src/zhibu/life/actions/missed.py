"""What makes up for a meeting that was missed, who is exempt, what members write and are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.life import policies
from zhibu.life.actions.checks import local_day
from zhibu.life.models import Attendance, Session, SessionState
from zhibu.life.models.missing import Exemption, MakeUp, MakeUpState, MakeUpWay, Voice, VoiceKind
from zhibu.life.models.mobile import Contact, ContactWay
from zhibu.life.queries import collecting
from zhibu.life.queries.missed import MISSING, due_on, home_of
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person

MOST_OPINIONS = 20
"""Of one member before one meeting."""


@transaction.atomic
def report_make_up(
    actor: Actor, *, session: Session, way: str, done_on: date, now: datetime, note: str = ""
) -> MakeUp:
    """A member says that a meeting was made up for; the branch confirms it."""
    refuse_if(policies.may_for_own(actor, "life.report_make_up"))
    told = _Told(way, done_on, note)
    return _keep(actor, "life.report_make_up", session, [actor.person or 0], told, now)[0]


@transaction.atomic
def record_make_up(
    actor: Actor,
    *,
    session: Session,
    people: Sequence[int],
    way: str,
    done_on: date,
    now: datetime,
    note: str = "",
) -> list[MakeUp]:
    """The branch records for several at once that they made up for a meeting: a second sitting, talks, a visit."""
    refuse_if(policies.may_act_on(actor, "life.record_make_up", session))
    told = _Told(way, done_on, note)
    return _keep(actor, "life.record_make_up", session, list(dict.fromkeys(people)), told, now)


@dataclass(frozen=True, slots=True)
class _Told:
    way: str
    done_on: date
    note: str


def _keep(
    actor: Actor, verb: str, session: Session, people: list[int], told: _Told, now: datetime
) -> list[MakeUp]:
    today = local_day(now)
    absent = set(
        Attendance.objects.filter(session=session, state__in=MISSING).values_list("person_id", flat=True)
    )
    known = {
        each.person_id: each
        for each in MakeUp.objects.select_for_update().filter(session=session, person__in=people)
    }
    refuse_if(
        policies.must_be(session, SessionState.HELD, SessionState.CLOSED),
        None if people else Refusal("life.nobody_chosen", _("没有选人"), remedy=_("请勾选补课的人")),
        None
        if set(people) <= absent
        else Refusal(
            "life.was_not_missing",
            _("只能给没有到会的人登记补课"),
            remedy=_("到会情况有误的，请更正会议记录"),
        ),
        _not_before(session, told.done_on, today),
        None
        if all(each.state != MakeUpState.CONFIRMED for each in known.values())
        else Refusal("life.made_up_already", _("已经补过了")),
    )
    by_branch = verb == "life.record_make_up"
    rows = []
    for person in people:
        row = known.get(person) or MakeUp(
            session=session, organisation=session.organisation, person_id=person
        )
        row.way, row.done_on, row.entered_on, row.held_on = (
            MakeUpWay(told.way),
            told.done_on,
            today,
            session.held_on or today,
        )
        row.state = MakeUpState.CONFIRMED if by_branch else MakeUpState.REPORTED
        due = due_on(row.held_on)
        row.in_time = int(due is None or told.done_on <= due)
        row.note, row.answer, row.by_name, row.known_at = (
            told.note.strip()[:200],
            "",
            actor.name[:60],
            instant(now),
        )
        row.save()
        rows.append(row)
    write(
        actor, verb, session, organisation=session.organisation, now=now, people=len(rows), way=told.way,
        done_on=told.done_on.isoformat(),
    )  # fmt: skip
    return rows


def _not_before(session: Session, done_on: date, today: date) -> Refusal | None:
    if session.held_on is not None and session.held_on <= done_on <= today:
        return None
    return Refusal(
        "life.make_up_day", _("补课日期要在会议之后、今天之前"), remedy=_("请核对日期；录入日期总是今天")
    )


@transaction.atomic
def confirm_make_up(actor: Actor, *, make_up: MakeUp, now: datetime) -> MakeUp:
    """The branch confirms what a member said."""
    row = _reported(actor, "life.confirm_make_up", make_up)
    row.state, row.known_at = MakeUpState.CONFIRMED, instant(now)
    row.save()
    write(actor, "life.confirm_make_up", row, organisation=row.organisation, now=now, in_time=row.in_time)
    return row


@transaction.atomic
def return_make_up(actor: Actor, *, make_up: MakeUp, reason: str, now: datetime) -> MakeUp:
    """Not made up yet, with a word why."""
    row = _reported(actor, "life.return_make_up", make_up)
    refuse_if(None if reason.strip() else Refusal("life.reason_needed", _("请写明原因")))
    row.state, row.answer, row.known_at = MakeUpState.RETURNED, reason.strip()[:200], instant(now)
    row.save()
    write(actor, "life.return_make_up", row, organisation=row.organisation, now=now)
    return row


def _reported(actor: Actor, verb: str, make_up: MakeUp) -> MakeUp:
    row = (
        MakeUp.objects.select_for_update(of=("self",))
        .select_related("session", "organisation")
        .get(pk=make_up.pk)
    )
    refuse_if(
        policies.may_act_on(actor, verb, row.session),
        None
        if actor.person is None or actor.person != row.person_id
        else Refusal("life.own_make_up", _("自己的补课要由别人确认"), remedy=_("请由其他支部委员确认")),
        None
        if row.state == MakeUpState.REPORTED
        else Refusal("life.not_reported", _("这项补课已经处理过了")),
    )
    return row


@transaction.atomic
def exempt(
    actor: Actor, *, organisation: Organisation, person: int, ground: str, since: date, now: datetime
) -> Exemption:
    """Nothing hard is asked of a member who is old, gravely ill or cannot move; study is brought home."""
    today = local_day(now)
    who = Person.objects.get(pk=person)
    refuse_if(
        policies.may_act(actor, "life.exempt", organisation),
        None
        if home_of(person) == organisation
        else Refusal("life.not_a_member", _("不是本支部的党员"), remedy=_("请从名单里选择")),
        None
        if since <= today
        else Refusal("life.in_the_future_day", _("日期不能在今天之后"), remedy=_("请核对日期")),
        None
        if not Exemption.objects.filter(person=person, until__isnull=True).exists()
        else Refusal("life.exempt_already", _("{name}已经登记过"), {"name": who.name}),
    )
    row = Exemption.objects.create(
        organisation=organisation,
        person=who,
        ground=ground,
        since=since,
        entered_on=today,
        known_at=instant(now),
    )
    # why lies in the row alone: a state of health does not belong into what is never forgotten
    write(actor, "life.exempt", row, organisation=organisation, now=now, since=since.isoformat())
    return row


@transaction.atomic
def record_visit(
    actor: Actor, *, exemption: Exemption, held_on: date, now: datetime, promised: str = ""
) -> Contact:
    """A member who need not come was visited at home; what was said is theirs."""
    today = local_day(now)
    refuse_if(
        policies.may_act(actor, "life.record_visit", exemption.organisation),
        None
        if exemption.until is None or held_on < exemption.until
        else Refusal("life.exemption_over", _("已经结束")),
        None
        if exemption.since <= held_on <= today
        else Refusal("life.visit_day", _("走访日期要在登记之后、今天之前"), remedy=_("请核对日期")),
    )
    row = Contact.objects.create(
        organisation=exemption.organisation, person=exemption.person, way=ContactWay.VISIT, reached=1,
        held_on=held_on, entered_on=today, promised=promised.strip()[:200], by_name=actor.name[:60],
    )  # fmt: skip
    write(
        actor, "life.record_visit", row, organisation=exemption.organisation, now=now, held_on=held_on.isoformat()
    )  # fmt: skip
    return row


@transaction.atomic
def end_exemption(actor: Actor, *, exemption: Exemption, until: date, now: datetime) -> Exemption:
    """From this day on the member is expected as everyone is."""
    row = (
        Exemption.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=exemption.pk)
    )
    refuse_if(
        policies.may_act(actor, "life.end_exemption", row.organisation),
        None if row.until is None else Refusal("life.exemption_over", _("已经结束")),
        None
        if row.since <= until <= local_day(now)
        else Refusal("life.exemption_day", _("日期要在登记之后、今天之前"), remedy=_("请核对日期")),
    )
    row.until, row.known_at = until, instant(now)
    row.save()
    write(actor, "life.end_exemption", row, organisation=row.organisation, now=now, until=until.isoformat())
    return row


@transaction.atomic
def write_voice(
    actor: Actor, *, kind: str, text: str, now: datetime, session: Session | None = None, city: str = ""
) -> Voice:
    """A few lines to one's own branch: about a meeting, what it should hear before one, or what was seen elsewhere.

    With a city a finding is also read by members away there.
    """
    refuse_if(policies.may_for_own(actor, "life.write_voice"))
    home = home_of(actor.person)
    if home is None:
        raise Refused(Refusal("life.nobody", _("这个账号没有关联党员"), remedy=_("请联系党支部")))
    refuse_if(
        None if text.strip() else Refusal("life.voice_empty", _("请写几句"), remedy=_("写清问什么、提什么")),
        _collected(actor.person, session, local_day(now))
        if kind == VoiceKind.BEFOREHAND
        else _of_the_meeting(actor.person, session),
    )
    row = Voice.objects.create(
        organisation=home, person_id=actor.person or 0, session=session, kind=VoiceKind(kind), text=text.strip()[:1000],
        sent_on=local_day(now), city=city if kind == VoiceKind.FINDING else "",
        shared=int(bool(city) and kind == VoiceKind.FINDING),
    )  # fmt: skip
    write(
        actor,
        "life.write_voice",
        row,
        organisation=home,
        now=now,
        kind=kind,
        session=session.pk if session else None,
    )
    return row


def _of_the_meeting(person: int | None, session: Session | None) -> Refusal | None:
    if session is None or session.attendance.filter(person=person).exists():
        return None
    return Refusal("life.not_of_the_meeting", _("您不在这次会议的名单上"))


def _collected(person: int | None, session: Session | None, today: date) -> Refusal | None:
    """Before a meeting whose kind collects opinions, from its own branch, and not without end."""
    if session is None or not collecting.field_of(session.kind):
        return Refusal("life.asks_no_opinions", _("这次会议不征求意见"), remedy=_("请直接向支部反映"))
    if not collecting.is_open(session):
        return Refusal(
            "life.asks_no_longer", _("这次会议现在不征求意见"),
            remedy=_("通知开会以后、会议召开以前可以提；之后的请直接向支部反映"),
        )  # fmt: skip
    if not collecting.belongs(person, session, today):
        return Refusal("life.not_of_the_meeting", _("您不在这次会议的名单上"))
    if len(collecting.given_by(person, session)) >= MOST_OPINIONS:
        return Refusal(
            "life.opinions_enough", _("一次会前最多提 {n} 条"), {"n": MOST_OPINIONS}, remedy=_("请到会上谈")
        )
    return None


@transaction.atomic
def answer_voice(actor: Actor, *, voice: Voice, answer: str, now: datetime, adopted: bool = False) -> Voice:
    """The branch answers; who wrote it reads the answer on the own page."""
    row = Voice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=voice.pk)
    refuse_if(
        policies.may_act(actor, "life.answer_voice", row.organisation),
        None if answer.strip() else Refusal("life.answer_needed", _("请写明答复")),
        None if row.answered_on is None else Refusal("life.answered_already", _("已经答复过了")),
        None
        if actor.person is None or actor.person != row.person_id
        else Refusal("life.own_voice", _("自己写的要由别人答复"), remedy=_("请由其他支部委员答复")),
    )
    row.answer, row.answered_on, row.answered_by = answer.strip()[:1000], local_day(now), actor.name[:60]
    row.adopted = int(adopted)
    row.save()
    write(actor, "life.answer_voice", row, organisation=row.organisation, now=now, adopted=row.adopted)
    return row
