"""home.yaml: what the home of a branch has; an overlay adds things, words them otherwise, or has them looked at more often."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms import HomeItem, Level

from .entry import Entry, Page
from .gathering import Gathering
from .scheme import dated_numbers
from .sources import check_level, read_sources
from .tree import Node


def read_home(book: Gathering, page: Page, root: Node) -> None:
    """Read every thing; in an overlay a known one is amended, an unknown one added."""
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"阵地项目“{name}”")
        known = book.home.get(name)
        if book.overlay and known is not None:
            book.home[name] = _amended(entry, known)
        elif book.claim(page, "home item", name, line):
            book.home[name] = _read(book, entry, name)
        entry.close()


def _read(book: Gathering, entry: Entry, name: str) -> HomeItem:
    level, sources = entry.choice("level", Level), read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    check_level(book, entry, level, sources)
    return HomeItem(
        id=name,
        title=entry.wording("title"),
        about=entry.wording("about"),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "look_again") if entry.has("look_again") else (),
    )


def _amended(entry: Entry, known: HomeItem) -> HomeItem:
    """Another wording, or a shorter time for which a look stands, from a day on; always with a reason."""
    entry.need("reason", "overlay_without_reason", id=known.id)
    entry.wording_or("reason")
    rows = dated_numbers(entry, "look_again") if entry.has("look_again") else ()
    for since, number in rows:
        base = known.stands_on(since)
        if base and number > base:
            entry.page.note(
                entry.at("look_again"), "overlay_loosens", name=known.id, date=since, base=base, value=number,
                direction="大于",
            )  # fmt: skip
    kept = tuple(row for row in known.rows if not rows or row[0] < rows[0][0])
    changed = replace(known, rows=(*kept, *rows))
    if entry.has("title"):
        changed = replace(changed, title=entry.wording("title"))
    if entry.has("about"):
        changed = replace(changed, about=entry.wording("about"))
    return changed
