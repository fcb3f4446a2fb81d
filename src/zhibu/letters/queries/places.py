"""Where one writes to, and bulletins as those see them who make them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import STEP, Actor, ranges
from zhibu.letters import policies
from zhibu.letters.models import Bulletin
from zhibu.notices import queries as notices
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, OrganisationKind
from zhibu.ui import squares
from zhibu.ui.doors import within

MOST_PLACES = 500


def own_place(actor: Actor, today: date) -> Organisation | None:
    """The branch of a member: where one's letters go."""
    if actor.person is None:
        return None
    rows = Membership.objects.filter(person_id=actor.person, until__isnull=True, stage__in=MEMBER_STAGES)
    found = rows.select_related("organisation__parent").order_by("-since", "-id").first()
    return found.organisation if found else None


def lineage_of(organisation: Organisation) -> list[Organisation]:
    """An organisation and those above it, the nearest first: whom one may write to."""
    path = organisation.path
    paths = [path[:length] for length in range(STEP, len(path) + 1, STEP)]
    return list(Organisation.objects.filter(path__in=paths).order_by("-path"))


def address_of(organisation: Organisation) -> str:
    """The address of the board and the portal; empty when there is none yet."""
    return notices.board_address(organisation)


def square(address: str) -> str:
    """The address as a square to be photographed."""
    return squares.square(address)


def places(actor: Actor, verb: str) -> list[tuple[int, str]]:
    """Organisations where the actor holds the verb."""
    return list(_rows(actor, verb).order_by("path").values_list("id", "name")[:MOST_PLACES])


def place_for(actor: Actor, verb: str, pk: int | None) -> Organisation:
    """The organisation asked for, or the first in reach; 404 when there is none."""
    rows = _rows(actor, verb)
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def bulletins(actor: Actor, *, kind: str = "", state: str = "") -> QuerySet[Bulletin]:
    """Bulletins one may see, newest first."""
    rows = policies.bulletins(
        actor, Bulletin.objects.select_related("organisation", "author", "follows__organisation")
    )
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-id")


def bulletin_for(actor: Actor, pk: int) -> Bulletin:
    """One bulletin one may see, or 404."""
    found = bulletins(actor).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def _rows(actor: Actor, verb: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.exclude(kind=OrganisationKind.PARTY_GROUP)
    return within(rows, ranges(actor, verb), "path")
