"""A checked file waiting for its import: the report stays readable, the file itself is sealed until it is applied."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from zhibu.core.authority import Actor
from zhibu.record import vault
from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.progress import Tell, silent
from zhibu.register.imports.checking import check
from zhibu.register.imports.report import Report
from zhibu.register.models import Organisation

KIND = "roster"
KEPT_FOR = timedelta(days=2)
"""How long a checked file waits; personal data nobody came back for is not kept."""

_SEALED = "zb_import_batch.staged"


@transaction.atomic
def stage(
    actor: Actor, *, organisation: Organisation, data: bytes, filename: str, today: date, now: datetime,
    tell: Tell = silent,
) -> ImportBatch:  # fmt: skip
    """Check a roster and keep the result; an accepted file is kept, sealed, until it is imported or forgotten."""
    forget(now)
    report = check(actor, organisation, data, filename, today, tell=tell)
    waits = report.accepted and not report.changes_nothing
    return ImportBatch.objects.create(
        kind=KIND, organisation_id=organisation.pk, file_name=filename[-200:], sha256=sha256(data).hexdigest(),
        rows=report.data_rows, state=ImportState.STAGED if report.accepted else ImportState.REFUSED,
        report=report.stored(), staged=[vault.seal(base64.b64encode(data).decode(), _SEALED)] if waits else [],
        actor_user=actor.user, actor_name=actor.name, at=now,
    )  # fmt: skip


def staged_bytes(batch: ImportBatch) -> bytes | None:
    """The file of a batch, or None when it was applied or forgotten."""
    return base64.b64decode(vault.open_sealed(batch.staged[0], _SEALED)) if batch.staged else None


def report_of(batch: ImportBatch) -> Report:
    """The report of a batch as it was when it was checked or applied."""
    report = Report.restored(batch.report)
    report.batch = batch.pk
    return report


def forget(now: datetime) -> int:
    """Empty the files of batches that nobody applied in time; the number emptied."""
    old = ImportBatch.objects.filter(kind=KIND, at__lt=now - KEPT_FOR).exclude(staged=[])
    return old.update(staged=[])


def keep_report(batch: ImportBatch, report: Report) -> None:
    """Keep what judging the file again has found: the register had changed since the check."""
    batch.report, batch.staged = report.stored(), []
    batch.state = ImportState.STAGED if report.accepted else ImportState.REFUSED
    batch.save(update_fields=["report", "staged", "state"])
