"""What a person's own calendar feed holds: title, time and place of the meetings one was told of, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import icalendar
from django.utils import timezone

from zhibu.accounts.models import User
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import CalendarFeed, Invitation
from zhibu.life.queries.roll import in_force
from zhibu.register.models import Membership

BACK = timedelta(days=90)
TOLD = (SessionState.CONVENED, SessionState.HELD, SessionState.CLOSED, SessionState.CANCELLED)
MOST = 500


def digest_of(token: str) -> str:
    """What is kept of a secret address."""
    return sha256(token.encode()).hexdigest()


def feed_of(person: int | None) -> CalendarFeed | None:
    """The feed of a person, if one is open."""
    return None if person is None else CalendarFeed.objects.filter(person=person).first()


def feed_at(token: str, today: date) -> CalendarFeed | None:
    """The feed behind a secret address; none for whoever left the Party organisation or whose account is shut."""
    found = CalendarFeed.objects.filter(digest=digest_of(token)).first()
    if found is None or not User.objects.filter(person=found.person_id, is_active=True).exists():
        return None
    belongs = Membership.objects.filter(in_force(today), person=found.person_id).exists()
    return found if belongs else None


def calendar_of(feed: CalendarFeed, today: date) -> bytes:
    """The feed as iCalendar (RFC 5545)."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Zhibu//zhibu//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", "组织生活")
    for session in _sessions(feed.person_id, today):
        made.add_component(_event(session))
    content: bytes = made.to_ical()
    return content


def _sessions(person: int, today: date) -> list[Session]:
    told = Invitation.objects.filter(person=person, withdrawn=0).values("session_id")
    rows = Session.objects.filter(pk__in=told, state__in=TOLD, planned_on__gte=today - BACK)
    names = ("id", "title", "planned_on", "starts_at", "place", "state", "version", "known_at")
    return list(rows.only(*names).order_by("planned_on", "id")[:MOST])


def _event(session: Session) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"zhibu-session-{session.pk}")
    event.add("dtstamp", datetime.fromtimestamp(session.known_at / 1000, UTC))
    event.add("sequence", session.version)
    event.add("summary", session.title)
    if session.place:
        event.add("location", session.place)
    day = session.planned_on
    if day is not None and session.starts_at is not None:
        begins = timezone.make_aware(datetime.combine(day, session.starts_at))
        event.add("dtstart", begins.astimezone(UTC))
    elif day is not None:
        event.add("dtstart", day)
    event.add("status", "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED")
    return event
