"""Shifts of a branch as they are listed: what meetings are held against."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.life.planned import Shift
from zhibu.register.models import Organisation


def shift_days(organisation: Organisation, first: date) -> list[dict[str, Any]]:
    """The days with shifts from `first` on: which shifts, and how many people and Party groups."""
    found: dict[tuple[date, str, Any, Any], dict[str, Any]] = {}
    rows = Shift.objects.filter(organisation=organisation, day__gte=first).order_by("day", "begins", "id")
    for day, name, begins, ends, person, group in rows.values_list(
        "day", "name", "begins", "ends", "person__name", "party_group__name"
    )[:2000]:
        line = found.setdefault(
            (day, name, begins, ends), {"day": day, "name": name, "begins": begins, "ends": ends, "who": []}
        )
        line["who"].append(person or group)
    return list(found.values())[:120]
