"""Conditions of the rulebook as SQL: tests of columns (for facts) and comparisons of facts (for standards).

Only what every engine reads alike is written: no boolean literals, no functions, texts in single quotes. A comparison
with NULL is neither true nor false; all conditions stand in `CASE WHEN` or `WHERE`, where that means "does not hold".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhibu.core.norms import (
    AllOf,
    AnyOf,
    ColumnOperator,
    ColumnTest,
    ColumnType,
    Compare,
    Condition,
    Not,
    Operator,
    Spell,
    Table,
    Where,
    Window,
)

from .timeframe import Stretch

NEVER = "1 = 0"
ALWAYS = "1 = 1"
NO_DAY = 9_999_999
"""An ordinal later than any day of a calendar."""

_COLUMN_SIGNS: Mapping[ColumnOperator, str] = {
    ColumnOperator.AT_LEAST: ">=",
    ColumnOperator.AT_MOST: "<=",
    ColumnOperator.MORE_THAN: ">",
    ColumnOperator.LESS_THAN: "<",
    ColumnOperator.ONE_OF: "=",
    ColumnOperator.NOT_ONE_OF: "<>",
}
_FACT_SIGNS: Mapping[Operator, str] = {
    Operator.AT_LEAST: ">=",
    Operator.AT_MOST: "<=",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUALS: "=",
}


def literal(value: int | str) -> str:
    """A number or text of the rulebook as SQL. Texts are quoted; nothing a user types comes this way."""
    if isinstance(value, int):
        return str(int(value))
    return "'" + value.replace("'", "''") + "'"


def column_test(table: Table, test: ColumnTest, alias: str) -> str:
    """One test of one column, true or not true for every row."""
    column = f"{alias}.{test.column}"
    is_text = table.columns[test.column].type is ColumnType.TEXT
    if test.operator is ColumnOperator.EMPTY:
        return f"({column} IS NULL OR {column} = '')" if is_text else f"{column} IS NULL"
    if test.operator is ColumnOperator.FILLED:
        return f"{column} <> ''" if is_text else f"{column} IS NOT NULL"
    if test.other is not None:
        return f"{column} {_COLUMN_SIGNS[test.operator]} {alias}.{test.other}"
    if not test.values:
        return NEVER  # what was allowed and what was excluded leave nothing
    if len(test.values) == 1:
        return f"{column} {_COLUMN_SIGNS[test.operator]} {literal(test.values[0])}"
    negated = "NOT " if test.operator is ColumnOperator.NOT_ONE_OF else ""
    return f"{column} {negated}IN ({', '.join(literal(value) for value in test.values)})"


def column_tests(table: Table, where: Where, alias: str) -> list[str]:
    """All tests of a `where`, in the order written."""
    return [column_test(table, test, alias) for test in where]


def always(since: str) -> str:
    """The first day of a spell as a number; empty reads "since always".

    COALESCE and not OR: with an OR over indexed columns SQLite merges two index scans of the whole table.
    """
    return f"COALESCE({since}, 0)"


def still(until: str) -> str:
    """The first day a spell no longer holds as a number; empty reads "still"."""
    return f"COALESCE({until}, {NO_DAY})"


def time_tests(
    alias: str,
    window: Window,
    stretch: Stretch,
    *,
    day: str | None,
    spell: Spell | None,
    by_months: bool = False,
) -> list[str]:
    """When a row falls in the window. `by_months`: a spell counted in months needs only to touch the stretch.

    An empty first day of a spell reads "since always" (branches registered without a founding day), an empty last
    day "still". The last day of a spell is the first on which it no longer holds.
    """
    if spell is not None and (by_months or window in {Window.AS_OF, Window.DURING}):
        ends_after = "p1" if window is Window.AS_OF and not by_months else stretch.start
        since, until = f"{alias}.{spell.since}", f"{alias}.{spell.until}"
        return [f"{always(since)} <= :p1", f"{still(until)} > :{ends_after}"]
    if day is None:
        return []
    upper = f"{alias}.{day} <= :p1"
    return [upper] if window is Window.NONE else [f"{alias}.{day} >= :{stretch.start}", upper]


def fact_condition(condition: Condition, value: Callable[[str], str]) -> str:
    """A condition on facts. `value` gives the SQL of a name: a fact's column, or a term's number."""
    match condition:
        case Compare(fact=fact, operator=operator, against=against):
            return f"{value(fact)} {_FACT_SIGNS[operator]} {value(against)}"
        case Not(part=part):
            return f"NOT ({fact_condition(part, value)})"
        case AllOf(parts=parts):
            return _joined(" AND ", parts, value) or ALWAYS
        case AnyOf(parts=parts):
            return _joined(" OR ", parts, value) or NEVER
    raise TypeError(f"not a condition: {condition!r}")


def _joined(word: str, parts: tuple[Condition, ...], value: Callable[[str], str]) -> str:
    return word.join(f"({fact_condition(part, value)})" for part in parts)


_OF_VALUES = {ColumnOperator.ONE_OF, ColumnOperator.NOT_ONE_OF}


def simplified(tests: Sequence[ColumnTest]) -> tuple[ColumnTest, ...]:
    """The same tests, those of one column's values made one: `held or closed`, `closed`, `not cancelled` is `closed`."""
    allowed: dict[str, list[int | str]] = {}
    for test in tests:
        if test.operator is ColumnOperator.ONE_OF and test.other is None:
            before = allowed.get(test.column, list(test.values))
            allowed[test.column] = [value for value in before if value in test.values]
    found: dict[ColumnTest, None] = {}
    for test in tests:
        if test.column not in allowed or test.operator not in _OF_VALUES or test.other is not None:
            found[test] = None
            continue
        left = tuple(value for value in allowed[test.column] if not _excluded(value, test.column, tests))
        found[ColumnTest(test.column, ColumnOperator.ONE_OF, left)] = None
    return tuple(found)


def _excluded(value: int | str, column: str, tests: Sequence[ColumnTest]) -> bool:
    return any(
        test.column == column and test.operator is ColumnOperator.NOT_ONE_OF and value in test.values
        for test in tests
    )
