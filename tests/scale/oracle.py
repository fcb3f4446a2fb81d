"""What the facts should be, in plain Python over dates, written from the contract and not from the compiler."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tests.scale.history import as_of
from zhibu.analytics.compiler import facts_of_standards
from zhibu.analytics.layout import BranchRow
from zhibu.core.calendar import Month, Quarter
from zhibu.core.evaluate import judge
from zhibu.core.norms import (
    ColumnOperator,
    ColumnTest,
    ColumnType,
    Fact,
    Matching,
    Reduce,
    Rulebook,
    Table,
    Window,
    due_in,
)
from zhibu.core.scoring import rank, total

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
"""Rows by physical table; days are dates here."""


def span_of(window: Window, first: date, last: date) -> tuple[date, date]:
    if window is Window.HALF_YEAR:
        return date(last.year, 1 if last.month < 7 else 7, 1), last
    return (date(last.year, 1, 1), last) if window is Window.YEAR else (first, last)


def passes(table: Table, test: ColumnTest, row: Row) -> bool:
    value = row[test.column]
    is_text = table.columns[test.column].type is ColumnType.TEXT
    if test.operator is ColumnOperator.EMPTY:
        return value is None or (is_text and value == "")
    if test.operator is ColumnOperator.FILLED:
        return value is not None and not (is_text and value == "")
    if value is None:
        return False
    if isinstance(value, date):
        value = value.toordinal()
    bounds: tuple[Any, ...] = test.values
    if test.other is not None:
        other = row[test.other]
        if other is None:
            return False
        bounds = (other.toordinal() if isinstance(other, date) else other,)
    return {
        ColumnOperator.ONE_OF: lambda: value in bounds,
        ColumnOperator.NOT_ONE_OF: lambda: value not in bounds,
        ColumnOperator.AT_LEAST: lambda: value >= bounds[0],
        ColumnOperator.AT_MOST: lambda: value <= bounds[0],
        ColumnOperator.MORE_THAN: lambda: value > bounds[0],
        ColumnOperator.LESS_THAN: lambda: value < bounds[0],
    }[test.operator]()


def falls_in(reader: Fact | Matching, row: Row, first: date, last: date, *, by_months: bool) -> bool:
    start, end = span_of(reader.window, first, last)
    if reader.spell is not None and (by_months or reader.window in {Window.AS_OF, Window.DURING}):
        since = row[reader.spell.since] or date.min
        until = row[reader.spell.until] or date.max
        if reader.window is Window.AS_OF and not by_months:
            return since <= last < until
        return since <= end and until > start
    if reader.day is None:
        return True
    day = row[reader.day]
    if day is None:
        return False
    return day <= last if reader.window is Window.NONE else start <= day <= end


def came_first(matching: Matching, other: Row, row: Row) -> bool:
    if matching.before is None:
        return True
    theirs, ours = other[matching.before[0]], row[matching.before[1]]
    return theirs is not None and ours is not None and theirs <= ours


def months_between(start: date, end: date) -> Iterator[Month]:
    month = Month.of(start)
    while month.first <= end:
        yield month
        month = month.next()


@dataclass(frozen=True)
class Oracle:
    """The records of all branches, asked over one stretch of days."""

    book: Rulebook
    rows: Rows
    first: date
    last: date

    @cached_property
    def by_branch(self) -> dict[tuple[str, int], list[Row]]:
        """Rows by evidence table and branch: looked up once, because there are many facts."""
        found: dict[tuple[str, int], list[Row]] = {}
        for table in self.book.tables.values():
            for row in self.rows[table.table]:
                found.setdefault((table.id, row[table.branch]), []).append(row)
        return found

    def counted(self, fact: Fact, branch: int) -> list[Row]:
        table = self.book.tables[fact.table]
        tests = [*fact.where, *(test for each in fact.counts for test in each.when)]
        by_months = fact.reduce.kind is Reduce.SPELL_MONTHS
        return [
            row
            for row in self.by_branch.get((table.id, branch), ())
            if all(passes(table, test, row) for test in tests)
            and falls_in(fact, row, self.first, self.last, by_months=by_months)
            and all(self.matches(each, branch, row) for each in fact.matching)
        ]

    def matches(self, matching: Matching, branch: int, row: Row) -> bool:
        table = self.book.tables[matching.table]
        return any(
            all(row[mine] is not None and row[mine] == other[theirs] for mine, theirs in matching.on)
            and all(passes(table, test, other) for test in matching.where)
            and came_first(matching, other, row)
            and falls_in(matching, other, self.first, self.last, by_months=False)
            for other in self.by_branch.get((table.id, branch), ())
        )

    def value_of(self, name: str, branch: int) -> int:
        """One fact of one branch."""
        fact = self.book.facts[name]
        found = self.counted(fact, branch)
        start, end = span_of(fact.window, self.first, self.last)
        match fact.reduce.kind:
            case Reduce.COUNT:
                return len(found)
            case Reduce.MONTHS:
                return len({Month.of(row[fact.day]) for row in found})
            case Reduce.SPELL_MONTHS:
                return sum(whole_months(fact, row, start, end) for row in found)
            case Reduce.DISTINCT:
                columns = fact.reduce.columns
                keys = {
                    tuple(Month.of(row[fact.day]) if c == "month" else row[c] for c in columns)
                    for row in found
                }
                return sum(None not in key for key in keys)
        values = [value for row in found if (value := row[fact.reduce.columns[0]]) is not None]
        if not values:
            return 0 if fact.reduce.kind is Reduce.SUM else fact.empty
        match fact.reduce.kind:
            case Reduce.SUM:
                return sum(values)
            case Reduce.MAX:
                return max(values)
            case Reduce.MIN:
                return min(values)
            case Reduce.DAYS_SINCE:
                return (self.last - max(values)).days
        return (max(values) - self.last).days


def whole_months(fact: Fact, row: Row, start: date, end: date) -> int:
    assert fact.spell is not None
    since, until = row[fact.spell.since] or date.min, row[fact.spell.until] or date.max
    return sum(
        start <= month.first and month.last <= end and since <= month.first and month.last < until
        for month in months_between(start, end)
    )


def existed(row: Row, first: date, last: date) -> bool:
    return (row["founded_on"] or date.min) <= last and (row["closed_on"] or date.max) > first


def branches(rows: Rows, kinds: set[str], first: date, last: date) -> list[Row]:
    """The branches an assessment speaks of, by path."""
    found = [row for row in rows["zb_organisation"] if row["kind"] in kinds and existed(row, first, last)]
    return sorted(found, key=lambda row: row["path"])


def assess(
    book: Rulebook,
    rows: Rows,
    quarter: Quarter,
    known_by: int | None = None,
    reviews: Mapping[int, Mapping[tuple[str, str], int]] | None = None,
) -> list[dict[str, Any]]:
    """Every branch: facts, states, points, totals; the verdicts by `core.evaluate`, one branch at a time.

    `known_by`: from the rows as they stood at that instant, the tree too.
    """
    rows = as_of(rows, book, known_by)
    kinds = {kind for each in book.standards.values() for kind in each.applies_to}
    names = facts_of_standards(book)
    asked = Oracle(book, rows, quarter.first, quarter.last)
    answers = []
    for row in branches(rows, kinds, quarter.first, quarter.last):
        facts = {name: asked.value_of(name, row["id"]) for name in names}
        given = (reviews or {}).get(row["id"], {})
        verdicts = [
            judge(
                each,
                quarter.last,
                facts,
                due_in(quarter),
                {part: points for (name, part), points in given.items() if name == each.id},
                kind=row["kind"],
            )
            for each in book.standards.values()
        ]
        known = [verdict for verdict in verdicts if verdict is not None]
        score = total(known)
        parts = {(each.standard, part.id): part for each in known for part in each.parts}
        lived = facts["register.months_in_period"] > 0
        answers.append(
            {
                "branch": row["id"],
                "group": (row["unit_type"], row["parent_id"]),
                "assessed": lived,
                "facts": facts,
                "states": {key: part.state.value for key, part in parts.items()},
                "points": {key: part.points if part.decided else None for key, part in parts.items()},
                "totals": (score.earned, score.decided, score.applicable_total),
                "hundredths": score.hundredths if lived else None,
            }
        )
    return answers


def places(answers: list[dict[str, Any]], minimum: int) -> dict[int, tuple[int, int] | None]:
    groups: dict[Any, list[tuple[int, int | None]]] = {}
    for each in answers:
        groups.setdefault(each["group"], []).append((each["branch"], each["hundredths"]))
    return {
        branch: (place.place, place.of) if place else None
        for members in groups.values()
        for branch, place in rank(members, minimum).items()
    }


def told(row: BranchRow) -> dict[str, Any]:
    """What the engine says of a branch, in the words of `assess`."""
    keys = [(part.standard, part.part) for part in row.layout.parts]
    return {
        "branch": row.branch,
        "group": (row.unit_type, row.parent),
        "assessed": row.assessed,
        "facts": row.as_facts(),
        "states": dict(zip(keys, row.states, strict=True)),
        "points": dict(zip(keys, row.points, strict=True)),
        "totals": (row.earned, row.decided, row.applicable),
        "hundredths": row.hundredths,
    }
