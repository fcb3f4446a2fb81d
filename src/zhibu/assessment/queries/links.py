"""Records a judgement may be tied to: what a branch held, filed, reached and was given in the quarter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core import authority
from zhibu.life import kinds
from zhibu.life.models import DocumentKind, FiledDocument, Session, SessionState
from zhibu.premises.models import Honour
from zhibu.production.models import Campaign, Figures
from zhibu.ui import formats

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.calendar import Quarter
    from zhibu.register.models import Organisation

    from ..models import Review, SelfReview

MOST = 80  # a branch holds some twenty meetings a quarter
DOCUMENT_KINDS = {str(value): label for value, label in DocumentKind.choices}
PAGES = {
    "sessions": "life:session",
    "documents": "life:document",
    "figures": "production:month",
    "campaigns": "production:campaign",
    "honours": "premises:honour",
}

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
    of_unit = [
        *_figures(Q(organisation=branch, month_on__gte=quarter.first, month_on__lte=quarter.last)),
        *_campaigns(Q(organisation=branch, ended_on__gte=quarter.first, ended_on__lte=quarter.last)),
        *_honours(Q(organisation=branch, given_on__gte=quarter.first, given_on__lte=quarter.last)),
    ]
    return [*sessions[:MOST], *_documents(within & Q(organisation=branch))[:MOST], *of_unit]


def links_of(rows: Iterable[Review | SelfReview | None]) -> dict[int, tuple[Link, ...]]:
    """What judgements are tied to, by the identity of the row."""
    return {
        id(row): tuple((table, key) for table, key in json.loads(row.evidence))
        for row in rows
        if row and row.evidence
    }


def linked(actor: Actor, branch: Organisation, links: Iterable[Link]) -> Mapping[Link, LinkedRecord]:
    """The records of a branch behind links, in at most a query a table; with their page for who may open it."""
    wanted: dict[str, list[int]] = {table: [] for table in PAGES}
    for table, key in links:
        wanted.get(table, []).append(key)
    readers = {
        "sessions": _sessions, "documents": _documents, "figures": _figures, "campaigns": _campaigns, "honours": _honours,
    }  # fmt: skip
    found = [
        each
        for table, keys in wanted.items()
        if keys
        for each in readers[table](Q(organisation=branch, pk__in=keys))
    ]
    rooms = {page.partition(":")[0] for page in PAGES.values()}
    opens = {room for room in rooms if authority.may(actor, f"{room}.view", branch.path)}
    return {each.link: _opened(each, opens) for each in found}


def _opened(record: LinkedRecord, opens: set[str]) -> LinkedRecord:
    page = PAGES[record.table]
    url = reverse(page, args=[record.key]) if page.partition(":")[0] in opens else ""
    return LinkedRecord(record.table, record.key, record.told, url)


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


def _figures(condition: Q) -> list[LinkedRecord]:
    rows = Figures.objects.filter(condition).order_by("month_on").values_list("pk", "month_on")
    return [
        LinkedRecord("figures", pk, f"{formats.month(f'{month:%Y-%m}')} {_('单位数字')}")
        for pk, month in rows[:MOST]
    ]


def _campaigns(condition: Q) -> list[LinkedRecord]:
    rows = Campaign.objects.filter(condition, cancelled=0).order_by("ended_on", "pk")
    return [
        LinkedRecord(
            "campaigns", row.pk, f"{formats.near(row.ended_on)} {row.get_kind_display()} {row.title}"
        )
        for row in rows[:MOST]
    ]


def _honours(condition: Q) -> list[LinkedRecord]:
    # what a member does not want shown is nobody's evidence
    rows = Honour.objects.filter(condition, revoked_on__isnull=True, shown=1).order_by("given_on", "pk")
    return [
        LinkedRecord("honours", row.pk, f"{formats.near(row.given_on)} {_('荣誉')} {row.title}")
        for row in rows[:MOST]
    ]
