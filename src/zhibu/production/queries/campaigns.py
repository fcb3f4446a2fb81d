"""Competitions and shock tasks of a branch."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.production import policies
from zhibu.production.models import Campaign
from zhibu.register.models import Organisation

MOST = 300


def over(branch: Organisation, today: date) -> list[tuple[int, str, date]]:
    """(campaign, title, last day) of those that are over and have no results yet, newest first."""
    return record.rows(_over, branch.pk, today)


def _over(branch: int, today: date) -> QuerySet[Campaign, Any]:
    rows = Campaign.objects.filter(organisation=branch, closes_on__lt=today, ended_on=None, cancelled=0)
    return rows.order_by("-closes_on", "-id").values_list("pk", "title", "closes_on")[:MOST]


def campaigns(branch: Organisation, between: tuple[date, date] | None = None) -> list[Campaign]:
    """Campaigns of a branch, newest first; with two days, those that ran between them or ended there."""
    rows = Campaign.objects.filter(organisation=branch)
    if between is not None:
        first, last = between
        rows = rows.filter(
            Q(opens_on__lte=last, closes_on__gte=first) | Q(ended_on__gte=first, ended_on__lte=last)
        ).filter(cancelled=0)
    return list(rows.order_by("-closes_on", "-id")[:MOST])


def campaign_for(actor: Actor, pk: int, verb: str = "production.view") -> Campaign:
    """One campaign in reach, or 404."""
    rows = policies.visible_to(actor, Campaign.objects.select_related("organisation"), verb)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found
