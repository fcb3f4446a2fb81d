"""The dated numbers of a standard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhibu.core.norms import Terms, TermsRow

from .entry import Entry, Page
from .tree import Fields, Leaf, Node

NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class DatedRow:
    """One row as read, with the lines of its names."""

    since: date
    numbers: dict[str, int]
    lines: dict[str, int]
    line: int


def read_rows(entry: Entry) -> tuple[DatedRow, ...]:
    """The rows under `terms:`, dated and in order; those without a date are left out, with a problem noted."""
    page, node = entry.page, entry.get("terms")
    if node is None:
        return ()
    if not isinstance(node, Fields):
        page.wrong(node, "terms", "以日期为键的各行数值")
        return ()
    rows: list[DatedRow] = []
    for key, value in node.entries:
        if not isinstance(key.value, date):
            page.note(key.line, "terms_not_dated", key=key.text)
            continue
        if rows and key.value < rows[-1].since:
            page.note(key.line, "terms_not_sorted", date=key.value, previous=rows[-1].since)
        numbers, lines = _numbers(page, value, key.text)
        rows.append(DatedRow(key.value, numbers, lines, key.line))
    return tuple(rows)


def _numbers(page: Page, node: Node, key: str) -> tuple[dict[str, int], dict[str, int]]:
    numbers: dict[str, int] = {}
    lines: dict[str, int] = {}
    for name, line, value in page.pairs(node, key):
        if not NAME.fullmatch(name):
            page.note(line, "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
        if isinstance(value, Leaf) and value.value is None:
            page.note(line, "term_without_number", name=name)
            numbers[name] = 0
        else:
            numbers[name] = page.whole(value, name)
        lines[name] = line
    return numbers, lines


def read_terms(entry: Entry) -> tuple[Terms, tuple[DatedRow, ...]]:
    """The terms of a whole standard: at least one row, and every row with the same names."""
    rows = read_rows(entry)
    if not rows and not (entry.has("terms") and _anything(entry.get("terms"))):
        entry.page.note(entry.at("terms"), "terms_missing")
    for row in rows[1:]:
        if different := row.numbers.keys() ^ rows[0].numbers.keys():
            entry.page.note(
                row.line, "terms_names_differ", date=row.since, difference="、".join(sorted(different))
            )
    return Terms(tuple(TermsRow(row.since, row.numbers) for row in rows)), rows


def _anything(node: Node | None) -> bool:
    """Whether something is written that has got its own problem already."""
    return not isinstance(node, Fields) or bool(node.entries)
