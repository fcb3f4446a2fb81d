"""Facts as SQL: all facts of one evidence table in one scan.

Facts that read the same rows (same table, same `matching`) are fused into one grouped query, because reading the rows
is what costs: eight scans in place of twenty-four halved the time. What all of them demand is hoisted into WHERE,
where an index can serve it; what only one demands stays in its own CASE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhibu.core.norms import (
    MONTH,
    ColumnOperator,
    ColumnTest,
    ColumnType,
    Fact,
    Matching,
    Reduce,
    Table,
    Where,
    Window,
)

from .conditions import column_test, column_tests, simplified, time_tests
from .reductions import distinct_column, reduction
from .timeframe import Shape

_BOUNDED = {Window.PERIOD, Window.HALF_YEAR, Window.YEAR}
PAST, SUPERSEDED = "_past", "superseded_at"
"""Where earlier versions of a table's rows are, and since when one is replaced; room `record` keeps them."""
_LINE = ",\n    "
_AND = "\n    AND "


@dataclass(frozen=True, slots=True)
class Scan:
    """One common table expression that gives some facts of each branch: `names` in the order of its columns."""

    name: str
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all scans of one text share. `one`: the scope is a single branch, so nothing is grouped or joined by it.

    `then`: the rows as they stood at the instant bound as `known`, those replaced since among them; otherwise the
    rows as they are.
    """

    tables: Mapping[str, Table]
    shape: Shape
    one: bool = False
    then: bool = False

    def in_scope(self, table: Table, alias: str) -> str:
        """Rows of the branches asked about."""
        return f"{alias}.{table.branch} {'=' if self.one else 'IN'} (SELECT branch FROM scope)"

    def source(
        self, table: Table, alias: str, tests: Sequence[str], columns: Iterable[str], joins: str = ""
    ) -> str:
        """FROM and WHERE of the rows that pass `tests`; as of an instant, the tests stand within both halves."""
        where = f"\n  WHERE {_AND.join(tests)}"
        if not self.then or table.known is None:
            return f"FROM {table.table} {alias}{joins}{where}"
        named = ", ".join(f"{alias}.{name}" for name in sorted({table.branch, *columns}))
        kept = f"SELECT {named} FROM {table.table} {alias}{where}"
        return f"FROM (\n  {versions(kept, table, alias)}) {alias}{joins}"


def versions(kept: str, table: Table, alias: str) -> str:
    """A selection from a table, ending in its WHERE, as of `:known`: what still stands, and what was replaced since."""
    known = f"{_AND}{alias}.{table.known} <= :known"
    replaced = kept.replace(f"FROM {table.table} {alias}", f"FROM {table.table}{PAST} {alias}", 1)
    return f"{kept}{known}\n  UNION ALL\n  {replaced}{known}{_AND}{alias}.{SUPERSEDED} > :known"


def columns_read(reader: Fact | Matching) -> set[str]:
    """The columns of its table that a fact, or the other side of a matching, looks at."""
    named = _tested(reader.where)
    if isinstance(reader, Fact):
        named |= {name for name in reader.reduce.columns if name != MONTH}
        for each in reader.counts:
            named |= _tested(each.when)
        named |= {ours for matching in reader.matching for ours, _theirs in matching.on}
        named |= {matching.before[1] for matching in reader.matching if matching.before}
    else:
        named |= {theirs for _ours, theirs in reader.on}
        named |= {reader.before[0]} if reader.before else set()
    named |= {reader.day} if reader.day else set()
    return named | ({reader.spell.since, reader.spell.until} if reader.spell else set())


def _tested(where: Where) -> set[str]:
    return {test.column for test in where} | {test.other for test in where if test.other is not None}


@dataclass(frozen=True, slots=True)
class Demand:
    """What one fact asks of a row: the tests of columns, and separately the tests of time."""

    fact: Fact
    tests: tuple[ColumnTest, ...]
    written: tuple[str, ...]
    timed: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every test as SQL, time first: of a year's rows, those of the quarter are few, and a number says so."""
        return (*self.timed, *self.written)


