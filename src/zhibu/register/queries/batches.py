"""Imports of rosters, as the pages show them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.record.models import ImportBatch
from zhibu.register import policies

KIND = "roster"


def batches_of(actor: Actor, verb: str = "register.import_roster") -> QuerySet[ImportBatch]:
    """The imports into organisations where the actor holds the verb, newest first."""
    reach = policies.visible_organisations(actor, verb).values("pk")
    return ImportBatch.objects.filter(kind=KIND, organisation_id__in=reach).order_by("-id")


def batch_for(actor: Actor, pk: int, verb: str = "register.import_roster") -> ImportBatch:
    """One import, or 404."""
    try:
        return batches_of(actor, verb).get(pk=pk)
    except ImportBatch.DoesNotExist:
        raise Http404 from None
