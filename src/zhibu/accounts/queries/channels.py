"""Groups that are told, letters that went out or did not, and one's own mailbox."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from zhibu import record
from zhibu.accounts import policies
from zhibu.accounts.channels import ADDRESS, Channel, Installation, Mailbox
from zhibu.core.authority import Actor, Spans, may, ranges
from zhibu.record import vault
from zhibu.record.models import Letter, LetterState
from zhibu.record.writing import Node
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui.doors import one, within

CONNECT, AGAIN = "accounts.connect_channel", "accounts.send_again"
TROUBLE = (LetterState.FAILED, LetterState.UNSURE)


def channels(actor: Actor) -> QuerySet[Any, Any]:
    """Connected groups where the actor may connect, in the order of the tree."""
    rows = within(Channel.objects.filter(disconnected_at__isnull=True), ranges(actor, CONNECT))
    names = ("id", "kind", "name", "connected_at", "connected_by", "organisation__name")
    return rows.order_by("organisation__path", "id").values(*names)


def channel_for(actor: Actor, pk: int, verb: str) -> Channel:
    """One group in reach, or 404."""
    found: Channel = one(within(Channel.objects.select_related("organisation"), ranges(actor, verb)), pk=pk)
    return found


def branches_to_connect(actor: Actor) -> list[tuple[int, str]]:
    """Branches whose groups the actor may connect."""
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True),
        ranges(actor, CONNECT),
        "path",
    )
    return list(rows.order_by("path").values_list("id", "name"))


def branch_to_connect(actor: Actor, pk: int) -> Organisation:
    """One of them, or 404."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, CONNECT), "path")
    found: Organisation = one(rows, pk=pk)
    return found


def letters(actor: Actor, *, state: str = "") -> QuerySet[Any, Any]:
    """Letters of the organisations in reach, newest first. An operator sees all, those of nobody's branch, too."""
    rows = _reached(actor)
    if state == "trouble":
        rows = rows.filter(state__in=TROUBLE)
    elif state:
        rows = rows.filter(state=state)
    return rows.order_by("-id").values(
        "id", "channel", "title", "state", "attempts", "error", "written_at", "next_at", "settled_at",
        "organisation_id",
    )  # fmt: skip


def _reached(actor: Actor) -> QuerySet[Letter]:
    return _within(_spans(actor))


def _spans(actor: Actor) -> Spans | None:
    """Where letters are in reach; None for everywhere."""
    return None if policies.everywhere(actor, AGAIN) else ranges(actor, AGAIN)


def _within(spans: Spans | None) -> QuerySet[Letter]:
    if spans is None:
        return Letter.objects.all()
    places = within(Organisation.objects.all(), spans, "path")
    return Letter.objects.filter(organisation_id__in=places.values("id"))


def letter_for(actor: Actor, pk: int) -> tuple[Letter, Node]:
    """One letter in reach with where it belongs, or 404."""
    letter: Letter = one(_reached(actor), pk=pk)
    place = Organisation.objects.filter(pk=letter.organisation_id).first()
    if place is None:
        if not policies.everywhere(actor, AGAIN):
            raise Http404(pk)
        # nobody's branch: the person's own
        return letter, Installation()
    return letter, place


def troubles(actor: Actor) -> int:
    """How many letters in reach did not go out, or perhaps did."""
    return sum(number for _state, number in record.rows(_troubled, _spans(actor)))


def _troubled(spans: Spans | None) -> QuerySet[Any, Any]:
    rows = _within(spans).filter(state__in=TROUBLE)
    return rows.values_list("state").annotate(number=Count("id")).order_by("state")


def names_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same letters with the name of their organisation."""
    found = dict(
        Organisation.objects.filter(pk__in={row["organisation_id"] for row in rows}).values_list("id", "name")
    )
    return [{**row, "place": found.get(row["organisation_id"], "")} for row in rows]


def mailbox_of(person: int | None) -> dict[str, Any] | None:
    """One's own mailbox: the address as far as is needed to know it again, and whether it is confirmed."""
    box = None if person is None else Mailbox.objects.filter(person=person).first()
    if box is None:
        return None
    name, _at, domain = vault.open_sealed(box.address_sealed, ADDRESS).partition("@")
    waits = bool(box.code_digest) and box.confirmed_at is None
    return {"address": f"{name[:2]}***@{domain}", "confirmed": box.confirmed_at is not None, "waits": waits}


def may_connect(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may connect groups of an organisation."""
    return may(actor, CONNECT, organisation.path)