def demand_of(fact: Fact, table: Table, shape: Shape) -> Demand:
    """The tests a row `t` must pass to count for the fact (besides its `matching` and the cut-off)."""
    tests = simplified((*fact.where, *(test for each in fact.counts for test in each.when)))
    timed = time_tests(
        "t",
        fact.window,
        shape.of(fact.window),
        day=fact.day,
        spell=fact.spell,
        by_months=fact.reduce.kind is Reduce.SPELL_MONTHS,
    )
    return Demand(fact, tests, tuple(column_tests(table, tests, "t")), tuple(timed))


def scans(facts: Sequence[Fact], setting: Setting) -> list[Scan]:
    """The scans that give all `facts`, in a stable order; lists of keys come before the scans that use them."""
    groups: dict[object, list[Fact]] = {}
    for fact in facts:
        alone = fact.id if _needs_pairs(fact, setting.tables[fact.table]) else None
        groups.setdefault((fact.table, fact.matching, alone), []).append(fact)
    found: list[Scan] = []
    keys = Keys(setting)
    for number, members in enumerate(groups.values()):
        scanner = _Scanner(members, setting, keys)
        found.append(Scan(f"e{number}", scanner.text(), tuple(fact.id for fact in members)))
    return [*keys.scans, *found]


def _needs_pairs(fact: Fact, table: Table) -> bool:
    """Whether a `distinct` cannot be written as one integer or text: two columns of the table, or text and month."""
    if fact.reduce.kind is not Reduce.DISTINCT:
        return False
    columns = [name for name in fact.reduce.columns if name != MONTH]
    with_month = len(columns) < len(fact.reduce.columns)
    return len(columns) > 1 or (with_month and any(table.columns[c].type is ColumnType.TEXT for c in columns))


