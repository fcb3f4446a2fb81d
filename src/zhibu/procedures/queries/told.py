"""What this room tells on the public board: how cases ended whose rule publishes them; never one about a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from zhibu.core.norms.procedures import Procedure, StepKind
from zhibu.notices.gathering import Heading, Told, days_shown
from zhibu.notices.models import Board
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.engine import procedure_of
from zhibu.ui.language import pick

MOST = 20


def on_board(board: Board, today: date) -> Iterator[Told]:
    """Cases of the organisation that ended well in the last weeks and were published on the way."""
    days = timedelta(days=days_shown("result_days", today))
    rows = Case.objects.filter(
        organisation=board.organisation_id, state=CaseState.ENDED, person__isnull=True, ended_on__gt=today - days,
        ended_on__lte=today,
    )  # fmt: skip
    for row in rows.order_by("-ended_on", "-id")[:MOST]:
        procedure = procedure_of(row.procedure)
        if procedure is None or row.ended_on is None or not _published(row, procedure):
            continue
        ending = procedure.ending(row.ended)
        if ending.success:
            yield Told(
                Heading.RESULTS, f"{row.title}：{pick(ending.title)}", pick(procedure.title), row.ended_on,
                row.ended_on + days,
            )  # fmt: skip


def _published(row: Case, procedure: Procedure) -> bool:
    """Whether a step that publishes was taken: what never stood on the board is not told by its end."""
    steps = [step.id for step in procedure.steps if step.kind is StepKind.NOTICE]
    return bool(steps) and row.steps.filter(step__in=steps, reversed=0).exists()
