"""Meetings that branches hold together: one record, kept by the host, read by every branch that was told of it.

A branch that took part reads what was done, with whom and how many came; who came of another branch is that branch's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.life import policies
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import Invitation
from zhibu.life.queries.invited import joint_of

MOST = 100


@dataclass(frozen=True, slots=True)
class Joint:
    """A meeting held together: the host's row, the branches beside it (name, told, coming), whether one is the host."""

    session: Session
    partners: tuple[tuple[str, int, int], ...]
    hosts: bool

    @property
    def day(self) -> date | None:
        """The day it was held, else when it is planned."""
        return self.session.held_on or self.session.planned_on


def _rows(actor: Actor) -> QuerySet[Session]:
    """What the actor's branches host with others, and what others host with them; cancelled ones are nobody's news."""
    guests = Invitation.objects.filter(session=OuterRef("pk"), withdrawn=0).exclude(
        organisation=OuterRef("organisation")
    )
    own = policies.reached(actor, "life.view", "organisation__path") or Q(pk__in=())
    told = Exists(guests.filter(own))
    rows = Session.objects.filter(Exists(guests)).filter(own | Q(told))
    return rows.exclude(state=SessionState.CANCELLED).select_related("organisation")


def joint_sessions(actor: Actor) -> list[Joint]:
    """The newest first; those to come stand before."""
    rows = _rows(actor).order_by(F("held_on").desc(nulls_first=True), "-planned_on", "-id")[:MOST]
    return [_joint(actor, row) for row in rows]


def joint_session(actor: Actor, pk: int) -> Joint:
    """One of them, or 404."""
    found = _rows(actor).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return _joint(actor, found)


def _joint(actor: Actor, session: Session) -> Joint:
    partners = tuple((name, told, coming) for _pk, name, told, coming in joint_of(session))
    hosts = policies.visible_to(actor, Session.objects.filter(pk=session.pk)).exists()
    return Joint(session, partners, hosts)
