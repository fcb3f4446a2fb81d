"""Laying a checked file aside until someone decides: no act, nothing is entered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from zhibu.core.authority import Actor
from zhibu.record.models import ImportBatch, ImportState
from zhibu.study.imports.report import Report

KIND = "study_results"


@transaction.atomic
def stage(actor: Actor, *, report: Report, now: datetime) -> ImportBatch:
    """Keep a checked file until someone decides; nothing is entered yet."""
    return ImportBatch.objects.create(
        kind=KIND, file_name=report.file_name[:200], sha256=report.sha256, rows=report.rows,
        state=ImportState.REFUSED if report.refused else ImportState.STAGED, report=report.as_json(),
        staged=[] if report.refused else [asdict(each) for each in report.planned],
        actor_user=actor.user, actor_name=actor.name, at=now,
    )  # fmt: skip
