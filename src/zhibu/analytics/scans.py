# ruff: noqa: S608 - this room writes SQL: values are bound, words of the rulebook are quoted by `conditions.literal`
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
    Window,
)

from .conditions import column_test, column_tests, literal, time_tests
from .timeframe import Shape, Stretch

_BOUNDED = {Window.PERIOD, Window.HALF_YEAR, Window.YEAR}
# later starts first: a scan that serves several windows begins where the widest of them does
_WIDER = {"p0": 0, "h0": 1, "y0": 2}
# a month number within a stretch is below this, so "column * 16 + month" tells all pairs apart
_MONTHS_PER_STRETCH = 16
_LINE = ",\n    "
_AND = "\n    AND "
_NEVER_EMPTY = {Reduce.COUNT, Reduce.DISTINCT, Reduce.MONTHS}


@dataclass(frozen=True, slots=True)
class Scan:
    """One common table expression that gives some facts of each branch: `names` in the order of its columns."""

    name: str
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What one fact asks of a row: the tests of columns, and separately the tests of time."""

    fact: Fact
    tests: tuple[ColumnTest, ...]
    written: tuple[str, ...]
    timed: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every test as SQL, time last."""
        return (*self.written, *self.timed)


def demand_of(fact: Fact, table: Table, shape: Shape, alias: str = "t") -> Demand:
    """The tests a row must pass to count for the fact (besides its `matching` and the cut-off)."""
    tests = (*fact.where, *(test for each in fact.counts for test in each.when))
    stretch = shape.of(fact.window)
    timed = time_tests(
        alias,
        fact.window,
        stretch,
        day=fact.day,
        spell=fact.spell,
        by_months=fact.reduce.kind is Reduce.SPELL_MONTHS,
    )
    return Demand(fact, tests, tuple(column_tests(table, tests, alias)), tuple(timed))


def scans(facts: Sequence[Fact], tables: Mapping[str, Table], shape: Shape) -> list[Scan]:
    """The scans that give all `facts`, in a stable order. Column of a fact = `columns[fact.id]` of the compiler."""
    groups: dict[object, list[Fact]] = {}
    for fact in facts:
        alone = fact.id if _needs_pairs(fact, tables[fact.table]) else None
        groups.setdefault((fact.table, fact.matching, alone), []).append(fact)
    found: list[Scan] = []
    for number, members in enumerate(groups.values()):
        found += _Scanner(number, members, tables, shape).scans()
    return found


def _needs_pairs(fact: Fact, table: Table) -> bool:
    """Whether a `distinct` cannot be written as one integer or text: two columns of the table, or text and month."""
    if fact.reduce.kind is not Reduce.DISTINCT:
        return False
    columns = [name for name in fact.reduce.columns if name != MONTH]
    with_month = len(columns) < len(fact.reduce.columns)
    return len(columns) > 1 or (with_month and any(table.columns[c].type is ColumnType.TEXT for c in columns))


