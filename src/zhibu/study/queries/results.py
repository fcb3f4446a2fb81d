"""Imports of results, and single lines of study."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from zhibu.core.authority import Actor, may, may_for_self
from zhibu.record.models import ImportBatch
from zhibu.study.models import StudyRecord

KIND = "study_results"


def batch_for(actor: Actor, pk: int) -> ImportBatch:
    """An import of the actor's own; 404 for everyone else's."""
    found = ImportBatch.objects.filter(pk=pk, kind=KIND, actor_user=actor.user).first()
    if found is None:
        raise Http404(pk)
    return found


def batches(actor: Actor) -> list[dict[str, Any]]:
    """The actor's last imports of results."""
    rows = ImportBatch.objects.filter(kind=KIND, actor_user=actor.user).order_by("-id")
    return [dict(row) for row in rows.values("id", "file_name", "rows", "state", "at")[:10]]


def record_for(actor: Actor, pk: int) -> StudyRecord:
    """A line of one's own study, or of the training of a branch one keeps; else 404."""
    found = StudyRecord.objects.select_related("organisation").filter(pk=pk).first()
    verb = "study.take_back_record"
    own = found is not None and may_for_self(actor, verb) and found.person_id == actor.person
    if found is None or not (own or may(actor, verb, found.organisation.path)):
        raise Http404(pk)
    return found
