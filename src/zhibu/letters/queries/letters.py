"""Letters: by when one is answered, who reads it, and how its sender follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core import windows
from zhibu.core.authority import Actor, Spans, ranges
from zhibu.letters import policies
from zhibu.letters.models import Bulletin, BulletinState, LetterState, Missive
from zhibu.notices import queries as notices
from zhibu.record import vault
from zhibu.ui.doors import within

TABLE = "zb_missive"
SOON = 2
"""Days before the last one in which a letter is marked."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a letter says."""

    text: str
    name: str
    contact: str
    answer: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a letter and its tone for the page."""

    text: str
    tone: str


def due_on(kind: str, day: date) -> date:
    """The last day to answer a letter that came on a day, counted in working days after it."""
    days = policies.rule(kind).answer_days(day)
    return windows.earliest_last_day(notices.calendar(), day, days, exclude_start=True).day


def listed(actor: Actor, *, kind: str = "", state: str = "") -> QuerySet[Missive]:
    """Letters one may read, unopened: those that wait first, by the day they are due."""
    rows = policies.readable(actor, Missive.objects.select_related("organisation"))
    if kind:
        rows = rows.filter(kind=kind)
    if state == "waiting":
        rows = rows.filter(state=LetterState.RECEIVED)
    elif state == "answered":
        rows = rows.filter(state=LetterState.ANSWERED)
    elif state == "published":
        rows = rows.filter(published_on__isnull=False)
    return rows.order_by("-state", "due_on", "id")


def letter_for(actor: Actor, pk: int) -> Missive:
    """One letter one may read, or 404."""
    rows = policies.readable(actor, Missive.objects.select_related("organisation"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def opened(letter: Missive) -> Opened:
    """What it says; asked for by those alone who may answer it, or by its sender."""

    def read(column: str) -> str:
        sealed = getattr(letter, f"{column}_sealed")
        return vault.open_sealed(sealed, f"{TABLE}.{column}") if sealed else ""

    return Opened(*(read(column) for column in ("text", "name", "contact", "answer")))


def own(actor: Actor) -> list[tuple[Missive, Opened]]:
    """Letters one wrote in one's own name, newest first."""
    if actor.person is None:
        return []
    rows = Missive.objects.filter(person_id=actor.person).select_related("organisation").order_by("-id")[:50]
    return [(letter, opened(letter)) for letter in rows]


def marks(letter: Missive, today: date) -> list[Mark]:
    """Where a letter stands."""
    if letter.state != LetterState.RECEIVED:
        late = letter.answered_on is not None and letter.answered_on > letter.due_on
        found = [Mark(_("已答复"), "done"), *([Mark(_("逾期答复"), "soon")] if late else [])]
        return [*found, Mark(_("已公开"), "open")] if letter.published_on else found
    left = (letter.due_on - today).days
    if left < 0:
        return [Mark(_("逾期 %(n)d 天") % {"n": -left}, "overdue")]
    return [Mark(_("待答复"), "soon" if left <= SOON else "wait")]


def receipt_code(nonce: str) -> str:
    """The code of a form."""
    return notices.receipt_code(nonce, TABLE)


def receipt_digest(code: str) -> str:
    """How a code is kept and found."""
    return notices.receipt_digest(code, TABLE)


def by_receipt(code: str) -> Missive | None:
    """The letter a code belongs to."""
    rows = Missive.objects.select_related("organisation")
    return rows.filter(receipt=receipt_digest(code)).first() if code.strip() else None


def answer_of(letter: Missive) -> str:
    """What the sender is told; empty before there is an answer."""
    return opened(letter).answer if letter.state == LetterState.ANSWERED else ""


def waiting_under(actor: Actor, today: date) -> tuple[int, int]:
    """(letters that wait for an answer of mine, of them overdue)."""
    days = [day for (day,) in record.rows(_received, policies.spans_of(actor))]
    return len(days), sum(day < today for day in days)


def _received(spans: tuple[policies.Handled, ...]) -> QuerySet[Missive, Any]:
    return policies.handled(Missive.objects.filter(state=LetterState.RECEIVED), spans).values_list("due_on")


def to_review_under(actor: Actor) -> list[tuple[int, str]]:
    """Bulletins that wait for a review of mine."""
    spans = ranges(actor, "letters.publish_bulletin")
    if not spans:
        return []
    return record.rows(_submitted, spans, actor.user)


def _submitted(spans: Spans, besides: int) -> QuerySet[Bulletin, Any]:
    rows = within(Bulletin.objects.filter(state=BulletinState.SUBMITTED), spans)
    return rows.exclude(Q(author_user=besides)).order_by("id").values_list("id", "title")[:5]
