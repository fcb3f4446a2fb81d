"""The columns of all running cases worked out anew: after rules changed, or each night as days go by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db import transaction

from zhibu.procedures.actions.standing import derive
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.values import branch_values, subjects_values
from zhibu.record import write
from zhibu.record.past import instant

SOME = 500
COLUMNS = (
    "state", "ended", "ended_on", "suspended_on", "next_step", "next_role", "next_from", "next_due", "overdue_from", "above_step",
    "above_from", "above_due", "repeat_step", "repeat_due", "steps_done", "judged_by", "judged_on", "known_at",
)  # fmt: skip


def rebuild(today: date, now: datetime) -> tuple[int, int]:
    """(cases looked at, cases that stand otherwise than before). What was done is not touched, only what follows from it."""
    branches: dict[int, dict[str, Any]] = {}
    looked = changed = 0
    for some in _running():
        people = subjects_values([case.person_id for case in some if case.person_id], today)
        otherwise, moved = [], []
        for case in some:
            if case.organisation_id not in branches:
                branches[case.organisation_id] = branch_values(case.organisation, today)
            was = [getattr(case, name) for name in COLUMNS[:15]]
            subject = people.get(case.person_id or 0, {})
            derive(case, today, subject=subject, branch=branches[case.organisation_id])
            looked += 1
            if was != [getattr(case, name) for name in COLUMNS[:15]]:
                changed += 1
                moved.append(case)
            otherwise.append(case)
        with transaction.atomic():
            for case in moved:
                case.known_at = instant(now)
            Case.objects.bulk_update(otherwise, COLUMNS)
            # one entry a branch: what its desk shows of its cases is another thing now
            for organisation, here in groupby(moved, key=attrgetter("organisation")):
                write(
                    None,
                    "procedures.rebuild",
                    None,
                    organisation=organisation,
                    now=now,
                    cases=len(list(here)),
                )
    return looked, changed


def _running() -> Iterator[list[Case]]:
    rows = (
        Case.objects.exclude(state=CaseState.ENDED)
        .select_related("organisation", "organisation__parent")
        .prefetch_related("steps", "events", "papers")
        .order_by("organisation_id", "pk")
        .iterator(chunk_size=SOME)
    )
    while some := list(islice(rows, SOME)):
        yield some