class _Scanner:
    """Writes the scan of one group of facts."""

    def __init__(self, number: int, facts: list[Fact], tables: Mapping[str, Table], shape: Shape) -> None:
        self.number = number
        self.facts = facts
        self.tables = tables
        self.table = tables[facts[0].table]
        self.shape = shape
        self.demands = [demand_of(fact, self.table, shape) for fact in facts]

    def scans(self) -> list[Scan]:
        keys = key_scans(str(self.number), self.facts[0].matching, self.tables, self.shape)
        name = f"e{self.number}"
        text = self._pairs() if _needs_pairs(self.facts[0], self.table) else self._fused()
        return [*keys, Scan(name, text, tuple(fact.id for fact in self.facts))]

    def _fused(self) -> str:
        shared = self._shared()
        columns = [
            f"{reduction(demand.fact, _left(demand, shared), self.shape)} AS v{i}"
            for i, demand in enumerate(self.demands)
        ]
        branch = f"t.{self.table.branch}"
        return (
            f"SELECT {branch} AS branch,\n    {_LINE.join(columns)}\n"
            f"  FROM {self.table.table} t\n  WHERE {self._where(shared)}\n  GROUP BY {branch}"
        )

    def _pairs(self) -> str:
        """Distinct combinations of several columns: the pairs first, then their number."""
        (demand,) = self.demands
        stretch = self.shape.of(demand.fact.window)
        named = [_distinct_column(demand.fact, name, stretch) for name in demand.fact.reduce.columns]
        filled = [f"{column} IS NOT NULL" for column in named]
        inner = ", ".join(f"{column} AS d{i}" for i, column in enumerate(named))
        where = self._where([*demand.all, *filled])
        return (
            f"SELECT branch, COUNT(*) AS v0 FROM (SELECT DISTINCT t.{self.table.branch} AS branch, {inner}\n"
            f"  FROM {self.table.table} t\n  WHERE {where}) AS d GROUP BY branch"
        )

    def _where(self, tests: Iterable[str]) -> str:
        return _AND.join(
            [
                *in_scope(self.table, "t"),
                *tests,
                *matched_tests(str(self.number), self.facts[0].matching, self.table),
            ]
        )

    def _shared(self) -> list[str]:
        """Tests that every fact of the group makes, and the widest window and kinds they have in common."""
        first = self.demands[0].all
        everywhere = [test for test in dict.fromkeys(first) if all(test in each.all for each in self.demands)]
        return [*everywhere, *self._widest_start(everywhere), *self._united_kinds(everywhere)]

    def _widest_start(self, known: list[str]) -> list[str]:
        days = {fact.day for fact in self.facts}
        if len(days) != 1 or None in days or any(fact.window not in _BOUNDED for fact in self.facts):
            return []
        start = max((self.shape.of(fact.window).start for fact in self.facts), key=_WIDER.__getitem__)
        test = f"t.{days.pop()} >= :{start}"
        return [] if test in known else [test]

    def _united_kinds(self, known: list[str]) -> list[str]:
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


def key_scans(
    group: str, matchings: Sequence[Matching], tables: Mapping[str, Table], shape: Shape
) -> list[Scan]:
    """The keys of the rows that other tables must have, one common table expression each."""
    found = []
    for position, matching in enumerate(matchings):
        table = tables[matching.table]
        columns = ", ".join(f"m.{theirs} AS c{i}" for i, (_ours, theirs) in enumerate(matching.on))
        stretch = shape.of(matching.window)
        tests = [
            *in_scope(table, "m"),
            *column_tests(table, matching.where, "m"),
            *time_tests("m", matching.window, stretch, day=matching.day, spell=matching.spell),
        ]
        text = (
            f"SELECT DISTINCT m.{table.branch} AS branch, {columns}\n"
            f"  FROM {table.table} m\n  WHERE {_AND.join(tests)}"
        )
        found.append(Scan(f"k{group}x{position}", text, ()))
    return found


def matched_tests(group: str, matchings: Sequence[Matching], table: Table) -> list[str]:
    """For each matching, that the row's keys are among those of `key_scans`."""
    found = []
    for position, matching in enumerate(matchings):
        ours = ", ".join(f"t.{mine}" for mine, _theirs in matching.on)
        theirs = ", ".join(f"c{i}" for i in range(len(matching.on)))
        found.append(f"(t.{table.branch}, {ours}) IN (SELECT branch, {theirs} FROM k{group}x{position})")
    return found


def in_scope(table: Table, alias: str) -> list[str]:
    """Rows of the branches asked about, known by the cut-off."""
    tests = [f"{alias}.{table.branch} IN (SELECT branch FROM scope)"]
    return tests if table.known is None else [*tests, f"{alias}.{table.known} <= :known"]


def _left(demand: Demand, shared: Sequence[str]) -> list[str]:
    return [test for test in demand.all if test not in shared]


def _case(tests: Sequence[str], value: str) -> str:
    return f"CASE WHEN {' AND '.join(tests)} THEN {value} END" if tests else value


