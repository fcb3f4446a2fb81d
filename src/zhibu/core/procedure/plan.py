"""A procedure made ready: its steps by id, in an order in which what precedes comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from zhibu.core.calendar import WorkingDays
from zhibu.core.norms.documents import Document, Source
from zhibu.core.norms.procedures import Procedure, Step
from zhibu.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Counted:
    """What a vote came to: the outcome of the step ("carried", "not_carried", "void"), and what is wrong with it."""

    outcome: str
    reasons: tuple[Refusal, ...] = ()


REMEMBERED = 4096
"""So many answers to where a rule stands on a day are kept; many cases are looked at on the same days."""

Judge = Callable[[str, date, Mapping[str, Any]], Counted]
"""How a vote is judged: rule, day, counts. The room of ballots plugs in here."""


class Plan:
    """One procedure with its order worked out, the calendar its days are counted by, and the judge of its votes."""

    def __init__(
        self,
        procedure: Procedure,
        calendar: WorkingDays,
        judge: Judge,
        documents: Mapping[str, Document] | None = None,
    ) -> None:
        self.procedure = procedure
        self.calendar = calendar
        self.judge = judge
        self.documents = documents or {}
        self._cited: dict[tuple[int, date], tuple[Source, ...]] = {}
        self.steps: dict[str, Step] = {}
        for step in procedure.steps:
            for name in (step.id, *step.was):
                self.steps[name] = step

    def cited(self, step: Step, day: date, own: tuple[Source, ...] = ()) -> tuple[Source, ...]:
        """Where a rule of the step stands: what is in force on the day first."""
        sources = own or step.sources or self.procedure.sources
        # the procedure keeps its tuples for as long as there is a plan: their identity tells them apart
        key = (id(sources), day)
        found = self._cited.get(key)
        if found is None:
            if len(self._cited) > REMEMBERED:
                self._cited.clear()
            found = self._cited[key] = self.in_force_first(sources, day)
        return found

    def in_force_first(self, sources: tuple[Source, ...], day: date) -> tuple[Source, ...]:
        """The sources, those in force on the day before those that are not."""
        if len(sources) < 2:
            return sources
        return tuple(sorted(sources, key=lambda each: not self._in_force(each, day)))

    def _in_force(self, source: Source, day: date) -> bool:
        document = self.documents.get(source.document)
        return document is None or document.in_force_on(day)

    @cached_property
    def order(self) -> tuple[Step, ...]:
        """Every step after all those it comes after; otherwise as written."""
        placed: dict[str, Step] = {}

        def place(step: Step) -> None:
            if step.id in placed:
                return
            for name in step.after:
                place(self.steps[name])
            placed[step.id] = step

        for step in self.procedure.steps:
            place(step)
        return tuple(placed.values())

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of a step in that order."""
        return {step.id: place for place, step in enumerate(self.order)}

    @cached_property
    def followers(self) -> dict[str, frozenset[str]]:
        """For every step, all that come after it, directly or through others."""
        found: dict[str, set[str]] = {step.id: set() for step in self.order}
        for step in reversed(self.order):
            for name in step.after:
                found[self.steps[name].id] |= {step.id} | found[step.id]
        return {name: frozenset(each) for name, each in found.items()}

    @cached_property
    def preceders(self) -> dict[str, frozenset[str]]:
        """For every step, all that come before it, directly or through others."""
        found: dict[str, frozenset[str]] = {}
        for step in self.order:
            direct = [self.steps[name].id for name in step.after]
            found[step.id] = frozenset(direct).union(*(found[name] for name in direct))
        return found
