"""Judging a standard from facts: which parts are met, what they earn, and what is missing.

The plain-Python reading of the rulebook. `analytics` compiles the same norms to SQL; both must agree to the digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from .norms import (
    MICRO_PER_HUNDREDTH,
    AllOf,
    AnyOf,
    Cadence,
    Check,
    Compare,
    Condition,
    Not,
    Operator,
    Part,
    Reviewed,
    Share,
    Standard,
    Unless,
    is_fact,
)
from .points import hundredths_of
from .wording import Text

Facts: TypeAlias = Mapping[str, int]

DECLARED_NOT_APPLICABLE = -1
"""Reviewed points meaning: the reviewer found the part not applicable (the reason is kept with the review)."""


class State(StrEnum):
    """What came out of a part or a standard."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    AWAITING_REVIEW = "awaiting_review"


NOT_THIS_KIND = Text("不适用于此类党组织", "Does not apply to this kind of organisation")
NOT_DUE = Text("本季度不到期", "Not due this quarter")
NOT_COUNTED = Text("本季度不计分", "Earns nothing by the terms of this quarter")
NOTHING_TO_MEASURE = Text("没有应计对象", "There is nothing to measure against")
REVIEWER_SAYS = Text("审核人认定不适用", "Declared not applicable by the reviewer")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A comparison that keeps a part from being met: the fact is `value`, and must be (`operator`) `bound`.

    `against` names the term or fact the bound came from; `more` is the change that would do (negative: fewer).
    """

    fact: str
    value: int
    operator: Operator
    against: str
    bound: int
    more: int


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """One part judged. `points` and `weight` in micro-points; `facts` are the values it was judged by."""

    id: str
    state: State
    points: int
    weight: int
    facts: tuple[tuple[str, int], ...] = ()
    missing: tuple[Shortfall, ...] = ()
    because: Text | None = None

    @property
    def applicable(self) -> bool:
        """Whether the part belongs in the denominator once it is decided."""
        return self.state is not State.NOT_APPLICABLE

    @property
    def decided(self) -> bool:
        """Whether the part is applicable and judged."""
        return self.applicable and self.state is not State.AWAITING_REVIEW

    @property
    def gain(self) -> int:
        """Micro-points still to be had from a computed part by closing its gaps; 0 when nothing is missing."""
        return self.weight - self.points if self.decided else 0


@dataclass(frozen=True, slots=True)
class StandardVerdict:
    """One standard judged; points in micro-points."""

    standard: str
    state: State
    parts: tuple[PartVerdict, ...]
    because: Text | None = None

    @property
    def points(self) -> int:
        """What the parts earned."""
        return sum(part.points for part in self.parts)

    @property
    def decided(self) -> int:
        """Weight of the parts that are applicable and judged."""
        return sum(part.weight for part in self.parts if part.decided)

    @property
    def applicable(self) -> int:
        """Weight of the parts that are applicable, judged or not."""
        return sum(part.weight for part in self.parts if part.applicable)

    @property
    def hundredths(self) -> int:
        """What the parts earned, in hundredths of a point, half up."""
        return hundredths_of(self.points)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that fall short, each once, in order."""
        return tuple(dict.fromkeys(gap.fact for part in self.parts for gap in part.missing))

    def part(self, name: str) -> PartVerdict:
        """The verdict of one part. Raises KeyError."""
        for each in self.parts:
            if each.id == name:
                return each
        raise KeyError(name)


def judge(
    standard: Standard,
    day: date,
    facts: Facts,
    cadence_ends: frozenset[Cadence],
    review: Mapping[str, int | None] | None = None,
    *,
    kind: str | None = None,
) -> StandardVerdict | None:
    """Judge a standard by the terms in force on `day`, the last day of the quarter.

    `cadence_ends` are the cadences due (`norms.due_in(quarter)`); `review` gives reviewed parts' micro-points
    (absent or None: not yet judged; -1: declared not applicable); `kind` is the organisation's kind, any when None.
    Returns None when no terms are in force on the day: the standard does not exist yet. Raises KeyError when a
    fact is not given, ValueError when reviewed points lie outside the weight.
    """
    row = standard.terms.row_on(day)
    if row is None:
        return None
    case = _Case(facts, row.numbers, cadence_ends, kind)
    whole = case.exempt(standard.applies_to, standard.unless)
    given = review or {}
    parts = tuple(_judge_part(part, case, given.get(part.id), whole) for part in standard.parts)
    return StandardVerdict(standard.id, summary(parts), parts, whole)


def summary(parts: tuple[PartVerdict, ...]) -> State:
    """The state of a standard from the states of its parts; those not applicable do not speak."""
    states = {part.state for part in parts if part.applicable}
    if not states:
        return State.NOT_APPLICABLE
    if State.AWAITING_REVIEW in states:
        return State.AWAITING_REVIEW
    return states.pop() if len(states) == 1 else State.PARTLY


def holds(condition: Condition, facts: Facts, terms: Mapping[str, int]) -> bool:
    """Whether a condition holds."""
    match condition:
        case Compare(fact=fact, operator=operator):
            return compare(facts[fact], operator, bound_of(condition.against, facts, terms))
        case AllOf(parts=parts):
            return all(holds(part, facts, terms) for part in parts)
        case AnyOf(parts=parts):
            return any(holds(part, facts, terms) for part in parts)
        case Not(part=part):
            return not holds(part, facts, terms)


def compare(value: int, operator: Operator, bound: int) -> bool:
    """One comparison of two whole numbers."""
    match operator:
        case Operator.AT_LEAST:
            return value >= bound
        case Operator.AT_MOST:
            return value <= bound
        case Operator.MORE_THAN:
            return value > bound
        case Operator.LESS_THAN:
            return value < bound
        case Operator.EQUALS:
            return value == bound


