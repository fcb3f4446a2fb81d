"""Where somebody is about to act, and where somebody belongs."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import Actor, ranges
from zhibu.life import queries as life
from zhibu.life.queries import in_force
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, OrganisationKind
from zhibu.ui.doors import within

MOST_PLACES = 500


def places(actor: Actor, verb: str, *, branches: bool = False) -> list[tuple[int, str]]:
    """Organisations (or branches alone) where the actor holds the verb, in the order of the tree."""
    rows = _rows(actor, verb, branches=branches)
    return list(rows.order_by("path").values_list("id", "name")[:MOST_PLACES])


def place_for(actor: Actor, verb: str, pk: int | None, *, branches: bool = False) -> Organisation:
    """The organisation asked for, or the first in reach; 404 when there is none."""
    rows = _rows(actor, verb, branches=branches)
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def branch_or_group(
    actor: Actor, verb: str, branch: int | None, group: int | None
) -> tuple[Organisation, Organisation | None]:
    """The branch, and the Party group if one, where the actor is about to act; 404 when out of reach."""
    return life.place_for(actor, verb, branch, group)


def home_of(person: int | None, today: date) -> Organisation | None:
    """The branch a member belongs to on a day."""
    if person is None:
        return None
    rows = Membership.objects.filter(in_force(today), person_id=person, stage__in=MEMBER_STAGES)
    found = rows.select_related("organisation").order_by("-since", "-id").first()
    return found.organisation if found else None


def _rows(actor: Actor, verb: str, *, branches: bool) -> QuerySet[Organisation]:
    rows = Organisation.objects.exclude(kind=OrganisationKind.PARTY_GROUP)
    if branches:
        rows = rows.filter(kind__in=BRANCH_KINDS)
    return within(rows, ranges(actor, verb), "path")
