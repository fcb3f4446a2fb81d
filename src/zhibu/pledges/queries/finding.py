"""Branches and pledges within reach."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import Http404

from zhibu.core.authority import Actor, ranges
from zhibu.pledges import policies
from zhibu.pledges.queries.year import of_year
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation
from zhibu.ui.doors import within
from zhibu.undertakings.models import Undertaking

MOST_BRANCHES = 100


def branches(actor: Actor, verb: str = policies.VIEW) -> list[tuple[int, str]]:
    """Branches where the actor holds the verb, in the order of the tree."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, verb), "path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_BRANCHES])


def branch_for(actor: Actor, pk: int | None, verb: str = policies.VIEW) -> Organisation:
    """The branch asked for, or one's own, or the first in reach; 404 when there is none."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, verb), "path")
    if pk is None and actor.person is not None:
        mine = Membership.objects.filter(person=actor.person, until__isnull=True).values("organisation")
        found = rows.filter(pk__in=mine).first() or rows.order_by("path").first()
    else:
        found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def own_branch(actor: Actor, today: date) -> Organisation | None:
    """The branch of which the actor is a member today."""
    if actor.person is None:
        return None
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    rows = Membership.objects.filter(current, person=actor.person, stage__in=MEMBER_STAGES)
    spell = rows.select_related("organisation").order_by("-since").first()
    return spell.organisation if spell else None


def pledge_of(person: int, branch: Organisation, year: int) -> Undertaking | None:
    """The pledge of a person for a year."""
    return of_year(branch, year).filter(owner=person).order_by("-id").first()


def pledge_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Undertaking:
    """A pledge of a branch in reach, or 404."""
    rows = Undertaking.objects.filter(kind="pledge").select_related("organisation", "owner")
    found = within(rows, ranges(actor, verb)).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found
