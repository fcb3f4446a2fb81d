"""facts.yaml: (branch, period) to whole number, as source table, conditions and reduction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from zhibu.core.norms import (
    MONTH,
    ColumnType,
    Counts,
    Fact,
    Matching,
    Reduce,
    Reduction,
    Spell,
    Table,
    Window,
)

from .entry import Entry, Page
from .evidence import column_known
from .gathering import Gathering
from .problems import listed, meant
from .tree import Fields, Items, Leaf, Node
from .wheres import read_where

_NAME = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")
_BY_DAY: Final = frozenset({Window.PERIOD, Window.HALF_YEAR, Window.YEAR})
_BY_SPELL: Final = frozenset({Window.AS_OF, Window.DURING})
_MAY_BE_EMPTY: Final = frozenset({Reduce.MAX, Reduce.MIN, Reduce.DAYS_SINCE, Reduce.DAYS_UNTIL})


def read_facts(book: Gathering, page: Page, root: Node) -> None:
    """Read facts.yaml into the gathering."""
    for name, line, node in page.pairs(root, "facts.yaml"):
        if not _NAME.fullmatch(name):
            page.note(line, "id_malformed", id=name, rule="写成 房间.名称，如 life.general_meetings")
        entry = page.fields(node, name, f"事实“{name}”")
        fact = _fact(book, entry, name)
        entry.close()
        if book.claim(page, "fact", name, line):
            book.facts[name] = fact


def _fact(book: Gathering, entry: Entry, name: str) -> Fact:
    page = entry.page
    table = _table(book, entry)
    day, spell, window = _when(entry, table)
    reduction = _reduction(entry, table)
    _check_reduction(entry, reduction, day, spell)
    node = entry.get("matching")
    matching = node.items if isinstance(node, Items) else (node,) if node else ()
    return Fact(
        id=name,
        title=entry.wording("title"),
        unit=entry.wording("unit"),
        table=table.id if table else "",
        where=read_where(page, table, entry.get("where"), "where"),
        counts=tuple(_counts(each, table) for each in entry.entries("counts", "计入条件")),
        matching=tuple(
            _matching(book, page.fields(each, "matching", "对应记录"), table) for each in matching
        ),
        day=day,
        spell=spell,
        window=window,
        reduce=reduction,
        empty=_empty(entry, reduction),
        note=entry.wording_or("note"),
    )


def _table(book: Gathering, entry: Entry) -> Table | None:
    name = entry.text("table")
    table = book.tables.get(name)
    if table is None and name:
        entry.page.note(
            entry.at("table"),
            "unknown_table",
            id=name,
            meant=meant(name, book.tables),
            known=listed(book.tables, 30),
        )
    return table


def _counts(entry: Entry, table: Table | None) -> Counts:
    counts = Counts(read_where(entry.page, table, entry.need("when"), "when"), entry.wording("because"))
    entry.close()
    return counts


def _matching(book: Gathering, entry: Entry, own: Table | None) -> Matching:
    page, other = entry.page, _table(book, entry)
    node = entry.need("on")
    pairs = []
    for column, line, value in page.pairs(node, "on") if node else ():
        pairs.append((column, page.text(value, column)))
        if own is not None:
            column_known(page, own, column, line)
        if other is not None:
            column_known(page, other, pairs[-1][1], value.line)
    where = read_where(page, other, entry.get("where"), "where")
    day, spell, window = _when(entry, other)
    before = _before(entry, own, other)
    entry.close()
    return Matching(other.id if other else "", tuple(pairs), where, window, day, spell, before)


def _before(entry: Entry, own: Table | None, other: Table | None) -> tuple[str, str] | None:
    """`before: {their day: our day}`: the matching row's day lies on or before ours."""
    node = entry.get("before")
    pairs = (
        [
            (theirs, entry.page.text(value, theirs))
            for theirs, _line, value in entry.page.pairs(node, "before")
        ]
        if node
        else []
    )
    if not pairs:
        return None
    theirs, ours = pairs[0]
    for table, column in ((other, theirs), (own, ours)):
        if table is not None:
            _need_type(entry.page, table, column, entry.at("before"), wanted=_DAYS, by="before")
    return theirs, ours


