"""What a meeting decided becomes something that somebody does by a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies
from zhibu.life.actions.planning import locked
from zhibu.life.models import Session, SessionState
from zhibu.record.writing import write
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Undertaken


@transaction.atomic
def follow_up(
    actor: Actor, *, session: Session, what: Sequence[Undertaken], now: datetime
) -> list[Undertaking]:
    """Open an undertaking for each resolution that somebody is to carry out: all of them, or none."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.follow_up", session),
        policies.must_be(session, SessionState.HELD, SessionState.CLOSED),
        None
        if what
        else Refusal("life.nothing_to_follow", _("没有选要落实的事"), remedy=_("请勾选要有人去办的决议")),
    )
    made = [
        undertakings.undertake(
            actor, organisation=session.organisation, party_group=session.party_group, what=each, now=now
        )
        for each in what
    ]
    write(
        actor, "life.follow_up", session, organisation=session.organisation, now=now,
        undertakings=[each.pk for each in made],
    )  # fmt: skip
    return made
