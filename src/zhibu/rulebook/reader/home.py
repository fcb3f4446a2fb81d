"""home.yaml: what the home of a branch has; an overlay adds things, words them otherwise, or has them looked at more often."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms import HomeItem

from .entry import Entry, Page
from .gathering import Gathering, read_each
from .scheme import dated_numbers, tightened
from .sources import read_level
from .tree import Node


def read_home(book: Gathering, page: Page, root: Node) -> None:
    """Read every thing; in an overlay a known one is amended, an unknown one added."""
    read_each(book, page, root, book.home, "home item", "阵地项目", read=_read, amended=_amended)


def _read(book: Gathering, entry: Entry, name: str) -> HomeItem:
    level, sources = read_level(book, entry)
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
