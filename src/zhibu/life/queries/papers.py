"""Talks, examinations and filed documents as they are listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from zhibu import record
from zhibu.core.authority import Actor, ranges
from zhibu.core.calendar import Quarter
from zhibu.life import policies
from zhibu.life.models import Examination, FiledDocument, Session, SessionState, Talk
from zhibu.life.queries.invited import session_told
from zhibu.life.queries.sessions import session_for
from zhibu.life.queries.talking import near
from zhibu.record.models import Attachment, ImportBatch
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import within


def talks(actor: Actor, *, kind: str = "", quarter: Quarter | None = None) -> QuerySet[Any, Any]:
    """Talks the actor may know of: those of branches where talks are recorded, and one's own."""
    condition = policies.reached(actor, "life.record_talk", "organisation__path") or Q(pk__in=())
    if actor.person is not None:
        condition |= Q(person=actor.person) | Q(talker=actor.person)
    rows = Talk.objects.filter(condition)
    if kind:
        rows = rows.filter(kind=kind)
    if quarter is not None:
        rows = rows.filter(held_on__range=(quarter.first, quarter.last))
    return rows.order_by("-held_on", "-id").values(
        "id",
        "kind",
        "held_on",
        "entered_on",
        "promised",
        "person__name",
        "talker__name",
        "organisation__name",
        "person_id",
        "talker_id",
        "organisation__path",
    )


def without_promises(actor: Actor, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same talks with the promises of others left out: a superior learns that people talked, not of what."""
    spans = near(actor)

    def open_to(row: dict[str, Any]) -> bool:
        if actor.person is not None and actor.person in {row["person_id"], row["talker_id"]}:
            return True
        return any(low <= row["organisation__path"] < end for low, end in spans)

    return [row if open_to(row) else {**row, "promised": ""} for row in rows]


def examinations(actor: Actor) -> QuerySet[Any, Any]:
    """Examinations of activists in the branches where the actor records them, newest first."""
    condition = policies.reached(actor, "life.record_examination", "organisation__path")
    rows = Examination.objects.filter(condition) if condition else Examination.objects.none()
    return rows.order_by("-held_on", "-id").values(
        "id", "held_on", "entered_on", "opinion", "person__name", "organisation__name"
    )


def documents(actor: Actor, *, kind: str = "", branch: int | None = None) -> QuerySet[Any, Any]:
    """Filed documents in reach, newest first."""
    rows = policies.visible_to(actor, FiledDocument.objects.all())
    if kind:
        rows = rows.filter(kind=kind)
    if branch is not None:
        rows = rows.filter(organisation_id=branch)
    return rows.order_by("-filed_on", "-id").values(
        "id", "kind", "title", "covers_on", "filed_on", "organisation__name", "attachment__name"
    )


def document_for(actor: Actor, pk: int) -> FiledDocument:
    """One filed document in reach, or 404."""
    rows = policies.visible_to(actor, FiledDocument.objects.select_related("organisation", "attachment"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def branches(actor: Actor, verb: str) -> list[tuple[int, str]]:
    """Branches where the actor holds the verb, in the order of the tree."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, verb), "path")
    return list(rows.order_by("path").values_list("id", "name"))


def place_for(
    actor: Actor, verb: str, branch: int | None, group: int | None
) -> tuple[Organisation, Organisation | None]:
    """The branch, and the Party group if one, where the actor is about to act; 404 when out of reach.

    Who holds the verb for a Party group alone acts for that group, and its branch comes with it.
    """
    rows = within(Organisation.objects.select_related("parent"), ranges(actor, verb), "path")
    if group is not None:
        found = rows.filter(pk=group, kind="party_group").first()
        if found is None or found.parent is None or (branch is not None and found.parent_id != branch):
            raise Http404(group)
        return found.parent, found
    branches_in_reach = rows.filter(kind__in=BRANCH_KINDS)
    place = (branches_in_reach.filter(pk=branch) if branch else branches_in_reach.order_by("path")).first()
    if place is not None:
        return place, None
    found = rows.filter(kind="party_group").order_by("path").first() if branch is None else None
    if found is None or found.parent is None:
        raise Http404(branch)
    return found.parent, found


def attachments(table: str, pk: int) -> list[dict[str, Any]]:
    """Files given with a row."""
    return [dict(zip(OF_FILE, row, strict=True)) for row in record.rows(_attached, table, pk)]


OF_FILE = ("id", "name", "kind", "size", "actor_name", "at")


def _attached(table: str, pk: int) -> QuerySet[Attachment, Any]:
    rows = Attachment.objects.filter(subject_table=table, subject_id=pk)
    return rows.order_by("id").values_list(*OF_FILE)


def batch_for(actor: Actor, pk: int) -> ImportBatch:
    """A ledger import of the actor's own; 404 for everyone else's."""
    found = ImportBatch.objects.filter(pk=pk, kind="meetings", actor_user=actor.user).first()
    if found is None:
        raise Http404(pk)
    return found


def batches(actor: Actor) -> list[dict[str, Any]]:
    """The actor's last ledger imports."""
    rows = ImportBatch.objects.filter(kind="meetings", actor_user=actor.user).order_by("-id")
    return [dict(row) for row in rows.values("id", "file_name", "rows", "state", "at")[:10]]


def attachment_for(actor: Actor, pk: int) -> Attachment:
    """A file of a meeting or a filed document within reach, or 404; whoever may see the thing may see its files."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    if found.subject_table == Session._meta.db_table:
        _may_read_materials(actor, found.subject_id)
    elif found.subject_table == FiledDocument._meta.db_table:
        document_for(actor, found.subject_id)
    else:
        raise Http404(pk)
    return found


def _may_read_materials(actor: Actor, pk: int) -> None:
    """Whoever sees the meeting; before it is held also whoever was told of it, of another branch."""
    if session_told(actor, pk).state != SessionState.CONVENED:
        session_for(actor, pk)
