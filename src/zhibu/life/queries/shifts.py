"""Shifts of a branch as they are listed: what meetings are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from zhibu.life.planned import Shift
from zhibu.register.models import Organisation

AHEAD = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """A day and its shifts: name, hours, who."""

    day: date
    shifts: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[str, str, list[str]]]:
        """Name, hours and people of each shift, in the order of their hours."""
        return [(name, hours, who) for (name, hours), who in self.shifts.items()]


def shift_days(organisation: Organisation, first: date) -> list[ShiftDay]:
    """The days with shifts from `first` on, for the weeks a roster is published ahead."""
    found: dict[date, ShiftDay] = {}
    rows = Shift.objects.filter(organisation=organisation, day__range=(first, first + AHEAD))
    for day, name, begins, ends, person, group in rows.order_by("day", "begins", "id").values_list(
        "day", "name", "begins", "ends", "person__name", "party_group__name"
    ):
        hours = f"{begins:%H:%M}–{ends:%H:%M}"
        found.setdefault(day, ShiftDay(day)).shifts.setdefault((name, hours), []).append(
            person or group or ""
        )
    return list(found.values())
