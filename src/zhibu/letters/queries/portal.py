"""The portal as anyone sees it: what was published here and by the organisations above, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import STEP
from zhibu.letters.models import Bulletin, BulletinKind, BulletinState, Missive
from zhibu.notices.models import Board
from zhibu.search.excerpts import Piece, excerpt, marked
from zhibu.search.finding import Found, find

LATEST, MOST = 5, 200
PAGE = 20


@dataclass(frozen=True, slots=True)
class Front:
    """The first page."""

    bulletins: tuple[Bulletin, ...]
    questions: tuple[Missive, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something published that was found."""

    address: str
    title: tuple[Piece, ...]
    place: tuple[Piece, ...]
    kind: str
    day: date


def front(board: Board) -> Front:
    """The newest bulletins and answers."""
    return Front(tuple(bulletins_shown(board)[:LATEST]), tuple(questions_shown(board)[:LATEST]))


def bulletins_shown(board: Board, kind: str = "") -> QuerySet[Bulletin]:
    """Bulletins of an organisation and of those above it, newest first."""
    rows = Bulletin.objects.filter(state=BulletinState.PUBLISHED, organisation__path__in=_lineage(board))
    rows = rows.filter(kind=kind) if kind else rows
    return (
        rows.exclude(kind=BulletinKind.PRACTICE)
        .select_related("organisation")
        .order_by("-published_on", "-id")
    )


def questions_shown(board: Board) -> QuerySet[Missive]:
    """Questions and answers that were published, newest first."""
    rows = Missive.objects.filter(published_on__isnull=False, organisation__path__in=_lineage(board))
    return rows.select_related("organisation").order_by("-published_on", "-id")


def bulletin_at(board: Board, address: str) -> Bulletin:
    """A bulletin shown on this portal, or 404."""
    found = bulletins_shown(board).filter(address=address).first()
    if found is None:
        raise Http404(address)
    return found


def question_at(board: Board, address: str) -> Missive:
    """A question shown on this portal, or 404."""
    found = questions_shown(board).filter(address=address).first()
    if found is None:
        raise Http404(address)
    return found


def searched(board: Board, question: str) -> tuple[tuple[Found, list[Hit]], tuple[Found, list[Hit]]]:
    """Questions and bulletins of this portal that hold what is looked for."""
    answers, posts = questions_shown(board), bulletins_shown(board)
    asked = find(answers, question, size=PAGE)
    told = find(posts, question, size=PAGE)
    return (asked, _hits(answers, asked.keys, question)), (told, _hits(posts, told.keys, question))


def _hits(rows: QuerySet[Any], keys: Sequence[int], question: str) -> list[Hit]:
    found = {row.pk: row for row in rows.filter(pk__in=keys).select_related("text")}
    return [
        Hit(
            row.address or "", marked(row.text.title, question), excerpt(row.text.body, question),
            str(row.get_kind_display()), row.published_on,
        )
        for key in keys
        if (row := found.get(key)) is not None
    ]  # fmt: skip


def _lineage(board: Board) -> list[str]:
    path = board.organisation.path
    return [path[:length] for length in range(STEP, len(path) + 1, STEP)]
