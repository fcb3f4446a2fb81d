"""What of the evidence an assessment reads: columns and days, so that an export carries no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhibu.core.norms import MONTH, ColumnType, Fact, Matching, Reduce, Rulebook, Table, Where

from .compiler import BRANCHES, HEAD, MONTHS_EXISTED, facts_of_standards
from .conditions import time_tests
from .timeframe import Shape

KNOWN = "known"
"""The type of the column `known_at` in an export; all others are types of the rulebook."""


@dataclass(frozen=True, slots=True)
class Need:
    """One table of the database: the columns read with their types, and which rows (empty: all of the branches).

    `branch` is the column that names the branch; None for the tree itself, whose rows are chosen by path.
    """

    table: str
    branch: str | None
    columns: dict[str, str]
    rows: str


@dataclass(frozen=True, slots=True)
class _Use:
    table: Table
    columns: frozenset[str]
    timed: tuple[str, ...]


def needs(rulebook: Rulebook, shape: Shape, *, shown: bool = True) -> list[Need]:
    """Every table of the database the standards' facts read, by name; `shown` as in `compiler.Wanted`."""
    uses: dict[str, list[_Use]] = {}
    for name in facts_of_standards(rulebook, shown=shown):
        for use in _uses(rulebook, rulebook.facts[name], shape):
            uses.setdefault(use.table.table, []).append(use)
    tree = rulebook.tables[BRANCHES].table
    uses.setdefault(tree, []).append(_scope_use(rulebook))
    return [_need(table, found, is_tree=table == tree) for table, found in sorted(uses.items())]


def _need(table: str, uses: list[_Use], *, is_tree: bool) -> Need:
    types: dict[str, str] = {}
    for use in uses:
        for column in use.columns:
            types[column] = _type(use.table, column)
    always = is_tree or any(not use.timed for use in uses)
    tests = dict.fromkeys(" AND ".join(use.timed) for use in uses)
    rows = "" if always else " OR ".join(f"({test})" for test in tests)
    return Need(table, None if is_tree else uses[0].table.branch, dict(sorted(types.items())), rows)


def _type(table: Table, column: str) -> str:
    if column == table.known:
        return KNOWN
    if column in table.columns:
        return table.columns[column].type.value
    # the tree's own columns: paths and kinds are texts, ids are keys
    return ColumnType.KEY.value if column in {table.branch, table.key, "parent_id"} else ColumnType.TEXT.value


def _scope_use(rulebook: Rulebook) -> _Use:
    table = rulebook.tables[BRANCHES]
    columns = {table.key, *HEAD[1:5]}
    existed = rulebook.facts.get(MONTHS_EXISTED)
    if existed is not None and existed.spell is not None:
        columns |= {existed.spell.since, existed.spell.until}
    return _Use(table, frozenset(columns), ())


def _uses(rulebook: Rulebook, fact: Fact, shape: Shape) -> Iterator[_Use]:
    table = rulebook.tables[fact.table]
    columns = {name for name in fact.reduce.columns if name != MONTH} | _tested(fact.where)
    for each in fact.counts:
        columns |= _tested(each.when)
    columns |= {ours for matching in fact.matching for ours, _theirs in matching.on}
    by_months = fact.reduce.kind is Reduce.SPELL_MONTHS
    yield _use(table, columns, fact, shape, by_months=by_months)
    for matching in fact.matching:
        theirs = {theirs for _ours, theirs in matching.on} | _tested(matching.where)
        yield _use(rulebook.tables[matching.table], theirs, matching, shape, by_months=False)


def _use(table: Table, columns: set[str], reader: Fact | Matching, shape: Shape, *, by_months: bool) -> _Use:
    timed = time_tests(
        "t", reader.window, shape.of(reader.window), day=reader.day, spell=reader.spell, by_months=by_months
    )
    named = {table.branch, *columns}
    named |= {reader.day} if reader.day else set()
    named |= {reader.spell.since, reader.spell.until} if reader.spell else set()
    named |= {table.known} if table.known else set()
    return _Use(table, frozenset(named), tuple(timed))


def _tested(where: Where) -> set[str]:
    return {test.column for test in where} | {test.other for test in where if test.other is not None}
