"""A past quarter beside the records of now: computed again as it was, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhibu import analytics
from zhibu.core import authority
from zhibu.core.authority import successor
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook
from zhibu.register.models import Organisation
from zhibu.register.queries import stood
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from .. import books
from ..models import Result, Run
from .tables import subtree

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def rerun(run: Run) -> list[analytics.BranchRow]:
    """The quarter computed again under the rulebook of its time, from the records, and the tree, as known then."""
    path = stood(run.organisation, run.known_by).path
    return analytics.collect(
        books.of_run(run), Quarter.from_key(run.quarter), lo=path, hi=successor(path), known_by=run.known_by,
        run=run.pk, rank_from=run.minimum_group,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactChanged:
    """A fact the records of now would give another value; as numbers, and with their unit as pages show them."""

    fact: str
    title: str
    then: int
    now: int
    then_shown: str
    now_shown: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A branch of which the records of now say something else. Hundredths of points.

    `above` names its superior then (or now), for branches of several units have the same name.
    `then` is None for a branch that was not among those assessed, `now` for one that no longer would be.
    """

    branch: int
    name: str
    above: str
    then: int | None
    now: int | None
    facts: tuple[FactChanged, ...]

    @property
    def by(self) -> int | None:
        """How much."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class _Side:
    """A branch on one side of the comparison."""

    name: str
    superior: int | None
    points: int | None
    facts: Mapping[str, int]


def difference(actor: Actor, run: Run) -> list[Changed]:
    """Every branch of the reviewer's part of which the records of now would give other facts or points than stored."""
    spans = authority.ranges(actor, "assessment.review")
    book = books.of_run(run)
    then, now = _then(run, spans), _now(run, book, spans)
    sides = [(branch, then.get(branch), now.get(branch)) for branch in sorted({*then, *now})]
    above = _names({side.superior for _branch, *both in sides for side in both if side})
    found = []
    for branch, before, after in sides:
        facts = _changed(book, before, after) if before and after else ()
        side = before or after
        if side and (before is None or after is None or facts or before.points != after.points):
            points = (before.points if before else None, after.points if after else None)
            found.append(Changed(branch, side.name, above.get(side.superior, ""), *points, facts))
    return found


def _names(keys: Iterable[int | None]) -> dict[int | None, str]:
    known = [key for key in keys if key is not None]
    return dict(Organisation.objects.filter(pk__in=known).values_list("pk", "name"))


def _then(run: Run, spans: tuple[tuple[str, str], ...]) -> dict[int, _Side]:
    rows = within(Result.objects.filter(run=run), spans, "branch_path").values_list(
        "branch_id", "branch_name", "superior_id", "points", "facts"
    )
    return {
        branch: _Side(name, superior, points, json.loads(facts))
        for branch, name, superior, points, facts in rows
    }


def _now(run: Run, book: Rulebook, spans: tuple[tuple[str, str], ...]) -> dict[int, _Side]:
    lo, hi = subtree(run.organisation)
    rows = analytics.collect(book, Quarter.from_key(run.quarter), lo=lo, hi=hi, run=run.pk)
    mine = [row for row in rows if any(low <= row.path < high for low, high in spans)]
    names = _names({row.branch for row in mine})
    return {row.branch: _Side(names[row.branch], row.parent, row.hundredths, row.as_facts()) for row in mine}


def _changed(book: Rulebook, before: _Side, after: _Side) -> tuple[FactChanged, ...]:
    return tuple(
        FactChanged(
            name,
            pick(book.facts[name].title),
            before.facts[name],
            value,
            _shown(book, name, before.facts[name]),
            _shown(book, name, value),
        )
        for name, value in after.facts.items()
        if name in before.facts and before.facts[name] != value
    )


def _shown(book: Rulebook, name: str, value: int) -> str:
    return formats.fen(value) if name.endswith("_fen") else f"{value} {pick(book.facts[name].unit)}"
