"""Before a meeting: it is planned. Telling people and cancelling is `convening`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import kinds, policies
from zhibu.life.actions import checks
from zhibu.life.models import AgendaItem, Decision, Remark, Session, SessionState
from zhibu.life.planned import PlanItem
from zhibu.life.told import Item
from zhibu.record.past import instant, take_back
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def plan(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    planned_on: date,
    now: datetime,
    party_group: Organisation | None = None,
    title: str = "",
    starts_at: time | None = None,
    place: str = "",
    agenda: Sequence[Item] = (),
    item: PlanItem | None = None,
) -> Session:
    """Plan a meeting for a day from today on; what is already over is recorded, not planned.

    `item`: the line of the plan it is made of.
    """
    refuse_if(
        policies.may_act(actor, "life.plan", party_group or organisation),
        checks.is_a_branch(organisation),
        not_over(planned_on, checks.local_day(now)),
    )
    known_at = instant(now)
    session = Session.objects.create(
        organisation=organisation,
        party_group=party_group,
        kind=kind,
        title=title or kinds.title_zh(kind),
        planned_on=planned_on,
        starts_at=starts_at,
        place=place,
        known_at=known_at,
    )
    set_agenda(session, agenda, known_at=known_at)
    if item is not None:
        PlanItem.objects.filter(
            pk=item.pk, organisation=organisation, kind=kind, session__isnull=True
        ).update(session=session, day=planned_on, starts_at=starts_at)
    write(
        actor,
        "life.plan",
        session,
        organisation=organisation,
        now=now,
        kind=kind,
        planned_on=planned_on.isoformat(),
    )
    return session


def locked(session: Session) -> Session:
    """The meeting as it is now, kept from others until the act is over."""
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related("organisation", "party_group")
        .get(pk=session.pk)
    )


def bump(session: Session) -> None:
    """Save a meeting with the next version, so that whoever edits an older one is told."""
    session.version += 1
    session.save()


def set_agenda(session: Session, agenda: Sequence[Item], *, known_at: int) -> None:
    """Replace the agenda; the day, kind and state of the meeting repeat on every item for the facts."""
    _follow(session, [each.title.strip()[:160] for each in agenda if each.title.strip()])
    take_back(AgendaItem.objects.filter(session=session), known_at)
    AgendaItem.objects.bulk_create(
        AgendaItem(
            session=session,
            organisation_id=session.organisation_id,
            position=position,
            tag=item.tag,
            title=item.title.strip()[:160],
            resolution=item.resolution.strip(),
            session_kind=session.kind,
            session_closed=int(session.state == SessionState.CLOSED),
            held_on=session.held_on,
            known_at=known_at,
        )
        for position, item in enumerate((each for each in agenda if each.title.strip()), start=1)
    )


def _follow(session: Session, titles: Sequence[str]) -> None:
    """What was decided and said on an item goes with it when it is worded anew."""
    before = list(session.agenda.values_list("title", flat=True)) if session.pk else []
    for old, new in zip(before, titles, strict=False):
        if old != new and old not in titles and new not in before:
            Decision.objects.filter(session=session, item=old).update(item=new)
            Remark.objects.filter(session=session, item=old).update(item=new)


def not_over(day: date, today: date) -> Refusal | None:
    """What is already over is recorded, not arranged."""
    if day >= today:
        return None
    return Refusal(
        code="life.already_over",
        message=_("{day} 已经过去，不能再安排"),
        params={"day": day.isoformat()},
        remedy=_("会议已经开过的，请直接“记录会议”；录入日期总是今天，不倒填"),
    )
