"""What the assessment knows of a branch in a year, for a step of a case that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhibu.core import scoring
from zhibu.core.calendar import Quarter
from zhibu.core.norms.procedures import Supply

from ..models import Result, RunState
from .selection import of_branch

if TYPE_CHECKING:
    from zhibu.procedures.models import Case


def of_case(case: Case, supply: Supply) -> int | None:
    """What is published of the case's branch in the year the case names; None when it names none."""
    year = case.fields.get("year")
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        return None
    if supply is Supply.SELECTION_WEIGHT:
        return of_branch(case.organisation_id, year)
    keys = [Quarter(year, number).key for number in (1, 2, 3, 4)]
    rows = Result.objects.filter(branch=case.organisation_id, run__quarter__in=keys).exclude(
        run__state=RunState.OPEN
    )
    points = dict(rows.values_list("run__quarter", "points"))
    average = scoring.year_average([points.get(key) for key in keys])
    return average if supply is Supply.YEAR_AVERAGE else int(average is not None)
