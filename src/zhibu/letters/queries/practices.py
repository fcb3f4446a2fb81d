"""Practices: what branches wrote down once, found by others, taken over with credit."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from zhibu.core.authority import Actor, ranges
from zhibu.letters import policies
from zhibu.letters.models import Bulletin, BulletinKind, BulletinState
from zhibu.search.finding import find
from zhibu.ui.doors import within

MOST = 200
PRACTICES = Q(kind=BulletinKind.PRACTICE, state=BulletinState.PUBLISHED)


def practices(actor: Actor, *, topic: str = "", search: str = "", own: bool = False) -> QuerySet[Bulletin]:
    """What the actor may read, newest first, with how often each was taken over; with words, those that hold them."""
    rows = policies.practices(actor, Bulletin.objects.all())
    if topic:
        rows = rows.filter(topic=topic)
    if own:
        rows = within(rows, ranges(actor, "letters.view"), "organisation__path")
    if search:
        rows = rows.filter(pk__in=find(rows, search, size=MOST).keys)
    times = Count("taken_over", filter=Q(taken_over__state=BulletinState.PUBLISHED))
    return (
        rows.select_related("organisation", "follows__organisation")
        .annotate(times=times)
        .order_by("-published_on", "-id")
    )


def adopters(practice: Bulletin) -> list[Bulletin]:
    """Who took it over and published how, newest first."""
    rows = Bulletin.objects.filter(PRACTICES, follows=practice).select_related("organisation")
    return list(rows.order_by("-published_on", "-id")[:50])


def published_between(first: date, last: date) -> QuerySet[Bulletin]:
    """Practices published between two days; whoever asks narrows it to what may be seen."""
    return Bulletin.objects.filter(PRACTICES, published_on__gte=first, published_on__lte=last)
