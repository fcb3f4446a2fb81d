"""What of the evidence an assessment reads: columns and days, so that an export carries no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from zhibu.core.norms import ColumnType, Fact, Matching, Reduce, Rulebook, Table

from .compiler import BRANCHES, HEAD, MONTHS_EXISTED, facts_of_standards
from .conditions import time_tests
from .scans import PAST, SUPERSEDED, columns_read
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
    """Every table of the database the standards' facts read, by name, and its past; `shown` as in `compiler.Wanted`."""
    uses: dict[str, list[_Use]] = {}
    for name in facts_of_standards(rulebook, shown=shown):
        for use in _uses(rulebook, rulebook.facts[name], shape):
            uses.setdefault(use.table.table, []).append(use)
    tree = rulebook.tables[BRANCHES].table
    uses.setdefault(tree, []).append(_scope_use(rulebook))
    found = [_need(table, some, is_tree=table == tree) for table, some in sorted(uses.items())]
    return [each for need in found for each in (need, _past(need)) if each is not None]


def _past(need: Need) -> Need | None:
    """The earlier versions of a table's rows; None for a table that says nothing of when it was known."""
    if KNOWN not in need.columns.values():
        return None
    return replace(need, table=need.table + PAST, columns={**need.columns, SUPERSEDED: KNOWN})


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
    columns = {table.key, *HEAD[1:5], *({table.known} if table.known else ())}
    existed = rulebook.facts.get(MONTHS_EXISTED)
    if existed is not None and existed.spell is not None:
        columns |= {existed.spell.since, existed.spell.until}
    return _Use(table, frozenset(columns), ())


def _uses(rulebook: Rulebook, fact: Fact, shape: Shape) -> Iterator[_Use]:
    table = rulebook.tables[fact.table]
    by_months = fact.reduce.kind is Reduce.SPELL_MONTHS
    yield _use(table, fact, shape, by_months=by_months)
    for matching in fact.matching:
        yield _use(rulebook.tables[matching.table], matching, shape, by_months=False)


def _use(table: Table, reader: Fact | Matching, shape: Shape, *, by_months: bool) -> _Use:
    timed = time_tests(
        "t", reader.window, shape.of(reader.window), day=reader.day, spell=reader.spell, by_months=by_months
    )
    named = {table.branch, *columns_read(reader)}
    named |= {table.known} if table.known else set()
    return _Use(table, frozenset(named), tuple(timed))
