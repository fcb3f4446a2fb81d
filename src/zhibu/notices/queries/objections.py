"""Objections as whoever handles them reads them, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from zhibu import record
from zhibu.core.authority import Actor, Spans
from zhibu.notices import policies
from zhibu.notices.models import Notice, NoticeReply, Objection, ObjectionState
from zhibu.notices.queries.listing import notice_for
from zhibu.record import vault
from zhibu.ui.doors import within

MOST = 5
"""Notices with objections that a desk names."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an objection says, once it is in examination."""

    text: str
    name: str
    contact: str
    finding: str
    answer: str


def handled_notice(actor: Actor, pk: int) -> Notice:
    """A notice whose objections the actor may handle, or 404; who has an interest in it is shown nothing."""
    found = notice_for(actor, pk, policies.HANDLE)
    if policies.has_interest(actor, found):
        raise Http404(pk)
    return found


def objection_for(actor: Actor, pk: int) -> Objection:
    """One objection the actor may handle, or 404."""
    rows = Objection.objects.select_related("notice", "notice__organisation", "notice__subject")
    rows = policies.visible_to(actor, rows, policies.HANDLE, "notice__organisation__path")
    found = rows.filter(pk=pk).first()
    if found is None or policies.has_interest(actor, found.notice):
        raise Http404(pk)
    return found


def received(notice: Notice) -> list[Objection]:
    """The objections of a notice in the order they came, unopened."""
    return list(Objection.objects.filter(notice=notice).order_by("number"))


def opened(objection: Objection) -> Opened | None:
    """What it says; nothing before somebody took it into examination, which is recorded."""
    if objection.state == ObjectionState.RECEIVED:
        return None

    def read(column: str) -> str:
        sealed = getattr(objection, f"{column}_sealed")
        return vault.open_sealed(sealed, f"zb_objection.{column}") if sealed else ""

    return Opened(*(read(column) for column in ("text", "name", "contact", "finding", "answer")))


def unanswered_under(ranges: Spans, person: int | None) -> list[tuple[int, str, int, bool]]:
    """(notice, its title, how many are not answered, are they comments) within path ranges, for whoever has no interest in it."""
    return [
        (notice, title, number, reply == NoticeReply.COMMENT)
        for notice, title, barred, reply, number in record.rows(_unanswered, ranges, person)
        if person not in barred
    ][:MOST]


def _unanswered(ranges: Spans, person: int | None) -> QuerySet[Objection, Any]:
    rows = within(
        Objection.objects.exclude(state=ObjectionState.ANSWERED), ranges, "notice__organisation__path"
    )
    rows = rows.filter(notice__withdrawn=0).exclude(notice__subject_id=person, notice__subject__isnull=False)
    counted = rows.values_list("notice_id", "notice__title", "notice__barred", "notice__reply").annotate(
        n=Count("id")
    )
    return counted.order_by("notice_id")[: MOST * 2]
