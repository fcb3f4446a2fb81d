"""tables.yaml: the evidence tables facts may read."""

from __future__ import annotations

from zhibu.core.norms import Column, ColumnType, Table

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .tree import Leaf, Node


def read_tables(book: Gathering, page: Page, root: Node) -> None:
    """Read tables.yaml into the gathering."""
    for name, line, node in page.pairs(root, "tables.yaml"):
        entry = page.fields(node, name, f"表“{name}”")
        table = _table(entry, name)
        entry.close()
        if book.claim(page, "table", name, line):
            book.tables[name] = table


def _table(entry: Entry, name: str) -> Table:
    node = entry.need("columns")
    columns = {
        column: _column(entry.page, column, each)
        for column, _, each in (entry.page.pairs(node, "columns") if node else ())
    }
    table = Table(
        id=name,
        table=entry.text("table"),
        branch=entry.text("branch"),
        key=entry.text("key"),
        known=entry.text_or("known"),
        view=entry.text_or("view"),
        label=entry.wording("label"),
        show=entry.texts("show"),
        columns=columns,
    )
    named = [("branch", table.branch), ("key", table.key), *(("show", each) for each in table.show)]
    for key, column in named:
        column_known(entry.page, table, column, entry.at(key))
    return table


def _column(page: Page, name: str, node: Node) -> Column:
    """`name: text`, or `name: {type: text, values: [a, b]}`."""
    if isinstance(node, Leaf):
        return Column(name, page.choice(node, name, ColumnType))
    entry = page.fields(node, name, f"列“{name}”")
    column = Column(name, entry.choice("type", ColumnType), entry.texts("values"))
    entry.close()
    return column


def column_known(page: Page, table: Table, column: str, line: int) -> Column | None:
    """The column of a table; a problem is noted when there is none."""
    found = table.columns.get(column)
    if found is None and column and table.columns:
        page.note(
            line,
            "unknown_column",
            table=table.id,
            column=column,
            meant=meant(column, table.columns),
            known=listed(table.columns, 30),
        )
    return found