class Keys:
    """The rows other tables must have, as lists of keys; asked for twice, written once."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._names: dict[str, str] = {}

    @property
    def scans(self) -> list[Scan]:
        """The common table expressions to be written before those that use them."""
        return [Scan(name, text, ()) for text, name in self._names.items()]

    def joins(self, matchings: Sequence[Matching], table: Table) -> str:
        """For each matching, a join of row `t` with its list; the lists hold each key once, so no row is doubled.

        A join and not IN or EXISTS: SQLite then starts from the few keys, DuckDB hashes them, once.
        """
        found = []
        for matching in matchings:
            name = self.name(matching)
            pairs = [f"{name}.c{i} = t.{mine}" for i, (mine, _theirs) in enumerate(matching.on)]
            if not self._setting.one:
                pairs.insert(0, f"{name}.branch = t.{table.branch}")
            if matching.before:
                pairs.append(f"{name}.earliest <= t.{matching.before[1]}")
            found.append(f"\n  JOIN {name} ON {' AND '.join(pairs)}")
        return "".join(found)

    def test(self, matching: Matching) -> str:
        """That the keys of row `t` are in the list; for texts about one branch."""
        ours = [f"t.{mine}" for mine, _theirs in matching.on]
        theirs = [f"c{i}" for i in range(len(matching.on))]
        row = f"({', '.join(ours)})" if len(ours) > 1 else ours[0]
        name = self.name(matching)
        first = f" WHERE {name}.earliest <= t.{matching.before[1]}" if matching.before else ""
        return f"{row} IN (SELECT {', '.join(theirs)} FROM {name}{first})"

    def name(self, matching: Matching) -> str:
        """The name of the list."""
        return self._names.setdefault(self._text(matching), f"k{len(self._names)}")

    def _text(self, matching: Matching) -> str:
        table = self._setting.tables[matching.table]
        columns = [f"m.{theirs} AS c{i}" for i, (_ours, theirs) in enumerate(matching.on)]
        if not self._setting.one:
            columns.insert(0, f"m.{table.branch} AS branch")
        stretch = self._setting.shape.of(matching.window)
        tests = [
            self._setting.in_scope(table, "m"),
            *column_tests(table, matching.where, "m"),
            *time_tests("m", matching.window, stretch, day=matching.day, spell=matching.spell),
        ]
        source = self._setting.source(table, "m", tests, columns_read(matching))
        if matching.before is None:
            return f"SELECT DISTINCT {', '.join(columns)}\n  {source}"
        # the earliest is enough: whatever lies before a day, the earliest does
        keys = ", ".join(column.split(" AS ")[0] for column in columns)
        columns.append(f"MIN(m.{matching.before[0]}) AS earliest")
        return f"SELECT {', '.join(columns)}\n  {source}\n  GROUP BY {keys}"


class _Scanner:
    """Writes the scan of one group of facts."""

    def __init__(self, facts: list[Fact], setting: Setting, keys: Keys) -> None:
        self.facts = facts
        self.setting = setting
        self.keys = keys
        self.table = setting.tables[facts[0].table]
        self.shape = setting.shape
        self.demands = [demand_of(fact, self.table, self.shape) for fact in facts]

    def text(self) -> str:
        return self._pairs() if _needs_pairs(self.facts[0], self.table) else self._fused()

    def _fused(self) -> str:
        shared = self._shared()
        columns = [
            f"{reduction(demand.fact, [test for test in demand.all if test not in shared], self.shape)} AS v{i}"
            for i, demand in enumerate(self.demands)
        ]
        source = self._source(shared)
        if self.setting.one:
            return f"SELECT {_LINE.join(columns)}{source}"
        branch = f"t.{self.table.branch}"
        return f"SELECT {branch} AS branch,\n    {_LINE.join(columns)}{source}\n  GROUP BY {branch}"

    def _pairs(self) -> str:
        """Distinct combinations of several columns: the pairs first, then their number."""
        (demand,) = self.demands
        stretch = self.shape.of(demand.fact.window)
        named = [distinct_column(demand.fact, name, stretch) for name in demand.fact.reduce.columns]
        filled = [f"{column} IS NOT NULL" for column in named]
        inner = ", ".join(f"{column} AS d{i}" for i, column in enumerate(named))
        source = self._source([*demand.all, *filled])
        if self.setting.one:
            return f"SELECT COUNT(*) AS v0 FROM (SELECT DISTINCT {inner}{source}) AS d"
        pairs = f"SELECT DISTINCT t.{self.table.branch} AS branch, {inner}{source}"
        return f"SELECT branch, COUNT(*) AS v0 FROM ({pairs}) AS d GROUP BY branch"

    def _source(self, tests: Iterable[str]) -> str:
        read = {name for fact in self.facts for name in columns_read(fact)}
        inside = [self.setting.in_scope(self.table, "t"), *tests]
        joins = self.keys.joins(self.facts[0].matching, self.table)
        return f"\n  {self.setting.source(self.table, 't', inside, read, joins)}"

    def _shared(self) -> list[str]:
        """Tests that every fact of the group makes, and the widest window and kinds they have in common."""
        first = self.demands[0].all
        everywhere = [test for test in dict.fromkeys(first) if all(test in each.all for each in self.demands)]
        return [*everywhere, *self._widest_start(everywhere), *self._united_values(everywhere)]

    def _widest_start(self, known: list[str]) -> list[str]:
        """A scan that serves several windows begins where the first of them does."""
        days = {fact.day for fact in self.facts}
        if len(days) != 1 or None in days or any(fact.window not in _BOUNDED for fact in self.facts):
            return []
        first = min((self.shape.of(fact.window) for fact in self.facts), key=lambda stretch: stretch.order)
        test = f"t.{days.pop()} >= :{first.start}"
        return [] if test in known else [test]

    def _united_values(self, known: list[str]) -> list[str]:
        """`kind IN (…all kinds some fact wants…)`, when every fact of the group asks for kinds."""
        wanted: dict[str, dict[str, set[int | str]]] = {}
        for demand in self.demands:
            for test in demand.tests:
                if test.operator is ColumnOperator.ONE_OF and test.other is None:
                    wanted.setdefault(test.column, {}).setdefault(demand.fact.id, set()).update(test.values)
        united = []
        for column, by_fact in wanted.items():
            together = tuple(sorted(set().union(*by_fact.values()), key=str))
            written = column_test(self.table, ColumnTest(column, ColumnOperator.ONE_OF, together), "t")
            if len(by_fact) == len(self.demands) and written not in known:
                united.append(written)
        return united
