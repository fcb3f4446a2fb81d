"""Checks of a year with what they found, how it was put right, and to whom that was reported back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.register.models import Organisation
from zhibu.undertakings import policies as undertakings
from zhibu.undertakings.models import Step, StepKind, Undertaking, UndertakingState
from zhibu.undertakings.queries import marks

KIND, FINDING, SOURCE = "integrity_check", "integrity_finding", "integrity.check"
ENDED = (UndertakingState.CLOSED, UndertakingState.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding: the problem, what is done about it, by whom and when, what came of it, and the feedback."""

    row: Undertaking
    marks: tuple[tuple[str, str], ...]
    feedback: str
    fed_back_on: date | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A check and its findings."""

    row: Undertaking
    marks: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def open(self) -> int:
        """How many findings are not put right yet."""
        return sum(each.row.state not in ENDED for each in self.findings)


def checks(actor: Actor, branch: Organisation, year: int, today: date) -> list[Checked]:
    """Checks begun in a year as far as the actor may see them, newest first."""
    rows = undertakings.visible_to(actor, Undertaking.objects.filter(
        organisation=branch, kind=KIND, opened_on__gte=date(year, 1, 1), opened_on__lte=date(year, 12, 31)
    )).exclude(state=UndertakingState.GIVEN_UP)  # fmt: skip
    found = list(rows.select_related("owner", "organisation").order_by("-opened_on", "-id"))
    return _with_findings(actor, found, today)


def check_for(actor: Actor, pk: int, today: date) -> Checked:
    """One check the actor may see, or 404."""
    rows = undertakings.visible_to(actor, Undertaking.objects.filter(pk=pk, kind=KIND))
    found = list(rows.select_related("owner", "organisation"))
    if not found:
        raise Http404(pk)
    return _with_findings(actor, found, today)[0]


def _with_findings(actor: Actor, rows: list[Undertaking], today: date) -> list[Checked]:
    points = list(
        undertakings.visible_to(
            actor,
            Undertaking.objects.filter(source=SOURCE, source_id__in=[row.pk for row in rows], kind=FINDING),
        )
        .select_related("owner")
        .order_by("id")
    )
    told: dict[int, tuple[str, date]] = {
        row: (text, day)
        for row, text, day in Step.objects.filter(undertaking__in=points, kind=StepKind.CLOSED)
        .order_by("id")
        .values_list("undertaking_id", "text", "taken_on")
    }
    of_check: dict[int, list[Finding]] = {}
    for each in points:
        text, day = told.get(each.pk, ("", None))
        of_check.setdefault(each.source_id or 0, []).append(
            Finding(each, tuple(marks(each, today)), text, day)
        )
    return [Checked(row, tuple(marks(row, today)), tuple(of_check.get(row.pk, ()))) for row in rows]
