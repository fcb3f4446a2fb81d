"""Records a judgement may be tied to: what a branch held and filed in the quarter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from zhibu.core import authority
from zhibu.life import kinds
from zhibu.life.models import DocumentKind, FiledDocument, Session, SessionState
from zhibu.ui import formats

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.calendar import Quarter
    from zhibu.register.models import Organisation

    from ..models import Review, SelfReview

MOST = 80  # a branch holds some twenty meetings a quarter
DOCUMENT_KINDS = {str(value): label for value, label in DocumentKind.choices}
PAGES = {"sessions": "life:session", "documents": "life:document"}

Link = tuple[str, int]


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record in words, with the page that shows it; ``url`` is "" for who may not open it."""

    table: str
    key: int
    told: str
    url: str = ""

    @property
    def link(self) -> Link:
        """How a judgement keeps it."""
        return self.table, self.key

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.table}:{self.key}"


def linkable(branch: Organisation, quarter: Quarter) -> list[LinkedRecord]:
    """Closed meetings held in a quarter and papers filed in it or about it, by day."""
    sessions = _sessions(
        Q(
            organisation=branch,
            state=SessionState.CLOSED,
            held_on__gte=quarter.first,
            held_on__lte=quarter.last,
        )
    )
    within = Q(filed_on__gte=quarter.first, filed_on__lte=quarter.last) | Q(
        covers_on__gte=quarter.first, covers_on__lte=quarter.last
    )
    return [*sessions[:MOST], *_documents(within & Q(organisation=branch))[:MOST]]


def links_of(rows: Iterable[Review | SelfReview | None]) -> dict[int, tuple[Link, ...]]:
    """What judgements are tied to, by the identity of the row."""
    return {
        id(row): tuple((table, key) for table, key in json.loads(row.evidence))
        for row in rows
        if row and row.evidence
    }


def linked(actor: Actor, branch: Organisation, links: Iterable[Link]) -> Mapping[Link, LinkedRecord]:
    """The records of a branch behind links, in at most two queries; with their page for who may open it."""
    wanted: dict[str, list[int]] = {"sessions": [], "documents": []}
    for table, key in links:
        wanted.get(table, []).append(key)
    found = [
        *(_sessions(Q(organisation=branch, pk__in=wanted["sessions"])) if wanted["sessions"] else ()),
        *(_documents(Q(organisation=branch, pk__in=wanted["documents"])) if wanted["documents"] else ()),
    ]
    opens = authority.may(actor, "life.view", branch.path)
    return {
        each.link: LinkedRecord(
            each.table, each.key, each.told, reverse(PAGES[each.table], args=[each.key]) if opens else ""
        )
        for each in found
    }


def _sessions(condition: Q) -> list[LinkedRecord]:
    rows = (
        Session.objects.filter(condition)
        .order_by("held_on", "pk")
        .values_list("pk", "kind", "held_on", "title")
    )
    return [
        LinkedRecord(
            "sessions",
            pk,
            " ".join(filter(None, (formats.near(day), kinds.title(kind), title))),
        )
        for pk, kind, day, title in rows[:MOST]
    ]


def _documents(condition: Q) -> list[LinkedRecord]:
    rows = (
        FiledDocument.objects.filter(condition)
        .order_by("filed_on", "pk")
        .values_list("pk", "kind", "filed_on", "title")
    )
    return [
        LinkedRecord("documents", pk, f"{formats.near(day)} {DOCUMENT_KINDS.get(kind, kind)} {title}")
        for pk, kind, day, title in rows[:MOST]
    ]
