"""home.yaml: what the home of a branch has; an overlay adds things, words them otherwise, or has them looked at more often."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms import HomeItem, Level

from .entry import Entry, Page
from .gathering import Gathering
from .scheme import dated_numbers, tightened
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
        keeper=entry.wording("keeper") if entry.has("keeper") else None,
    )


def _amended(entry: Entry, known: HomeItem) -> HomeItem:
    """Another wording, somebody to be named for it, or a shorter time for which a look stands; always with a reason."""
    changed = replace(known, rows=tightened(entry, "look_again", known.id, known.rows, known.stands_on))
    if entry.has("title"):
        changed = replace(changed, title=entry.wording("title"))
    if entry.has("about"):
        changed = replace(changed, about=entry.wording("about"))
    if entry.has("keeper"):
        changed = replace(changed, keeper=entry.wording("keeper"))
    return changed
