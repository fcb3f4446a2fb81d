"""The place where a text was found, its hits set apart: pieces, never marks, so that a page escapes them as any text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhibu.search.tokens import marked_words

BEFORE, LENGTH = 24, 110
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is what was looked for."""

    text: str
    hit: bool


def excerpt(text: str, question: str, length: int = LENGTH) -> tuple[Piece, ...]:
    """Around the first hit; the beginning when no word stands there as it was typed."""
    found = _pattern(question)
    first = found.search(text) if found else None
    start = max(0, first.start() - BEFORE) if first else 0
    shown = _BLANK.sub(" ", text[start : start + length]).strip()
    head = "…" if start else ""
    tail = "…" if start + length < len(text) else ""
    return marked(f"{head}{shown}{tail}", question)


def marked(text: str, question: str) -> tuple[Piece, ...]:
    """A whole text, its hits set apart."""
    found = _pattern(question)
    if found is None:
        return (Piece(text, hit=False),) if text else ()
    pieces, at = [], 0
    for match in found.finditer(text):
        if match.start() > at:
            pieces.append(Piece(text[at : match.start()], hit=False))
        pieces.append(Piece(match[0], hit=True))
        at = match.end()
    if at < len(text):
        pieces.append(Piece(text[at:], hit=False))
    return tuple(pieces)


def _pattern(question: str) -> re.Pattern[str] | None:
    words = sorted(marked_words(question), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE) if words else None
