"""Results of other platforms are entered as a whole, and can be taken back as a whole."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.past import instant, take_back
from zhibu.record.writing import Draft, write_many
from zhibu.register.models import Organisation
from zhibu.study import policies
from zhibu.study.imports.report import Planned
from zhibu.study.imports.staging import KIND
from zhibu.study.models import StudyRecord


@transaction.atomic
def import_results(actor: Actor, *, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Enter all results of a checked file, or none. What was entered meanwhile is left alone."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_if(_of_state(batch, ImportState.STAGED))
    planned = [Planned(**row) for row in batch.staged]
    places = Organisation.objects.in_bulk({row.organisation for row in planned})
    refuse_if(*(policies.may_act(actor, "study.import_results", place) for place in places.values()))
    known = set(
        StudyRecord.objects.filter(import_key__in=[row.key for row in planned]).values_list(
            "import_key", flat=True
        )
    )
    planned = [row for row in planned if row.key not in known]
    today, known_at = timezone.localtime(now).date(), instant(now)
    StudyRecord.objects.bulk_create(
        [
            StudyRecord(
                organisation_id=row.organisation,
                person_id=row.person,
                kind=row.kind,
                minutes=row.minutes,
                studied_on=date.fromisoformat(row.studied_on),
                title=row.title,
                platform=row.platform,
                import_key=row.key,
                entered_on=today,
                batch=batch,
                known_at=known_at,
            )
            for row in planned
        ],
        batch_size=500,
    )
    batch.state, batch.applied_at, batch.staged = ImportState.APPLIED, now, []
    batch.report = {**batch.report, "imported": len(planned)}
    batch.save()
    _record(actor, "study.import_results", batch, Counter(row.organisation for row in planned), now)
    return batch


@transaction.atomic
def undo_results(actor: Actor, *, batch: ImportBatch, now: datetime) -> int:
    """Take back what an import entered. Returns how many lines."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_if(_of_state(batch, ImportState.APPLIED))
    rows = StudyRecord.objects.filter(batch=batch)
    counts = Counter(rows.values_list("organisation_id", flat=True))
    places = Organisation.objects.in_bulk(counts)
    refuse_if(*(policies.may_act(actor, "study.undo_results", place) for place in places.values()))
    take_back(rows, instant(now))
    batch.state, batch.undone_at = ImportState.UNDONE, now
    batch.save(update_fields=["state", "undone_at"])
    _record(actor, "study.undo_results", batch, counts, now)
    return counts.total()


def _record(actor: Actor, act: str, batch: ImportBatch, counts: Counter[int], now: datetime) -> None:
    """One entry in the chain of every branch concerned."""
    places = Organisation.objects.in_bulk(counts)
    write_many(
        Draft(
            actor,
            act,
            batch,
            places[pk],
            now,
            {"results": number, "file": batch.file_name, "sha256": batch.sha256},
        )
        for pk, number in sorted(counts.items())
    )


def _of_state(batch: ImportBatch, state: ImportState) -> Refusal | None:
    if batch.kind == KIND and batch.state == state:
        return None
    return Refusal(
        f"study.batch_is_not_{state.value}", _("这批结果现在是“{state}”，不能再这样做"),
        {"state": str(ImportState(batch.state).label)}, remedy=_("请重新上传"),
    )  # fmt: skip
