"""scheme.yaml, how the assessment is done; and the numbers rooms ask for by name (register.yaml and its like)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import PurePath

from zhibu.core.norms import Level, Limit, Scheme, Source

from .entry import Entry, Page
from .gathering import Gathering
from .overlays import amend_scheme
from .sources import check_level, read_source, read_sources
from .terms import read_terms
from .tree import Fields, Leaf, Node


def read_scheme(book: Gathering, page: Page, root: Node) -> None:
    """Read the shipped scheme.yaml, or an overlay's amendment of it."""
    entry = page.fields(root, page.file, "考核办法")
    if book.overlay and book.scheme is not None:
        amend_scheme(book, entry, book.scheme)
        return
    terms, rows = read_terms(entry)
    level, sources = entry.choice("level", Level), read_sources(book, entry)
    if not sources:
        page.note(entry.at("sources"), "missing_source", what=entry.what)
    check_level(book, entry, level, sources)
    node = entry.need("names")
    names = {name: page.wording(each, name) for name, _, each in (page.pairs(node, "names") if node else ())}
    for row in rows[:1]:
        for name in row.numbers.keys() - names.keys():
            page.note(row.lines[name], "name_untitled", name=name)
    book.scheme = Scheme(entry.wording("title"), level, sources, names, terms)
    entry.close()


def read_limits(book: Gathering, page: Page, root: Node) -> None:
    """Read a room's numbers: name to `cited`, `source`, `verified`, dated `terms`."""
    room = PurePath(page.file).stem
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"数值“{name}”")
        limit = _limit(book, entry, f"{room}.{name}")
        entry.close()
        if book.claim(page, "limit", limit.id, line):
            book.limits[limit.id] = limit


def _limit(book: Gathering, entry: Entry, name: str) -> Limit:
    source = entry.entry("source", "依据")
    if source is None:
        entry.page.note(entry.line, "missing_source", what=entry.what)
    return Limit(
        id=name,
        cited=entry.wording("cited"),
        source=read_source(book, source) if source else Source(""),
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "terms"),
    )


def dated_numbers(entry: Entry, key: str) -> tuple[tuple[date, int], ...]:
    """The numbers under a key, each under the day it is in force from, in order."""
    page, node = entry.page, entry.get(key)
    if not isinstance(node, Fields) or not node.entries:
        page.note(entry.at(key), "terms_missing")
        return ()
    rows: list[tuple[date, int]] = []
    for day, value in node.entries:
        if not isinstance(day.value, date):
            page.note(day.line, "terms_not_dated", key=day.text)
            continue
        if rows and day.value < rows[-1][0]:
            page.note(day.line, "terms_not_sorted", date=day.value, previous=rows[-1][0])
        if isinstance(value, Leaf) and value.value is None:
            page.note(day.line, "term_without_number", name=day.text)
        else:
            rows.append((day.value, page.whole(value, day.text)))
    return tuple(rows)


def tightened(
    entry: Entry,
    key: str,
    name: str,
    known: tuple[tuple[date, int], ...],
    in_force: Callable[[date], int | None],
    *,
    needed: bool = False,
) -> tuple[tuple[date, int], ...]:
    """What an overlay makes of dated numbers that are limits: smaller ones from a day on, always with a reason.

    `in_force` is the number of a day as it stood before; a larger one is noted. `needed`: there is nothing else to amend.
    """
    entry.need("reason", "overlay_without_reason", id=name)
    entry.wording_or("reason")
    rows = dated_numbers(entry, key) if needed or entry.has(key) else ()
    for since, number in rows:
        base = in_force(since)
        if base and number > base:
            entry.page.note(
                entry.at(key),
                "overlay_loosens",
                name=name,
                date=since,
                base=base,
                value=number,
                direction="大于",
            )
    return (*(row for row in known if not rows or row[0] < rows[0][0]), *rows)
