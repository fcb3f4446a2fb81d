"""A published shift roster is taken over, so that meetings are not called while people work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies
from zhibu.life.actions import checks
from zhibu.life.imports import Roster
from zhibu.life.planned import Shift
from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def import_shifts(actor: Actor, *, organisation: Organisation, roster: Roster, now: datetime) -> int:
    """Take a roster as a whole: its days replace what was known of them. With one wrong row nothing is taken."""
    refuse_if(
        policies.may_act(actor, "life.import_shifts", organisation),
        checks.is_a_branch(organisation),
        None if not roster.wrong else Refusal(
            code="life.wrong_rows", message=_("有 {count} 行不能用，整表没有导入"), params={"count": len(roster.wrong)},
            remedy=_("改正后重新上传"),
        ),
    )  # fmt: skip
    batch = ImportBatch.objects.create(
        kind="shifts", organisation_id=organisation.pk, file_name=roster.file_name[:200], sha256=roster.sha256,
        rows=roster.rows, state=ImportState.APPLIED, actor_user=actor.user, actor_name=actor.name, at=now, applied_at=now,
    )  # fmt: skip
    days = {each.day for each in roster.shifts}
    Shift.objects.filter(organisation=organisation, day__in=days).delete()
    Shift.objects.bulk_create(
        (
            Shift(
                organisation=organisation, person_id=each.person, party_group_id=each.party_group, day=each.day,
                name=each.name, begins=each.begins, ends=each.ends, batch=batch,
            )
            for each in roster.shifts
        ),
        batch_size=500,
    )  # fmt: skip
    write(
        actor, "life.import_shifts", batch, organisation=organisation, now=now, rows=roster.rows,
        first=min(days).isoformat(), last=max(days).isoformat(), file=roster.file_name,
    )  # fmt: skip
    return len(roster.shifts)
