"""People are told of a meeting, answer, and are told again when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from zhibu.accounts.reaching import write_letters
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies, queries
from zhibu.life.actions import checks
from zhibu.life.actions.planning import bump, locked, not_over
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import Invitation, InvitationRole, PlanItem, Reply
from zhibu.record.outbox import withdraw
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui import formats

REMINDER_PAUSE = timedelta(hours=1)
ASK = "请在平台“工作台”回复能否参加。"


@transaction.atomic
def convene(
    actor: Actor,
    *,
    session: Session,
    planned_on: date,
    now: datetime,
    starts_at: time | None = None,
    place: str = "",
    observers: Sequence[int] = (),
    joint: Sequence[Organisation] = (),
) -> Session:
    """Tell people when and where: everyone the register expects on that day, observers, and branches asked along.

    Done again it is a change: whoever is new is told, whoever is no longer expected is let go, and with another day or
    hour everyone is asked anew. The notice goes out on every way people are reached.
    """
    session = locked(session)
    again = session.state == SessionState.CONVENED
    guests = queries.guests(
        session.organisation, session.kind, planned_on, session.party_group, observers=observers, joint=joint
    )
    refuse_if(
        policies.may_act_on(actor, "life.convene", session),
        policies.must_be(session, SessionState.PLANNED, SessionState.CONVENED),
        not_over(planned_on, checks.local_day(now)),
        _only_neighbours(session.organisation, joint),
        None if guests else Refusal(
            code="life.nobody_expected", message=_("名册中 {day} 没有应到人员"), params={"day": planned_on.isoformat()},
            remedy=_("请先在名册中登记党员、支委任职或党小组成员"),
        ),
    )  # fmt: skip
    moved = again and (session.planned_on, session.starts_at) != (planned_on, starts_at)
    session.planned_on, session.starts_at, session.place = planned_on, starts_at, place
    session.state, session.known_at = SessionState.CONVENED, instant(now)
    bump(session)
    _invite(session, guests, now, anew=moved)
    letters = _tell(session, "会议改期" if moved else "会议变更" if again else "会议通知", now)
    write(
        actor,
        "life.convene",
        session,
        organisation=session.organisation,
        also=joint,
        now=now,
        planned_on=planned_on.isoformat(),
        place=place,
        told=len(guests),
        letters=letters,
        moved=moved,
        joint=[each.name for each in joint],
    )
    return session


def _only_neighbours(organisation: Organisation, joint: Sequence[Organisation]) -> Refusal | None:
    near = {each.pk for each in queries.neighbours(organisation)} if joint else set()
    if all(each.pk in near for each in joint):
        return None
    return Refusal(
        code="life.not_a_neighbour",
        message=_("联合会议只能邀请同一上级下的党支部"),
        who=_("跨上级的由共同的上级党委安排"),
    )


def _invite(session: Session, guests: Sequence[queries.Guest], now: datetime, *, anew: bool) -> None:
    known = {each.person_id: each for each in Invitation.objects.filter(session=session)}
    fresh, kept = [], []
    for guest in guests:
        row = known.pop(guest.person, None)
        values = {
            "organisation_id": guest.organisation, "role": guest.role, "votes": int(guest.votes), "withdrawn": 0,
            "told_at": now,
        }  # fmt: skip
        if row is None:
            fresh.append(Invitation(session=session, person_id=guest.person, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
        if anew:
            row.reply, row.reason, row.replied_at = Reply.NONE, "", None
        kept.append(row)
    for row in known.values():
        row.withdrawn = 1
    Invitation.objects.bulk_create(fresh, batch_size=500)
    names = ["organisation_id", "role", "votes", "withdrawn", "told_at", "reply", "reason", "replied_at"]
    Invitation.objects.bulk_update([*kept, *known.values()], names, batch_size=500)


def _tell(session: Session, what: str, now: datetime, *, silent_only: bool = False, why: str = ASK) -> int:
    """Letters on every way, in Chinese: title, hour and place, and nothing else that concerns anybody."""
    rows = Invitation.objects.filter(session=session, withdrawn=0)
    if silent_only:
        rows = queries.unanswered(session)
    with override(None):
        day = formats.near(session.planned_on)
    hour = f" {session.starts_at:%H:%M}" if session.starts_at else ""
    body = f"时间：{day}{hour}\n地点：{session.place or '另行通知'}\n{why}"
    return write_letters(
        subject=session, organisation=session.organisation, people=list(rows.values_list("person_id", flat=True)),
        occasion=f"{session.version}.{now:%Y%m%d%H%M%S}" if silent_only else str(session.version),
        title=f"{what}：{session.title}", body=body, now=now,
    )  # fmt: skip


@transaction.atomic
def tell(actor: Actor, *, session: Session, now: datetime) -> int:
    """Remind whoever did not answer, but for those who need not come. Returns how many letters were written."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.tell", session),
        policies.must_be(session, SessionState.CONVENED),
        None if not queries.told_lately(session, now, REMINDER_PAUSE) else Refusal(
            code="life.told_just_now", message=_("刚刚通知过"), remedy=_("一小时后可以再提醒")
        ),
    )  # fmt: skip
    silent = queries.unanswered(session)
    asked = silent.count()
    letters = _tell(session, "会议提醒", now, silent_only=True)
    silent.update(told_at=now)
    write(
        actor, "life.tell", session, organisation=session.organisation, now=now, asked=asked, letters=letters
    )
    return letters


