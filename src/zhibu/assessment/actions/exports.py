"""Taking a quarter out of the system: the record keeps who took what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from zhibu import record
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import refuse_if
from zhibu.register.models import Organisation

from .. import policies

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@transaction.atomic
def export(actor: Actor, *, organisation: Organisation, quarter: Quarter, format: str, now: datetime) -> None:  # noqa: A002
    """Record that a committee's quarter was exported, before the file is made."""
    refuse_if(policies.may(actor, "assessment.export", organisation.path))
    record.write(
        actor,
        "assessment.export",
        organisation,
        organisation=organisation,
        now=now,
        quarter=quarter.code,
        format=format,
    )
