"""What the screens of an organisation show: slogans of its own and of those above it, and what hangs on its board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.notices import policies
from zhibu.notices.models import SLOGANS, Board, Notice, NoticeKind
from zhibu.notices.queries.board import running
from zhibu.register.models import Organisation

STEP = 4
"""Digits of a path for each level of the tree."""

MOST_SLIDES, MOST_LISTED = 40, 200
SHORT, MIDDLE = 14, 30
"""Characters up to which a line is set large, and middling."""
BRIEF, FULL = 60, 220
"""Characters up to which what somebody promises is set large, and middling."""
PLEDGES = "pledges"
"""The end of the address of a supervision board: what the members of the branch promise, and nothing else."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of the rotation. `until` is its last day: a player that is cut off takes it down by itself."""

    kind: str
    mark: str
    words: str
    more: str
    until: date
    size: str


def screen_at(address: str) -> Board:
    """The board whose screens have this secret address, or 404."""
    found = Board.objects.select_related("organisation").filter(screen=address).first() if address else None
    if found is None:
        raise Http404(address)
    return found


def slides(board: Board, today: date, only: str = "") -> list[Slide]:
    """What is shown on a day: slogans, of one kind when `only` names it; with every kind also running notices, what
    members promise last, that it crowds nothing out.
    """
    organisation = board.organisation
    if only == NoticeKind.PLEDGE:
        return [_pledge(row) for row in _pledges(organisation, today)[:MOST_LISTED]]
    above = [organisation.path[:length] for length in range(STEP, len(organisation.path) + 1, STEP)]
    rows = Notice.objects.filter(
        organisation__path__in=above, kind__in=[only] if only else list(SLOGANS), withdrawn=0, opens_on__lte=today,
        closes_on__gte=today,
    )  # fmt: skip
    found = [_slogan(row) for row in rows.order_by("-opens_on", "-id")[:MOST_SLIDES]]
    if not only:
        found += [_notice(row) for row in running(organisation, today) if row.kind != NoticeKind.PLEDGE]
        found += [_pledge(row) for row in _pledges(organisation, today)[:MOST_SLIDES]]
    return found[:MOST_SLIDES]


def _slogan(row: Notice) -> Slide:
    return Slide(
        row.kind, row.get_kind_display(), row.title, row.text.strip(), row.closes_on, _size(row.title)
    )


def _notice(row: Notice) -> Slide:
    return Slide("notice", row.get_kind_display(), row.title, "", row.closes_on, _size(row.title))


def _pledges(organisation: Organisation, today: date) -> QuerySet[Notice]:
    """What stands on the board: confirmed by the branch, of this year."""
    rows = Notice.objects.filter(
        organisation=organisation,
        kind=NoticeKind.PLEDGE,
        withdrawn=0,
        opens_on__lte=today,
        closes_on__gte=today,
    )
    return rows.order_by("id")


def _pledge(row: Notice) -> Slide:
    text = row.text.strip()
    size = "brief" if len(text) <= BRIEF else "full" if len(text) <= FULL else "dense"
    return Slide("pledge", row.get_kind_display(), row.title, text, row.closes_on, size)


def _size(words: str) -> str:
    return "short" if len(words) <= SHORT else "middle" if len(words) <= MIDDLE else "long"


def slogans(actor: Actor, organisation: Organisation) -> list[Notice]:
    """The slogans of an organisation that were not withdrawn, what ends last at the top."""
    rows = policies.visible_to(actor, Notice.objects.all()).filter(
        organisation=organisation, kind__in=SLOGANS, withdrawn=0
    )
    return list(rows.order_by("-closes_on", "-id")[:MOST_LISTED])


def screen_address(organisation: Organisation) -> str:
    """The secret address of the organisation's screens; empty when there is none."""
    return Board.objects.filter(organisation=organisation).values_list("screen", flat=True).first() or ""


def only_kind(word: str) -> str:
    """The kind that the end of a screen's address names: safety, quality, party, pledges. 404 for another."""
    if word == PLEDGES:
        return str(NoticeKind.PLEDGE.value)
    kind = f"slogan_{word}"
    if kind not in {each.value for each in SLOGANS}:
        raise Http404(word)
    return str(NoticeKind(kind).value)
