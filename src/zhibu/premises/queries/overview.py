"""All branches in reach at a glance: what each has, what is missing, what it would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms import HomeItem
from zhibu.premises import policies
from zhibu.premises.models import Fixture, FixtureState
from zhibu.register.models import BRANCH_KINDS, Organisation

UNKNOWN = "unknown"
SORTS = {
    "place": lambda row: row.path,
    "present": lambda row: (row.present, row.path),
    "-present": lambda row: (-row.present, row.path),
    "cost": lambda row: (row.cost_fen, row.path),
    "-cost": lambda row: (-row.cost_fen, row.path),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One branch: the state of each thing in the order of the standard."""

    id: int
    path: str
    name: str
    above: str
    states: tuple[str, ...]
    present: int
    cost_fen: int
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing over all branches: where it is missing or worn, where nobody has looked, what it would cost."""

    item: HomeItem
    missing: int
    worn: int
    unknown: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The table and its sums."""

    rows: Sequence[Row]
    gaps: Sequence[Gap]
    branches: int
    complete: int
    cost_fen: int


def overview(actor: Actor, today: date, *, lacks: str = "", sort: str = "place") -> Overview:
    """Every branch that exists, or those that lack one thing; sums are over all of them."""
    items = list(rulebook.load().home.values())
    found: dict[int, dict[str, tuple[str, int, date]]] = {}
    fixtures = policies.visible_to(actor, Fixture.objects.all(), "premises.oversee")
    for branch, item, state, cost, seen in fixtures.values_list(
        "organisation_id", "item", "state", "cost_fen", "seen_on"
    ):
        found.setdefault(branch, {})[item] = (state, cost, seen)
    rows = [_row(branch, found.get(branch[0], {}), items) for branch in _branches(actor, today)]
    gaps = [_gap(number, item, rows, found) for number, item in enumerate(items)]
    place = next((number for number, item in enumerate(items) if item.id == lacks), None)
    shown = [row for row in rows if place is None or row.states[place] != FixtureState.PRESENT]
    complete = sum(row.present == len(items) for row in rows)
    total = sum(row.cost_fen for row in rows)
    return Overview(sorted(shown, key=SORTS.get(sort, SORTS["place"])), gaps, len(rows), complete, total)


def _branches(actor: Actor, today: date) -> list[tuple[int, str, str, str]]:
    rows = policies.visible_to(
        actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), "premises.oversee", field="path"
    )
    named = rows.order_by("path").values_list("id", "path", "name", "parent__name", "closed_on")
    return [
        (pk, path, name, above or "")
        for pk, path, name, above, closed in named
        if not closed or closed > today
    ]


def _row(
    branch: tuple[int, str, str, str], found: dict[str, tuple[str, int, date]], items: Sequence[HomeItem]
) -> Row:
    states = tuple(found[item.id][0] if item.id in found else UNKNOWN for item in items)
    kept = [found[item.id] for item in items if item.id in found]
    return Row(
        *branch, states, states.count(FixtureState.PRESENT),
        sum(cost for state, cost, _seen in kept if state != FixtureState.PRESENT),
        min((seen for _state, _cost, seen in kept), default=None),
    )  # fmt: skip


def _gap(
    number: int, item: HomeItem, rows: Sequence[Row], found: dict[int, dict[str, tuple[str, int, date]]]
) -> Gap:
    states = [row.states[number] for row in rows]
    cost = sum(
        found[row.id][item.id][1]
        for row in rows
        if row.states[number] in (FixtureState.MISSING, FixtureState.WORN)
    )
    return Gap(
        item, states.count(FixtureState.MISSING), states.count(FixtureState.WORN), states.count(UNKNOWN), cost
    )
