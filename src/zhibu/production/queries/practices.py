"""Practices: one's own, and those that other branches share."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.production import policies
from zhibu.production.models import Practice
from zhibu.register.models import Organisation


def listed(
    actor: Actor, *, field: str = "", search: str = "", branch: Organisation | None = None
) -> QuerySet[Practice]:
    """What the actor may read, newest first, with how often each was taken over."""
    rows = policies.readable_by(actor, Practice.objects.filter(withdrawn=0))
    if field:
        rows = rows.filter(field=field)
    if branch is not None:
        rows = rows.filter(organisation=branch)
    for word in search.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(problem__icontains=word) | Q(method__icontains=word))
    times = Count("taken_over", filter=Q(taken_over__withdrawn=0))
    return (
        rows.select_related("organisation", "follows__organisation")
        .annotate(times=times)
        .order_by("-written_on", "-id")
    )


def practice_for(actor: Actor, pk: int) -> Practice:
    """One practice the actor may read, or 404."""
    rows = policies.readable_by(
        actor, Practice.objects.select_related("organisation", "follows__organisation")
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def adopters(practice: Practice) -> list[Practice]:
    """Who took it over, newest first, with what they did and what came of it."""
    rows = Practice.objects.filter(follows=practice, withdrawn=0, shared=1).select_related("organisation")
    return list(rows.order_by("-written_on", "-id")[:50])
