"""Notices as they are listed and found, within the reach of who asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.notices import policies
from zhibu.notices.models import Notice, NoticeReply
from zhibu.register.models import BRANCH_KINDS, Membership, Organisation, OrganisationKind

MOST_HOLDERS = 100

LISTED = (
    "id", "kind", "reply", "title", "opens_on", "closes_on", "working_days", "provisional", "has_result", "objections",
    "withdrawn", "organisation__name", "entered_on",
)  # fmt: skip


def listed(actor: Actor, *, kind: str = "", state: str = "", today: date) -> QuerySet[Any, Any]:
    """Notices in reach, newest first, as plain rows."""
    rows = policies.visible_to(actor, Notice.objects.all())
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(withdrawn=0, has_result=0, closes_on__gte=today)
    elif state == "due":
        rows = rows.filter(withdrawn=0, has_result=0, closes_on__lt=today, reply=NoticeReply.OBJECTION)
    elif state == "done":
        rows = rows.filter(has_result=1)
    return rows.order_by("-opens_on", "-id").values(*LISTED)


def notice_for(actor: Actor, pk: int, verb: str = "notices.view") -> Notice:
    """One notice in reach, or 404."""
    found = (
        policies.visible_to(actor, Notice.objects.select_related("organisation", "subject"), verb)
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(pk)
    return found


def publishers(actor: Actor) -> list[tuple[int, str]]:
    """Branches in whose name the actor may publish."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS)
    rows = policies.visible_to(actor, rows, "notices.publish", field="path")
    return list(rows.order_by("path").values_list("id", "name"))


def branch_for(actor: Actor, pk: int | None, verb: str = "notices.publish") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def people(organisation: Organisation) -> list[tuple[int, str, str]]:
    """People of the branch a notice may be about: (id, name, stage)."""
    rows = Membership.objects.filter(organisation=organisation, until__isnull=True).order_by(
        "person__initials"
    )
    return [
        (person, name, str(dict(Membership.stage.field.flatchoices)[stage]))
        for person, name, stage in rows.values_list("person_id", "person__name", "stage")
    ]


def holders(actor: Actor, verb: str) -> list[tuple[int, str]]:
    """Organisations in reach that may have a board: branches and the committees above them."""
    rows = Organisation.objects.exclude(kind=OrganisationKind.PARTY_GROUP)
    rows = policies.visible_to(actor, rows, verb, field="path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_HOLDERS])


def holder_for(actor: Actor, pk: int | None, verb: str) -> Organisation:
    """The organisation asked for, or the first in reach, as the holder of a board; 404 when there is none."""
    rows = Organisation.objects.exclude(kind=OrganisationKind.PARTY_GROUP)
    rows = policies.visible_to(actor, rows, verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found
