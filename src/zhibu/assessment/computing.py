"""From the engine's rows to stored results: pure translation, no reading and no writing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhibu.core.authority import STEP
from zhibu.core.points import half_up

from .models import Result, Run

if TYPE_CHECKING:
    from zhibu.analytics import BranchRow
    from zhibu.core.norms import Rulebook

PartTotals = dict[str, list[object]]
OPEN_STATES = ("awaiting_review", "not_applicable")
WHOLE = 10_000


def parts_of(row: BranchRow) -> PartTotals:
    """``"S12.general" -> [state, points micro or None, weight micro]``."""
    return {
        f"{standard}.{part}": [state, points, weight]
        for (standard, part, weight), state, points in zip(
            row.layout.parts, row.states, row.points, strict=True
        )
    }


def standards_of(parts: Mapping[str, list[object]]) -> dict[str, list[object]]:
    """``"S12" -> [state, earned, decided, applicable]`` in micro-points, from the parts."""
    totals: dict[str, list[int]] = {}
    states: dict[str, set[str]] = {}
    for name, (state, points, weight) in parts.items():
        standard = name.partition(".")[0]
        line = totals.setdefault(standard, [0, 0, 0])
        if state == "not_applicable":
            continue
        states.setdefault(standard, set()).add(str(state))
        line[2] += int(str(weight))
        if state != "awaiting_review":
            line[0] += int(str(points or 0))
            line[1] += int(str(weight))
    return {name: [_summary(states.get(name, set())), *line] for name, line in totals.items()}


def _summary(states: set[str]) -> str:
    if not states:
        return "not_applicable"
    if "awaiting_review" in states:
        return "awaiting_review"
    return next(iter(states)) if len(states) == 1 else "partly"


def result_of(
    row: BranchRow, run: Run, name: str, own: Mapping[str, int] | None, reviewed: Collection[str]
) -> Result:
    """The stored result of a branch; ``own`` are its own points for ``reviewed`` parts, if it assessed itself."""
    parts = parts_of(row)
    return Result(
        run=run,
        branch_id=row.branch,
        branch_path=row.path,
        branch_name=name,
        unit_type=row.unit_type,
        superior_id=row.parent or 0,  # a branch without superior is its own root
        months=row.fact("register.months_in_period"),
        assessed=int(row.assessed),
        earned_micro=row.earned,
        decided_micro=row.decided,
        applicable_micro=row.applicable,
        points=row.hundredths,
        self_points=self_total(parts, own, reviewed) if own else None,
        place=row.place,
        place_of=row.of,
        facts=json.dumps(row.as_facts(), separators=(",", ":")),
        parts=json.dumps(parts, separators=(",", ":")),
        standards=json.dumps(standards_of(parts), separators=(",", ":")),
    )


def sums_of(results: Iterable[Result], before: str = "") -> str:
    """What the branches of each superior earned of what was decided, standard by standard: the text a run keeps.

    The superiors of `results` are summed anew, all their branches being given; others stay as they were `before`.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for result in results:
        mine = found.setdefault(result.branch_path[:-STEP], {})
        for name, (_state, earned, decided, _applicable) in json.loads(result.standards).items():
            line = mine.setdefault(name, [0, 0])
            line[0] += earned
            line[1] += decided
    return json.dumps({**(json.loads(before) if before else {}), **found}, separators=(",", ":"))


def self_total(
    parts: Mapping[str, list[object]], own: Mapping[str, int], reviewed: Collection[str]
) -> int | None:
    """The branch's own total in hundredths: computed parts as computed, reviewed parts as it judged them.

    What the superior gave is never part of it: a reviewed part the branch left open is left out.
    """
    earned = decided = 0
    for name, (state, points, weight) in parts.items():
        value = own.get(name) if name in reviewed else None if state in OPEN_STATES else int(str(points or 0))
        if value is not None:
            earned += value
            decided += int(str(weight))
    return half_up(earned * WHOLE, decided) if decided else None


def reviewed_names(book: Rulebook) -> frozenset[str]:
    """``"S05.prestige"`` of every part that a person judges."""
    return frozenset(
        f"{standard.id}.{part.id}" for standard in book.standards.values() for part in standard.reviewed
    )


@dataclass(frozen=True, slots=True)
class Bands:
    """The edges of advanced, middle and lagging, hundredths of points; None where a band is empty."""

    advanced_from: int | None
    lagging_to: int | None
    least: int = 0
    """Below these points nobody is advanced, however the others stand."""

    def of(self, points: int | None) -> str:
        """The band of a branch, "" without points. Who is both (all have the same points) is advanced."""
        if points is None:
            return ""
        if self.advanced_from is not None and points >= max(self.advanced_from, self.least):
            return "advanced"
        return "lagging" if self.lagging_to is not None and points <= self.lagging_to else "middle"


def bands(points: Iterable[int], advanced_share: int, lagging_share: int, least: int = 0) -> Bands:
    """Bands by percentile of all points of a run, shares in percent, rounded down; who ties with an edge is within.

    Nobody below ``least`` (what the scheme calls weak) is advanced.
    """
    ordered = sorted(points, reverse=True)
    advanced, lagging = (len(ordered) * share // 100 for share in (advanced_share, lagging_share))
    return Bands(ordered[advanced - 1] if advanced else None, ordered[-lagging] if lagging else None, least)


def mark_last(results: list[Result]) -> None:
    """Flag the last place of each ranked group; all who share it share the flag (`core.scoring.Place.is_last`)."""
    groups: dict[tuple[str, int], list[Result]] = {}
    for result in results:
        if result.place is not None:
            groups.setdefault((result.unit_type, result.superior_id), []).append(result)
    for group in groups.values():
        worst = max(result.place or 0 for result in group)
        for result in group:
            result.is_last = int(result.place == worst and worst > 1)
