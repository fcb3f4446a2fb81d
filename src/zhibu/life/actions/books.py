"""The branch's book of a quarter leaves the platform: that it did is recorded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import refuse_if
from zhibu.life import policies, queries
from zhibu.life.actions import checks
from zhibu.life.sheets import put_book
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.sheet import Sheet


@transaction.atomic
def export_book(
    actor: Actor, *, organisation: Organisation, quarter: Quarter, sheet: Sheet, form: str, now: datetime
) -> int:
    """Put the closed meetings of a quarter into a paper (`form`: docx or pdf); how many there are."""
    refuse_if(policies.may_act(actor, "life.export_book", organisation), checks.is_a_branch(organisation))
    meetings = queries.papers_of(actor, organisation, quarter)
    put_book(
        sheet,
        organisation.name,
        f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度",
        meetings,
        checks.local_day(now),
    )
    write(
        actor, "life.export_book", organisation, organisation=organisation, now=now, quarter=quarter.code,
        meetings=len(meetings), form=form,
    )  # fmt: skip
    return len(meetings)
