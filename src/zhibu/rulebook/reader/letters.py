"""letters.yaml: letters by kind; an overlay may answer sooner."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms.letters import Handling, LetterRule

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .scheme import dated_numbers, tightened
from .sources import read_level
from .tree import Node


def read_letters(book: Gathering, page: Page, root: Node) -> None:
    """Read every kind; in an overlay, the shorter terms of a kind there is."""
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"来信类别“{name}”")
        known = book.letters.get(name)
        if book.overlay and known is not None:
            book.letters[name] = _amended(entry, known)
        elif book.overlay:
            page.note(
                line, "unknown_choice", key=page.file, value=name, meant=meant(name, book.letters),
                known=listed(book.letters),
            )  # fmt: skip
            continue
        elif book.claim(page, "letter", name, line):
            book.letters[name] = _read(book, entry, name)
        entry.close()


def _read(book: Gathering, entry: Entry, name: str) -> LetterRule:
    level, sources = read_level(book, entry)
    return LetterRule(
        id=name,
        title=entry.wording("title"),
        door=entry.wording("door"),
        handling=entry.choice("handling", Handling),
        from_public=entry.flag_or("from_public", otherwise=False),
        publishable=entry.flag_or("publishable", otherwise=False),
        to_superior=entry.flag_or("to_superior", otherwise=False),
        register=entry.flag_or("register", otherwise=False),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "answer_days"),
    )


def _amended(entry: Entry, known: LetterRule) -> LetterRule:
    """An earlier answer, from a day on; always with a reason."""
    rows = tightened(entry, "answer_days", known.id, known.rows, known.answer_days, needed=True)
    return replace(known, rows=rows)