def reduction(fact: Fact, tests: Sequence[str], shape: Shape) -> str:
    """The aggregate of the rows that pass `tests`. NULL over no row, except for numbers of something."""
    stretch = shape.of(fact.window)
    match fact.reduce.kind:
        case Reduce.COUNT:
            return f"COUNT({_case(tests, '1')})"
        case Reduce.SUM:
            return f"SUM({_case(tests, 't.' + fact.reduce.columns[0])})"
        case Reduce.MAX | Reduce.MIN:
            return f"{fact.reduce.kind.upper()}({_case(tests, 't.' + fact.reduce.columns[0])})"
        case Reduce.DAYS_SINCE:
            return f":p1 - MAX({_case(tests, 't.' + fact.reduce.columns[0])})"
        case Reduce.DAYS_UNTIL:
            return f"MAX({_case(tests, 't.' + fact.reduce.columns[0])}) - :p1"
        case Reduce.DISTINCT:
            return f"COUNT(DISTINCT {_case(tests, _one_distinct(fact, stretch))})"
        case Reduce.MONTHS:
            return _months(fact, tests, stretch)
        case Reduce.SPELL_MONTHS:
            return _spell_months(fact, tests, stretch)


def value_over_nothing(fact: Fact) -> str:
    """What the fact is for a branch without any row that counts."""
    return literal(0 if fact.reduce.kind in _NEVER_EMPTY else fact.empty)


def _distinct_column(fact: Fact, name: str, stretch: Stretch) -> str:
    return _month_number(fact, stretch) if name == MONTH else f"t.{name}"


def _one_distinct(fact: Fact, stretch: Stretch) -> str:
    columns = [name for name in fact.reduce.columns if name != MONTH]
    if not columns:
        return _month_number(fact, stretch)
    if len(columns) == len(fact.reduce.columns):
        return f"t.{columns[0]}"
    return f"CAST(t.{columns[0]} AS BIGINT) * {_MONTHS_PER_STRETCH} + {_month_number(fact, stretch)}"


def _month_number(fact: Fact, stretch: Stretch) -> str:
    """Which month of the stretch the day lies in, from 0."""
    day = _day_of(fact)
    steps = [f"WHEN {day} < :{stretch.prefix}{i + 1} THEN {i}" for i in range(stretch.months - 1)]
    last = stretch.months - 1
    return f"CASE {' '.join(steps)} ELSE {last} END" if steps else "0"


def _day_of(fact: Fact) -> str:
    if fact.day is None or fact.window not in _BOUNDED:
        raise ValueError(f"{fact.id}: months are counted by a `day` within a period, half-year or year")
    return f"t.{fact.day}"


def _months(fact: Fact, tests: Sequence[str], stretch: Stretch) -> str:
    day = _day_of(fact)
    terms = []
    for i in range(stretch.months):
        # the ends of the stretch are among the tests already
        low = [f"{day} >= :{stretch.prefix}{i}"] if i else []
        high = [f"{day} < :{stretch.prefix}{i + 1}"] if i < stretch.months - 1 else []
        here = [*tests, *low, *high]
        terms.append(f"MAX(CASE WHEN {' AND '.join(here)} THEN 1 ELSE 0 END)" if here else "MAX(1)")
    return " + ".join(terms)


def _spell_months(fact: Fact, tests: Sequence[str], stretch: Stretch) -> str:
    if fact.spell is None:
        raise ValueError(f"{fact.id}: spell_months needs a `spell`")
    since, until = f"t.{fact.spell.since}", f"t.{fact.spell.until}"
    months = [
        f"CASE WHEN ({since} IS NULL OR {since} <= :{stretch.prefix}{i})"
        f" AND ({until} IS NULL OR {until} >= :{stretch.prefix}{i + 1}) THEN 1 ELSE 0 END"
        for i in range(stretch.months)
        if stretch.whole[i]
    ]
    return f"SUM({_case(tests, ' + '.join(months) or '0')})"
