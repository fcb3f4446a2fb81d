"""Opinions collected before a meeting: where one may still give one, what came, and how it goes into the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.life import kinds, policies
from zhibu.life.models import Session, SessionState
from zhibu.life.models.missing import Voice, VoiceKind
from zhibu.life.queries.roll import in_force
from zhibu.register.models import MEMBER_STAGES, Membership

MOST = 200


@dataclass(frozen=True, slots=True)
class Collected:
    """What the page of a meeting says of it: open until it is held; `lines` for whoever writes its minutes, else none."""

    open: bool
    number: int
    given: bool
    lines: tuple[str, ...] | None


def field_of(kind: str) -> str:
    """The field of the kind that opinions are collected for; empty for kinds that collect none."""
    found = kinds.known().get(kind)
    return found.collects if found else ""


def is_open(session: Session) -> bool:
    """Whether opinions are taken: its kind collects them, people were told of it, it was not held yet."""
    return bool(field_of(session.kind)) and session.state == SessionState.CONVENED


def belongs(person: int | None, session: Session, today: date) -> bool:
    """Whether somebody is a member of the branch of a meeting, told of it or not: all of them are asked."""
    rows = Membership.objects.filter(in_force(today), organisation=session.organisation_id, person=person)
    return person is not None and rows.filter(stage__in=MEMBER_STAGES).exists()


def session_asking(actor: Actor, pk: int, today: date) -> Session:
    """A meeting that asks the actor for opinions, or whose minutes the actor writes; 404 otherwise."""
    found = Session.objects.select_related("organisation", "party_group").filter(pk=pk).first()
    if found is None or not field_of(found.kind) or found.state == SessionState.PLANNED:
        raise Http404(pk)
    if policies.may_act_on(actor, "life.edit_minutes", found) and not belongs(actor.person, found, today):
        raise Http404(pk)
    return found


def asking(person: int | None, today: date) -> list[Session]:
    """The meetings of one's own branch that ask for opinions now, the nearest first."""
    kinds_that_do = [name for name, kind in kinds.known().items() if kind.collects]
    if person is None or not kinds_that_do:
        return []
    mine = Membership.objects.filter(in_force(today), person=person, stage__in=MEMBER_STAGES)
    rows = Session.objects.filter(
        organisation__in=mine.values("organisation_id"), kind__in=kinds_that_do, state=SessionState.CONVENED
    )
    return list(rows.select_related("organisation").order_by("planned_on", "id")[:5])


def _given(session: Session) -> QuerySet[Voice]:
    return Voice.objects.filter(session=session, kind=VoiceKind.BEFOREHAND).order_by("id")


def given_by(person: int | None, session: Session) -> list[Voice]:
    """What somebody gave."""
    return list(_given(session).filter(person=person)) if person is not None else []


def lines_of(session: Session) -> list[str]:
    """What came, one line to each, without names."""
    rows = _given(session).values_list("text", flat=True)[:MOST] if field_of(session.kind) else ()
    return [" ".join(text.split()) for text in rows]


def collected(actor: Actor, session: Session) -> Collected | None:
    """For the page of a meeting; None where nothing is collected."""
    if not field_of(session.kind) or session.state in {SessionState.PLANNED, SessionState.CANCELLED}:
        return None
    lines = lines_of(session)
    own = bool(lines) and actor.person is not None and _given(session).filter(person=actor.person).exists()
    keeps = policies.may_act_on(actor, "life.edit_minutes", session) is None
    return Collected(is_open(session), len(lines), own, tuple(lines) if keeps else None)


def offered(session: Session) -> dict[str, Any]:
    """What came, as the form of the minutes begins with it."""
    name, lines = field_of(session.kind), lines_of(session)
    return {name: lines} if name and lines else {}
