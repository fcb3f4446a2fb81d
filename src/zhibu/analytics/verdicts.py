"""Parts of standards as SQL: is it applicable, how far is it met, how many micro-points.

The same reading as `core.evaluate`, which judges one branch in Python; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from zhibu.core.calendar import Quarter
from zhibu.core.norms import (
    MICRO_PER_HUNDREDTH,
    Check,
    Condition,
    Reviewed,
    Rulebook,
    Standard,
    due_in,
    is_fact,
)

from .conditions import fact_condition, literal
from .layout import AWAITING_REVIEW, MET, NOT_APPLICABLE, NOT_MET, PARTLY, PartKey

REVIEWS = "zb_review"
"""The reviewers' judgements: run_id, branch_id, standard, part, applicable (0/1), points_micro."""


@dataclass(frozen=True, slots=True)
class PartSql:
    """One part as two expressions over `facts f` (and `reviews r`): its state, and its points by the state `g{i}`.

    `always` is set when the part counts in the denominator of every branch; `never` when of none.
    """

    key: PartKey
    state: str
    points: str
    always: bool
    never: bool
    review: tuple[str, ...]


def part_columns(
    rulebook: Rulebook,
    quarter: Quarter,
    places: Mapping[str, int],
    kinds: tuple[str, ...],
    *,
    reviewed: bool,
) -> list[PartSql]:
    """Every part that has numbers on the quarter's last day, standards in order. `places`: column of each fact."""
    found: list[PartSql] = []
    for standard in rulebook.standards.values():
        row = standard.terms.row_on(quarter.last)
        if row is None:
            continue
        for part in standard.parts:
            writer = _PartWriter(standard, part, quarter, row.numbers, places, kinds)
            found.append(writer.written(len(found), reviewed=reviewed))
    return found


def reviews_text(parts: list[PartSql]) -> str:
    """The reviewers' judgements of a run, one row per branch: a{i} applicable, x{i} micro-points."""
    columns = ["r.branch_id AS branch"]
    for i, part in enumerate(parts):
        if part.review:
            names = ", ".join(literal(name) for name in part.review)
            here = f"r.standard = {literal(part.key.standard)} AND r.part IN ({names})"
            columns.append(f"MAX(CASE WHEN {here} THEN r.applicable END) AS a{i}")
            columns.append(f"MAX(CASE WHEN {here} THEN r.points_micro END) AS x{i}")
    listed = ",\n    ".join(columns)
    return (
        f"SELECT {listed}\n  FROM {REVIEWS} r\n"
        "  WHERE r.run_id = :run AND r.branch_id IN (SELECT branch FROM scope)\n  GROUP BY r.branch_id"
    )


@dataclass(frozen=True, slots=True)
class _PartWriter:
    """Writes the two expressions of one part."""

    standard: Standard
    part: Check | Reviewed
    quarter: Quarter
    numbers: Mapping[str, int]
    places: Mapping[str, int]
    kinds: tuple[str, ...]

    def written(self, place: int, *, reviewed: bool) -> PartSql:
        weight = self.numbers[self.part.weight] * MICRO_PER_HUNDREDTH
        key = PartKey(self.standard.id, self.part.id, weight)
        exempt = list(self._exemptions())
        if not weight or not self._due() or (self.kinds and not self._applies_to()):
            return PartSql(key, str(NOT_APPLICABLE), "0", always=False, never=True, review=())
        if isinstance(self.part, Reviewed):
            names = (self.part.id, *self.part.was) if reviewed else ()
            return self._judged_by_a_person(key, exempt, place, names)
        if self.part.share is not None:
            return self._in_proportion(key, exempt, place)
        condition = fact_condition(_given(self.part), self._value())
        state = _cases([(test, NOT_APPLICABLE) for test in exempt] + [(condition, MET)], NOT_MET)
        points = f"CASE WHEN g{place} = {MET} THEN {weight} ELSE 0 END"
        return PartSql(key, state, points, always=not exempt, never=False, review=())

    def _due(self) -> bool:
        return self.part.cadence in due_in(self.quarter)

    def _applies_to(self) -> tuple[str, ...]:
        """Kinds both the standard and the part are for; naming none means every kind."""
        own = self.part.applies_to if isinstance(self.part, Check) else ()
        return tuple(
            kind
            for kind in self.kinds
            if kind in (self.standard.applies_to or self.kinds) and kind in (own or self.kinds)
        )

    def _exemptions(self) -> Iterator[str]:
        """Conditions under which the part is not applicable to a branch."""
        wanted = self._applies_to()
        if wanted != self.kinds:
            yield f"f.kind NOT IN ({', '.join(literal(kind) for kind in wanted)})"
        for each in (*self.standard.unless, *self.part.unless):
            yield fact_condition(each.when, self._value())

    def _value(self) -> Callable[[str], str]:
        def value(name: str) -> str:
            return f"f.f{self.places[name]}" if is_fact(name) else literal(self.numbers[name])

        return value

    def _in_proportion(self, key: PartKey, exempt: list[str], place: int) -> PartSql:
        share = self.part.share if isinstance(self.part, Check) else None
        if share is None:
            raise TypeError(f"{key.standard} {key.part} has no share")
        value = self._value()
        fact, of = value(share.fact), value(share.of)
        if is_fact(share.of):
            exempt = [*exempt, f"{of} <= 0"]
        elif self.numbers[share.of] <= 0:
            return PartSql(key, str(NOT_APPLICABLE), "0", always=False, never=True, review=())
        ladder: list[tuple[str, int]] = [(test, NOT_APPLICABLE) for test in exempt]
        state = _cases([*ladder, (f"{fact} >= {of}", MET), (f"{fact} <= 0", NOT_MET)], PARTLY)
        product = f"{fact} * {key.weight}"
        part = f"CAST(({product} - {product} % {of}) / {of} AS BIGINT)"
        points = f"CASE g{place} WHEN {MET} THEN {key.weight} WHEN {PARTLY} THEN {part} ELSE 0 END"
        return PartSql(key, state, points, always=not exempt, never=False, review=())

    def _judged_by_a_person(
        self, key: PartKey, exempt: list[str], place: int, names: tuple[str, ...]
    ) -> PartSql:
        ladder: list[tuple[str, int]] = [(test, NOT_APPLICABLE) for test in exempt]
        if not names:
            state = _cases(ladder, AWAITING_REVIEW)
            return PartSql(key, state, "0", always=False, never=False, review=())
        given, points = f"r.a{place}", f"r.x{place}"
        ladder += [
            (f"{given} IS NULL", AWAITING_REVIEW),
            (f"{given} = 0", NOT_APPLICABLE),
            (f"{points} >= {key.weight}", MET),
            (f"{points} <= 0", NOT_MET),
        ]
        counted = f"CASE WHEN g{place} >= {NOT_MET} THEN {points} ELSE 0 END"
        return PartSql(key, _cases(ladder, PARTLY), counted, always=False, never=False, review=names)


def _given(check: Check) -> Condition:
    if check.met is None:
        raise TypeError(f"check {check.id} has neither met nor share")
    return check.met


def _cases(ladder: list[tuple[str, int]], otherwise: int) -> str:
    """The code of the first condition that holds."""
    if not ladder:
        return str(otherwise)
    return f"CASE {' '.join(f'WHEN {test} THEN {code}' for test, code in ladder)} ELSE {otherwise} END"