def bound_of(name: str, facts: Facts, terms: Mapping[str, int]) -> int:
    """The number a name stands for: a fact when it has a dot, otherwise a term."""
    return facts[name] if is_fact(name) else terms[name]


def share_points(weight: int, value: int, of: int) -> int:
    """Micro-points of a share: weight × min(1, value / of), rounded down; `of` must be positive."""
    return weight * max(0, min(value, of)) // of


def shortfalls(
    condition: Condition, facts: Facts, terms: Mapping[str, int], *, wanted: bool = True
) -> tuple[Shortfall, ...]:
    """What keeps a condition from holding (or, with `wanted` false, from failing); the shortest way of several."""
    if holds(condition, facts, terms) is wanted:
        return ()
    match condition:
        case Compare():
            return (_shortfall(condition, facts, terms, wanted=wanted),)
        case Not(part=part):
            return shortfalls(part, facts, terms, wanted=not wanted)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            ways = [way for part in parts if (way := shortfalls(part, facts, terms, wanted=wanted))]
            if isinstance(condition, AllOf) is wanted:
                return tuple(gap for way in ways for gap in way)
            return min(ways, key=lambda way: (len(way), sum(abs(gap.more) for gap in way)), default=())


# -------------------------------------------------------------------------------------------- one part
@dataclass(frozen=True, slots=True)
class _Case:
    """What every part of one standard is judged by."""

    facts: Facts
    terms: Mapping[str, int]
    due: frozenset[Cadence]
    kind: str | None

    def exempt(self, kinds: tuple[str, ...], exceptions: tuple[Unless, ...]) -> Text | None:
        """Why the matter is not asked of this branch; None when it is."""
        if self.kind is not None and kinds and self.kind not in kinds:
            return NOT_THIS_KIND
        for each in exceptions:
            if holds(each.when, self.facts, self.terms):
                return each.because
        return None


def _judge_part(part: Part, case: _Case, reviewed: int | None, whole: Text | None) -> PartVerdict:
    weight = case.terms[part.weight] * MICRO_PER_HUNDREDTH
    because = whole
    if because is None and part.cadence not in case.due:
        because = NOT_DUE
    if because is None and not weight:
        # a part that a later row of terms brings in
        because = NOT_COUNTED
    if because is None:
        because = case.exempt(part.applies_to if isinstance(part, Check) else (), part.unless)
    if because is not None:
        return PartVerdict(part.id, State.NOT_APPLICABLE, 0, weight, because=because)
    if isinstance(part, Reviewed):
        return _reviewed(part, weight, reviewed)
    if part.share is not None:
        return _shared(part, part.share, weight, case)
    if part.met is None:
        raise ValueError(f"check {part.id} has neither met nor share")
    return _met(part, part.met, weight, case)


def _met(check: Check, condition: Condition, weight: int, case: _Case) -> PartVerdict:
    missing = shortfalls(condition, case.facts, case.terms)
    state, points = (State.NOT_MET, 0) if missing else (State.MET, weight)
    return PartVerdict(check.id, state, points, weight, _read(check, case.facts), missing)


def _shared(check: Check, share: Share, weight: int, case: _Case) -> PartVerdict:
    value, of = case.facts[share.fact], bound_of(share.of, case.facts, case.terms)
    read = _read(check, case.facts)
    if of <= 0:
        return PartVerdict(check.id, State.NOT_APPLICABLE, 0, weight, read, because=NOTHING_TO_MEASURE)
    points = share_points(weight, value, of)
    if value >= of:
        return PartVerdict(check.id, State.MET, points, weight, read)
    gap = Shortfall(share.fact, value, Operator.AT_LEAST, share.of, of, of - value)
    state = State.PARTLY if value > 0 else State.NOT_MET
    return PartVerdict(check.id, state, points, weight, read, (gap,))


def _reviewed(part: Reviewed, weight: int, points: int | None) -> PartVerdict:
    if points is None:
        return PartVerdict(part.id, State.AWAITING_REVIEW, 0, weight)
    if points == DECLARED_NOT_APPLICABLE:
        return PartVerdict(part.id, State.NOT_APPLICABLE, 0, weight, because=REVIEWER_SAYS)
    if not 0 <= points <= weight:
        raise ValueError(f"reviewed points of {part.id} must lie between 0 and {weight}, not {points}")
    if points == weight:
        return PartVerdict(part.id, State.MET, points, weight)
    return PartVerdict(part.id, State.PARTLY if points else State.NOT_MET, points, weight)


def _read(check: Check, facts: Facts) -> tuple[tuple[str, int], ...]:
    return tuple((name, facts[name]) for name in check.facts())


OPPOSITE = {
    Operator.AT_LEAST: Operator.LESS_THAN,
    Operator.AT_MOST: Operator.MORE_THAN,
    Operator.MORE_THAN: Operator.AT_MOST,
    Operator.LESS_THAN: Operator.AT_LEAST,
}


def _shortfall(each: Compare, facts: Facts, terms: Mapping[str, int], *, wanted: bool) -> Shortfall:
    value, bound = facts[each.fact], bound_of(each.against, facts, terms)
    operator = each.operator if wanted else OPPOSITE.get(each.operator, Operator.MORE_THAN)
    goal = bound + {Operator.MORE_THAN: 1, Operator.LESS_THAN: -1}.get(operator, 0)
    return Shortfall(each.fact, value, operator, each.against, bound, goal - value)
