"""Visits to those who need not come: when each was visited last, and by when the rule asks for the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from zhibu.core.calendar import add_months
from zhibu.life.limits import limit
from zhibu.life.models.missing import Exemption, MakeUp, MakeUpState, MakeUpWay
from zhibu.life.models.mobile import Contact, ContactWay
from zhibu.life.queries.missed import exemptions_in, may_stay_away
from zhibu.register.models import Organisation
from zhibu.ui import formats


@dataclass(frozen=True, slots=True)
class Visit:
    """An exemption, when the member was visited last, and by when again; `due_on` is None where no rule asks."""

    exemption: Exemption
    visited_on: date | None
    due_on: date | None
    late: bool

    @property
    def mark(self) -> tuple[str, str]:
        """Where it stands, in words with its tone."""
        if self.due_on is None:
            return "", ""
        told = _("%(day)s前走访") % {"day": formats.day(self.due_on)}
        return told, "overdue" if self.late else "open"


def visits_in(branch: Organisation, today: date) -> list[Visit]:
    """Those who need not come to meetings of a branch today, in the order of the register."""
    rows = exemptions_in(branch, today) if may_stay_away(branch, today) else []
    if not rows:
        return []
    every, last = limit("visit_months", today), last_visited([row.person_id for row in rows])
    found = []
    for row in rows:
        # a visit before the exemption began says nothing of it
        seen = last.get(row.person_id)
        since = max(row.since, seen) if seen else row.since
        due = add_months(since, every.number) if every else None
        found.append(Visit(row, seen, due, late=due is not None and due < today))
    return found


def last_visited(people: list[int]) -> dict[int, date]:
    """When each was visited last: recorded as a visit, or as what made up for a meeting. One fact, recorded once."""
    made = MakeUp.objects.filter(person__in=people, way=MakeUpWay.VISIT, state=MakeUpState.CONFIRMED)
    told = Contact.objects.filter(person__in=people, way=ContactWay.VISIT, reached=1)
    found: dict[int, date] = {}
    for rows, column in ((made, "done_on"), (told, "held_on")):
        for person, day in rows.order_by().values_list("person_id").annotate(day=Max(column)):
            found[person] = max(day, found.get(person, day))
    return found