def _when(entry: Entry, table: Table | None) -> tuple[str | None, Spell | None, Window]:
    """The day or spell columns and the window, checked against each other."""
    day = entry.text_or("day")
    if day is not None and table is not None:
        _need_type(entry.page, table, day, entry.at("day"), wanted=_DAYS, by="day")
    spell = _spell(entry, table)
    window = entry.choice_or("window", Window, Window.PERIOD)
    if window in _BY_DAY and day is None and spell is None:
        entry.page.note(entry.at("window"), "window_needs_day", window=window.value)
    if window in _BY_SPELL and spell is None:
        entry.page.note(entry.at("window"), "window_needs_spell", window=window.value)
    return day, spell, window


def _spell(entry: Entry, table: Table | None) -> Spell | None:
    found = entry.entry("spell", "起止")
    if found is None:
        return None
    spell = Spell(found.text("from"), found.text("until"))
    found.close()
    if table is not None:
        for key, column in (("from", spell.since), ("until", spell.until)):
            _need_type(entry.page, table, column, found.at(key), wanted=_DAYS, by="spell")
    return spell


def _reduction(entry: Entry, table: Table | None) -> Reduction:
    node = entry.need("reduce")
    if node is None:
        return Reduction(Reduce.COUNT)
    page = entry.page
    if isinstance(node, Leaf):
        return Reduction(_reduce_kind(page, page.text(node, "reduce"), node.line))
    named = list(page.pairs(node, "reduce")) if isinstance(node, Fields) else []
    if len(named) != 1:
        page.wrong(node, "reduce", "归并方式（如 count 或 {sum: 列}）")
        return Reduction(Reduce.COUNT)
    name, line, value = named[0]
    kind = _reduce_kind(page, name, line)
    if kind not in _READS:
        return Reduction(kind)
    items = value.items if isinstance(value, Items) and kind is Reduce.DISTINCT else (value,)
    columns = tuple(page.text(each, name) for each in items)
    for column, each in zip(columns, items, strict=True):
        if table is not None and not (kind is Reduce.DISTINCT and column == MONTH):
            _need_type(page, table, column, each.line, wanted=_READS[kind], by=name)
    return Reduction(kind, columns)


def _reduce_kind(page: Page, name: str, line: int) -> Reduce:
    known = [each.value for each in Reduce]
    if name in known:
        return Reduce(name)
    if name:
        page.note(line, "unknown_reduction", name=name, meant=meant(name, known), known=listed(known))
    return Reduce.COUNT


def _check_reduction(entry: Entry, reduction: Reduction, day: str | None, spell: Spell | None) -> None:
    by_month = reduction.kind is Reduce.MONTHS or MONTH in reduction.columns
    if by_month and day is None:
        entry.page.note(entry.at("reduce"), "reduction_needs_day", name=reduction.kind.value)
    if reduction.kind is Reduce.SPELL_MONTHS and spell is None:
        entry.page.note(entry.at("reduce"), "reduction_needs_spell", name=reduction.kind.value)


def _empty(entry: Entry, reduction: Reduction) -> int:
    empty = entry.whole_or("empty")
    if empty is None and reduction.kind in _MAY_BE_EMPTY:
        entry.page.note(entry.at("reduce"), "empty_missing", name=reduction.kind.value)
    if empty is not None and reduction.kind not in _MAY_BE_EMPTY:
        entry.page.note(entry.at("empty"), "empty_unneeded", name=reduction.kind.value)
    return empty or 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The column types a place takes, and what they are called."""

    types: frozenset[ColumnType]
    told: str


def _need_type(page: Page, table: Table, column: str, line: int, *, wanted: _Wanted, by: str) -> None:
    found = column_known(page, table, column, line)
    if found is not None and found.type not in wanted.types:
        fitting = [each.name for each in table.columns.values() if each.type in wanted.types]
        page.note(line, "column_kind", reduction=by, column=column, wanted=wanted.told, known=listed(fitting))


_DAYS: Final = _Wanted(frozenset({ColumnType.DAY}), "日期")
_NUMBERS: Final = _Wanted(frozenset({ColumnType.INT, ColumnType.FEN, ColumnType.FLAG}), "数字")
_READS: Final = {
    Reduce.SUM: _NUMBERS,
    Reduce.MAX: _NUMBERS,
    Reduce.MIN: _NUMBERS,
    Reduce.DISTINCT: _Wanted(frozenset(ColumnType), "任意"),
    Reduce.DAYS_SINCE: _DAYS,
    Reduce.DAYS_UNTIL: _DAYS,
}
