"""The branch a page is about, and all of them at a glance: who asked, who analysed, what is still open. Never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import Http404

from zhibu.concerns import policies
from zhibu.concerns.models import Analysis, Survey, SurveyState
from zhibu.concerns.queries.quarter import SOURCE
from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.undertakings.models import Undertaking, UndertakingState

MOST_BRANCHES = 500


def branch_for(actor: Actor, pk: int | None, verb: str = policies.VIEW) -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS)
    rows = policies.visible_to(actor, rows, verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def branches(actor: Actor, verb: str = policies.VIEW) -> list[tuple[int, str]]:
    """Branches in reach, to change over to."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_BRANCHES])


@dataclass(frozen=True, slots=True)
class Row:
    """A branch in a quarter. No number of answers: sums of several branches could be taken apart."""

    branch: int
    name: str
    survey: str
    filed_on: date | None
    written: bool
    measures: int
    closed: int


def overview(actor: Actor, quarter: Quarter, today: date) -> list[Row]:
    """Every branch in reach, those without an analysis first."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=today)
    )
    rows = policies.visible_to(actor, rows, "concerns.oversee", field="path").order_by("path")
    names = list(rows.values_list("id", "name"))
    surveys = dict(
        Survey.objects.filter(organisation__in=rows, covers_on=quarter.first)
        .exclude(state=SurveyState.CANCELLED)
        .values_list("organisation_id", "state")
    )
    found = {
        row.organisation_id: row
        for row in Analysis.objects.filter(
            organisation__in=rows, covers_on=quarter.first
        ).select_related("document")
    }  # fmt: skip
    sums = {
        pk: (total, closed)
        for pk, total, closed in Undertaking.objects.filter(
            source=SOURCE, source_id__in=[row.pk for row in found.values()]
        )
        .values_list("source_id")
        .annotate(total=Count("id"), closed=Count("id", filter=Q(state=UndertakingState.CLOSED)))
    }
    made = []
    for pk, name in names:
        row = found.get(pk)
        total, closed = sums.get(row.pk, (0, 0)) if row else (0, 0)
        state = str(SurveyState(surveys[pk]).label) if pk in surveys else ""
        filed = row.document.filed_on if row and row.document else None
        made.append(Row(pk, name, state, filed, row is not None, total, closed))
    return sorted(made, key=lambda each: each.filed_on is not None)
