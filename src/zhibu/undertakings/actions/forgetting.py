"""What is kept for a time only is deleted after it: rows, steps, helpers, earlier versions; the record says only that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from zhibu.record import attachments as files
from zhibu.record.models import Attachment
from zhibu.record.writing import write
from zhibu.undertakings import policies
from zhibu.undertakings.actions.steps import local_day
from zhibu.undertakings.models import Helper, PastUndertaking, Step, Undertaking

TABLES = tuple(model._meta.db_table for model in (Undertaking, PastUndertaking, Helper, Step))
"""Where words of an undertaking lie; the job rewrites them when something was deleted."""


@transaction.atomic
def forget_undertakings(now: datetime) -> int:
    """Delete those whose time of keeping is over: so long after their end, or after the day they were due. How many there were."""
    today = local_day(now)
    due: Counter[int] = Counter()
    gone: list[int] = []
    for kind in policies.kinds().values():
        days = kind.kept_on(today)
        if not days:
            continue
        for pk, organisation in _over(kind.id, today - timedelta(days=days)):
            gone.append(pk)
            due[organisation] += 1
    erase(gone)
    for organisation, count in sorted(due.items()):
        write(None, "undertakings.forget", None, organisation=organisation, now=now, count=count)
    return len(gone)


def _over(kind: str, limit: date) -> list[tuple[int, int]]:
    """(id, branch) of those that ended before the day; or were due before it and nobody ended."""
    ended = Q(ended_on__lt=limit)
    left = Q(state__in=policies.OPEN_STATES, due_on__lt=limit)
    rows = Undertaking.objects.filter(ended | left, kind=kind)
    return list(rows.order_by("id").values_list("pk", "organisation_id"))


def erase(rows: Sequence[int]) -> None:
    """Delete them with everything that hangs on them, files included, unless the same file was given elsewhere too."""
    if not rows:
        return
    Undertaking.objects.filter(pk__in=rows).delete()
    PastUndertaking._default_manager.filter(key__in=rows).delete()
    files.erase(Attachment.objects.filter(subject_table=Undertaking._meta.db_table, subject_id__in=rows))
