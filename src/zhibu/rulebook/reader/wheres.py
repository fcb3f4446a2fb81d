"""Column conditions of facts: `{kind: general_meeting, present_count: {at_least_column: expected_count}}`."""

from __future__ import annotations

from datetime import date
from typing import Final

from zhibu.core.norms import Column, ColumnOperator, ColumnTest, ColumnType, Table

from .entry import Page
from .evidence import column_known
from .problems import listed, meant
from .tree import KINDS, Fields, Items, Leaf, Node, kind_of

_ORDERED: Final = {
    "at_least": ColumnOperator.AT_LEAST,
    "at_most": ColumnOperator.AT_MOST,
    "more_than": ColumnOperator.MORE_THAN,
    "less_than": ColumnOperator.LESS_THAN,
}
_BETWEEN_COLUMNS: Final = {
    "equals_column": ColumnOperator.ONE_OF,
    **{f"{name}_column": operator for name, operator in _ORDERED.items()},
}
OPERATORS: Final = (*_ORDERED, *_BETWEEN_COLUMNS, "not", "is")

_HOLDS: Final = {ColumnType.FLAG: bool, ColumnType.DAY: date, ColumnType.TEXT: str}


def read_where(page: Page, table: Table | None, node: Node | None, key: str) -> tuple[ColumnTest, ...]:
    """The tests of a column condition; those of an unknown table or column are left out, with a problem noted."""
    if node is None or table is None:
        return ()
    found: list[ColumnTest] = []
    for name, line, value in page.pairs(node, key):
        column = column_known(page, table, name, line)
        if column is None:
            continue
        if isinstance(value, Fields | Items) and not (
            value.entries if isinstance(value, Fields) else value.items
        ):
            page.note(value.line, "empty_list", key=name)
        elif isinstance(value, Fields):
            found += _operators(page, table, column, value)
        else:
            found.append(ColumnTest(name, ColumnOperator.ONE_OF, _values(page, column, value)))
    return tuple(found)


def _operators(page: Page, table: Table, column: Column, node: Fields) -> list[ColumnTest]:
    found = []
    for name, line, value in page.pairs(node, column.name):
        if name in _ORDERED:
            if column.type is ColumnType.TEXT:
                page.note(line, "column_not_ordered", column=column.name)
                continue
            found.append(ColumnTest(column.name, _ORDERED[name], (_value(page, column, value),)))
        elif name in _BETWEEN_COLUMNS:
            other = page.text(value, name)
            column_known(page, table, other, line)
            found.append(ColumnTest(column.name, _BETWEEN_COLUMNS[name], (), other))
        elif name == "not":
            found.append(ColumnTest(column.name, ColumnOperator.NOT_ONE_OF, _values(page, column, value)))
        elif name == "is":
            found.append(ColumnTest(column.name, _emptiness(page, value)))
        else:
            page.note(
                line,
                "unknown_column_test",
                operator=name,
                meant=meant(name, OPERATORS),
                known=listed(OPERATORS),
            )
    return found


def _emptiness(page: Page, node: Node) -> ColumnOperator:
    value = page.text(node, "is")
    known = (ColumnOperator.EMPTY.value, ColumnOperator.FILLED.value)
    if value not in known:
        page.note(
            node.line, "unknown_choice", key="is", value=value, meant=meant(value, known), known=listed(known)
        )
        return ColumnOperator.EMPTY
    return ColumnOperator(value)


def _values(page: Page, column: Column, node: Node) -> tuple[int | str, ...]:
    if isinstance(node, Items):
        return tuple(_value(page, column, each) for each in node.items)
    return (_value(page, column, node),)


def _value(page: Page, column: Column, node: Node) -> int | str:
    """A literal of the column's type: texts as they are, true/false as 1/0, days as ordinals."""
    wanted = _HOLDS.get(column.type, int)
    if not isinstance(node, Leaf) or type(node.value) is not wanted:
        got = node.text if isinstance(node, Leaf) and node.text else kind_of(node)
        page.note(node.line, "column_value", column=column.name, wanted=KINDS[wanted], value=got, known="")
        return 0
    value = node.value
    if isinstance(value, str):
        page.text(node, column.name)
        if column.values and value not in column.values:
            page.note(
                node.line,
                "column_value",
                column=column.name,
                wanted="下列值之一",
                value=value,
                known=f"：{listed(column.values, 30)}",
            )
        return value
    return value.toordinal() if isinstance(value, date) else int(value)  # type: ignore[arg-type]