@transaction.atomic
def cancel(actor: Actor, *, session: Session, reason: str, now: datetime) -> Session:
    """Cancel a meeting that was not closed; the reason stays with it, and whoever was told is told of it."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.cancel", session),
        policies.must_be(session, *policies.OPEN),
        None if reason.strip() else Refusal(code="life.reason_needed", message=_("取消会议要写明原因")),
    )
    convened = session.state == SessionState.CONVENED
    session.state, session.cancel_reason = SessionState.CANCELLED, reason.strip()[:200]
    session.known_at = instant(now)
    bump(session)
    PlanItem.objects.filter(session=session).update(session=None)
    withdraw(session, now)
    # why it was cancelled stays inside: it may speak of people
    letters = _tell(session, "会议取消", now, why="会议取消，请不要前往。") if convened else 0
    write(
        actor,
        "life.cancel",
        session,
        organisation=session.organisation,
        now=now,
        reason=session.cancel_reason,
        letters=letters,
    )
    return session


@transaction.atomic
def reply(actor: Actor, *, session: Session, answer: str, now: datetime, reason: str = "") -> Invitation:
    """Answer for oneself whether one comes; the last answer before the meeting holds. A leave has its reason."""
    found = queries.invitation_of(session, actor.person)
    today = checks.local_day(now)
    refuse_if(
        None if found else Refusal(code="life.not_invited", message=_("这次会议没有通知您")),
        policies.must_be(session, SessionState.CONVENED),
        not_over(session.planned_on, today) if session.planned_on else None,
        None if answer in {Reply.COMING, Reply.EXCUSED, Reply.CANNOT} else Refusal(
            code="life.no_answer", message=_("请选择参加、请假或不能参加")
        ),
        None if answer != Reply.EXCUSED or reason.strip() else Refusal(
            code="life.reason_needed", message=_("请假要写明原因")
        ),
    )  # fmt: skip
    if found is None:
        raise LookupError(session.pk)
    found = Invitation.objects.select_for_update().get(pk=found.pk)
    found.reply, found.replied_at = answer, now
    found.reason = reason.strip()[:80] if answer == Reply.EXCUSED else ""
    found.save(update_fields=["reply", "replied_at", "reason"])
    # why somebody is away is between them and the branch: the record is read by more people
    write(
        actor, "life.reply", session, organisation=session.organisation, now=now, reply=answer,
        observer=found.role == InvitationRole.OBSERVER,
    )  # fmt: skip
    return found
