"""Lines that the desks of the workbench share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from zhibu import record, rulebook
from zhibu.accounts import queries as accounts
from zhibu.core import authority
from zhibu.life import kinds
from zhibu.life import queries as life
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import Invitation
from zhibu.notices import queries as notices
from zhibu.register import queries as register
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.language import current

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

SHOWN, THREE_WEEKS = 12, timedelta(days=21)
REASONS = life.REASONS


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the workbench, one step from done: when, what, its rule, and the step."""

    when: str
    tone: str
    what: str
    note: str
    rule: str
    rule_url: str
    step: str
    step_url: str
    due_on: date
    """The day it is or was due; today for what stands open."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a decision of mine."""

    what: str
    note: str
    url: str


def day_told(day: date) -> str:
    """A day as short as a narrow column needs it: 11月30日."""
    return formats.near(day).rpartition(" ")[0] if current() == "zh" else formats.near(day).partition(" ")[2]


def objections_waiting(actor: Actor) -> tuple[Waiting, ...]:
    """Objections and comments that wait for an answer of mine. They come in without an act."""
    ranges = authority.ranges(actor, "notices.answer_objection")
    return tuple(
        Waiting(
            (
                ngettext("%(n)d 件意见待答复", "%(n)d 件意见待答复", number)
                if comments
                else ngettext("%(n)d 件异议待答复", "%(n)d 件异议待答复", number)
            )
            % {"n": number},
            title,
            reverse("notices:objections", args=[notice]),
        )
        for notice, title, number, comments in notices.unanswered_under(ranges, actor.person)
    )


def invitations(actor: Actor, today: date) -> tuple[Invitation, ...]:
    """Notices of meetings that wait for an answer of mine; the nearest first. Kept where those meetings are."""
    person = actor.person
    paths = life.invited_at(person, today) if person is not None else ()
    if not paths:
        return ()
    return record.kept(
        ("invitations", person, today, rulebook.load().digest, current()),
        lambda: tuple(life.own_invitations(person, today, unanswered=True)[:3]),
        within=record.Rooms.of("life", "register", at=register.places_of(*paths)),
    )


def letters_waiting(actor: Actor) -> tuple[Waiting, ...]:
    """Letters that did not go out, or perhaps did. They are sent without an act."""
    number = accounts.troubles(actor)
    if not number:
        return ()
    words = ngettext("%(n)d 条对外通知没有发出", "%(n)d 条对外通知没有发出", number) % {"n": number}
    return (Waiting(words, "", reverse("accounts:letters") + "?state=trouble"),)


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting to come."""

    pk: int
    title: str
    kind: str
    place: str
    planned_on: date
    starts_at: time | None

    @property
    def kind_title(self) -> str:
        """The kind in the reader's language."""
        return kinds.title(self.kind)


def coming(branch: Organisation, today: date) -> tuple[Planned, ...]:
    """What a branch has planned for the next three weeks."""
    return tuple(Planned(*row) for row in record.rows(_coming, branch.pk, today, today + THREE_WEEKS))


def _coming(branch: int, today: date, until: date) -> QuerySet[Session, Any]:
    rows = Session.objects.filter(
        organisation=branch,
        state__in=(SessionState.PLANNED, SessionState.CONVENED),
        planned_on__gte=today,
        planned_on__lt=until,
    ).order_by("planned_on", "starts_at")
    return rows.values_list("pk", "title", "kind", "place", "planned_on", "starts_at")[:5]
