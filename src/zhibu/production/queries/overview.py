"""All branches in reach at a glance: their unit's figures of a quarter and what each branch took on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.letters import queries as letters
from zhibu.production import policies
from zhibu.production.models import Campaign, Figures
from zhibu.register.models import BRANCH_KINDS, Organisation


@dataclass(slots=True)
class Row:
    """One branch in a quarter. Nothing here is a score."""

    id: int
    path: str
    name: str
    above: str
    entered: int = 0
    met: int = 0
    planned: int = 0
    over_cost: int = 0
    accidents: int = 0
    open_hazards: int = 0
    campaigns: int = 0
    practices: int = 0


def overview(actor: Actor, quarter: Quarter, today: date) -> list[Row]:
    """Every branch that exists, in the order of the tree, in four queries."""
    branches = policies.visible_to(
        actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), "production.oversee", field="path"
    )
    rows = {
        pk: Row(pk, path, name, above or "")
        for pk, path, name, above, closed in branches.order_by("path").values_list(
            "id", "path", "name", "parent__name", "closed_on"
        )
        if not closed or closed > today
    }
    first, last = quarter.first, quarter.last
    figures = policies.visible_to(
        actor, Figures.objects.filter(month_on__gte=first, month_on__lte=last), "production.oversee"
    )
    for found in figures:
        row = rows.get(found.organisation_id)
        if row is not None:
            _add(row, found)
    ended = Campaign.objects.filter(ended_on__gte=first, ended_on__lte=last)
    written = letters.published_between(first, last)
    for name, things in (("campaigns", ended), ("practices", written)):
        seen = policies.visible_to(actor, things, "production.oversee").values_list(
            "organisation_id", flat=True
        )
        for branch, number in Counter(seen).items():
            if branch in rows:
                setattr(rows[branch], name, number)
    return list(rows.values())


def _add(row: Row, found: Figures) -> None:
    row.entered += 1
    if found.planned is not None and found.done is not None:
        row.planned += 1
        row.met += found.done >= found.planned
    if found.cost_plan_fen is not None and found.cost_fen is not None:
        row.over_cost += found.cost_fen > found.cost_plan_fen
    row.accidents += found.accidents
    row.open_hazards += found.hazards_found - found.hazards_fixed
