"""How the records that count become one whole number, as an aggregate of SQL."""

from __future__ import annotations

from collections.abc import Sequence

from zhibu.core.norms import MONTH, Fact, Reduce, Window

from .conditions import always, literal, still
from .timeframe import Shape, Stretch

# a month number within a stretch is below this, so "column * 16 + month" tells all pairs apart
_MONTHS_PER_STRETCH = 16
_NEVER_EMPTY = {Reduce.COUNT, Reduce.DISTINCT, Reduce.MONTHS, Reduce.SUM, Reduce.SPELL_MONTHS}


def reduction(fact: Fact, tests: Sequence[str], shape: Shape) -> str:
    """The aggregate of the rows `t` that pass `tests`. NULL over no row, except for numbers of something."""
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
            return f"COUNT(DISTINCT {_case(tests, _month_number(fact, stretch))})"
        case Reduce.SPELL_MONTHS:
            return _spell_months(fact, tests, stretch)


def value_over_nothing(fact: Fact) -> str:
    """What the fact is for a branch without any row that counts."""
    return literal(0 if fact.reduce.kind in _NEVER_EMPTY else fact.empty)


def distinct_column(fact: Fact, name: str, stretch: Stretch) -> str:
    """One of the columns of a `distinct`, the pseudo-column `month` among them."""
    return _month_number(fact, stretch) if name == MONTH else f"t.{name}"


def _case(tests: Sequence[str], value: str) -> str:
    return f"CASE WHEN {' AND '.join(tests)} THEN {value} END" if tests else value


def _one_distinct(fact: Fact, stretch: Stretch) -> str:
    columns = [name for name in fact.reduce.columns if name != MONTH]
    if not columns:
        return _month_number(fact, stretch)
    if len(columns) == len(fact.reduce.columns):
        return f"t.{columns[0]}"
    return f"CAST(t.{columns[0]} AS BIGINT) * {_MONTHS_PER_STRETCH} + {_month_number(fact, stretch)}"


def _month_number(fact: Fact, stretch: Stretch) -> str:
    """Which month of the stretch the day lies in, from 0; the ends of the stretch are among the tests already."""
    if fact.day is None or fact.window not in {Window.PERIOD, Window.HALF_YEAR, Window.YEAR}:
        raise ValueError(f"{fact.id}: months are counted by a `day` within a period, half-year or year")
    last = stretch.months - 1
    steps = [f"WHEN t.{fact.day} < :{stretch.prefix}{i + 1} THEN {i}" for i in range(last)]
    return f"CASE {' '.join(steps)} ELSE {last} END" if steps else "0"


def _spell_months(fact: Fact, tests: Sequence[str], stretch: Stretch) -> str:
    if fact.spell is None:
        raise ValueError(f"{fact.id}: spell_months needs a `spell`")
    since, until = f"t.{fact.spell.since}", f"t.{fact.spell.until}"
    months = [
        f"CASE WHEN {always(since)} <= :{stretch.prefix}{i}"
        f" AND {still(until)} >= :{stretch.prefix}{i + 1} THEN 1 ELSE 0 END"
        for i in range(stretch.months)
        if stretch.whole[i]
    ]
    return f"SUM({_case(tests, ' + '.join(months) or '0')})"
