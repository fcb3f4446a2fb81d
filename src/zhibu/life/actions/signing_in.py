"""Signing in by the code in the room: optional, beside the chair's list, never instead of it."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import codes, policies, queries
from zhibu.life.actions import checks
from zhibu.life.actions.planning import locked
from zhibu.life.models import Arrival, Session, SessionState, SignInWindow
from zhibu.record.writing import write

GOING_ON = (SessionState.PLANNED, SessionState.CONVENED, SessionState.HELD)


@transaction.atomic
def open_sign_in(actor: Actor, *, session: Session, now: datetime) -> SignInWindow:
    """Open signing in by code for a meeting of today; its code changes all the time and is of use for it alone."""
    session = locked(session)
    day = session.held_on or session.planned_on
    refuse_if(
        policies.may_act_on(actor, "life.open_sign_in", session),
        policies.must_be(session, *GOING_ON),
        None if day == checks.local_day(now) else Refusal(
            code="life.not_today", message=_("只有今天的会议可以扫码签到"), remedy=_("其他日子的会议用点名登记")
        ),
    )  # fmt: skip
    window, _made = SignInWindow.objects.update_or_create(
        session=session, defaults={"secret": secrets.token_hex(32), "opened_at": now, "closed_at": None}
    )
    write(actor, "life.open_sign_in", session, organisation=session.organisation, now=now)
    return window


@transaction.atomic
def close_sign_in(actor: Actor, *, session: Session, now: datetime) -> None:
    """End signing in by code. Codes seen before are of no use any more."""
    session = locked(session)
    refuse_if(policies.may_act_on(actor, "life.close_sign_in", session))
    if SignInWindow.objects.filter(session=session, closed_at=None).update(closed_at=now):
        write(actor, "life.close_sign_in", session, organisation=session.organisation, now=now)


@transaction.atomic
def sign_in(actor: Actor, *, session: Session, ticket: str, now: datetime) -> Arrival:
    """Sign in as being in the room: for oneself alone, with the code read there a moment ago. Twice is once."""
    session = locked(session)
    day = session.held_on or session.planned_on or checks.local_day(now)
    person = actor.person
    expected = {
        each.person for each in queries.roll(session.organisation, session.kind, day, session.party_group)
    }
    refuse_if(
        is_open(queries.window_of(session), session),
        codes.ticket_good(ticket, session.pk, actor.user, now),
        None if person in expected else Refusal(
            code="life.not_on_the_roll", message=_("您不在这次会议的应到名单中"), remedy=_("列席人员由主持人登记")
        ),
    )  # fmt: skip
    if person is None:
        raise ValueError("refused above")
    arrival, made = Arrival.objects.get_or_create(session=session, person_id=person, defaults={"at": now})
    if made:
        write(actor, "life.sign_in", session, organisation=session.organisation, now=now)
    return arrival


def is_open(window: SignInWindow | None, session: Session) -> Refusal | None:
    """Signing in by code must be open, and the meeting not closed."""
    if window is not None and window.closed_at is None and session.state in GOING_ON:
        return None
    return Refusal(
        code="life.sign_in_closed",
        message=_("这次会议的扫码签到没有开启，或已经结束"),
        remedy=_("请告诉主持人，由主持人点名登记"),
    )
