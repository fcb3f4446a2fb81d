"""The list of duties of a year: each line with its holder, its day, and the undertaking it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhibu import rulebook
from zhibu.core.norms import IntegrityDuty
from zhibu.integrity.queries.promises import seats
from zhibu.register.models import Organisation
from zhibu.ui.language import pick
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.queries import marks

KIND, SOURCE = "integrity_duty", "integrity.duty."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list for one day of the year. `undertaking` is None while nobody was given it."""

    duty: IntegrityDuty
    due_on: date
    holder: int | None
    holder_name: str
    undertaking: Undertaking | None
    marks: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The duty in the reader's language."""
        return pick(self.duty.title)


def of_year(branch: Organisation, year: int) -> QuerySet[Undertaking]:
    """What the duties of a year became."""
    rows = Undertaking.objects.filter(
        organisation=branch,
        kind=KIND,
        first_due_on__gte=date(year, 1, 1),
        first_due_on__lte=date(year, 12, 31),
    )
    return rows.exclude(state=UndertakingState.GIVEN_UP)


def lines(branch: Organisation, year: int, today: date) -> list[Line]:
    """Every line, in the order of the list, with the holder: whoever undertook it, else who holds the post today."""
    given = {
        (row.source.removeprefix(SOURCE), row.first_due_on): row
        for row in of_year(branch, year).select_related("owner").order_by("id")
    }
    posts = seats(branch, min(today, date(year, 12, 31)))
    found = []
    for duty in rulebook.load().integrity_duties.values():
        for day in duty.days(year):
            row = given.get((duty.id, day))
            holder, name = (row.owner_id, row.owner.name) if row else _holder(duty, posts)
            told = tuple(marks(row, today)) if row else ()
            found.append(Line(duty, row.due_on or day if row else day, holder, name, row, told))
    return found


def _holder(duty: IntegrityDuty, posts: dict[int, tuple[str, list[str], bool]]) -> tuple[int | None, str]:
    for kind in duty.posts:
        for person, (name, kinds, _seat) in sorted(posts.items()):
            if kind in kinds:
                return person, name
    return None, ""


def to_assign(branch: Organisation, today: date) -> list[Line]:
    """Lines of this year that are to come, have a holder, and were not given out yet."""
    rows: list[Any] = lines(branch, today.year, today)
    return [each for each in rows if each.undertaking is None and each.holder and each.due_on >= today]
