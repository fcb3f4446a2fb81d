"""publications.yaml: what is published, by kind; and an overlay's longer windows and other wording."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from zhibu.core.norms import Publication, Reply
from zhibu.core.wording import Text

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .scheme import dated_numbers
from .sources import read_level
from .tree import Node

PLACES: Final = ("unit", "residence")
"""Where a notice hangs besides the board: at the place of work, where the person lives."""

FILLED: Final = ("name", "branch", "opens", "closes", "days")
_PLACE = re.compile(r"\{(\w+)\}")


def read_publications(book: Gathering, page: Page, root: Node) -> None:
    """Read every kind; in an overlay, what it changes of a kind there is."""
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"公示类别“{name}”")
        known = book.publications.get(name)
        if book.overlay and known is not None:
            book.publications[name] = _amended(entry, known)
        elif book.overlay:
            known_names = book.publications
            page.note(
                line, "unknown_choice", key=page.file, value=name, meant=meant(name, known_names),
                known=listed(known_names, 30),
            )  # fmt: skip
            continue
        elif book.claim(page, "publication", name, line):
            book.publications[name] = _read(book, entry, name)
        entry.close()


def _read(book: Gathering, entry: Entry, name: str) -> Publication:
    level, sources = read_level(book, entry)
    return Publication(
        id=name,
        title=_filled(entry, "title"),
        text=_filled(entry, "text"),
        reply=entry.choice("reply", Reply),
        about_person=entry.flag_or("about_person", otherwise=False),
        exclude_start_day=entry.flag_or("exclude_start_day", otherwise=False),
        places=_places(entry, "places"),
        mobile_places=_places(entry, "mobile_places"),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "working_days") if entry.has("working_days") else (),
    )


def _amended(entry: Entry, known: Publication) -> Publication:
    """Longer windows from a day on, the opening day not counted, another wording; always with a reason."""
    entry.need("reason", "overlay_without_reason", id=known.id)
    entry.wording_or("reason")
    rows = dated_numbers(entry, "working_days") if entry.has("working_days") else ()
    for since, number in rows:
        base = max(
            (known.least_on(day) for day in (since, *(d for d, _n in known.rows if d > since))), default=0
        )
        if number < base:
            entry.page.note(
                entry.at("working_days"), "overlay_loosens", name=known.id, date=since, base=base, value=number,
                direction="小于",
            )  # fmt: skip
    changed = replace(
        known,
        exclude_start_day=known.exclude_start_day or entry.flag_or("exclude_start_day", otherwise=False),
        rows=_joined(known.rows, rows),
    )
    if entry.has("title"):
        changed = replace(changed, title=_filled(entry, "title"))
    if entry.has("text"):
        changed = replace(changed, text=_filled(entry, "text"))
    return changed


def _joined(
    base: tuple[tuple[date, int], ...], over: tuple[tuple[date, int], ...]
) -> tuple[tuple[date, int], ...]:
    """The overlay's numbers in force from their day on, over every later row."""
    if not over:
        return base
    first = over[0][0]
    return (*(row for row in base if row[0] < first), *over)


def _filled(entry: Entry, key: str) -> Text:
    """A wording whose open places are known ones."""
    text = entry.wording(key)
    for language in (text.zh, text.en):
        for place in _PLACE.findall(language):
            if place not in FILLED:
                entry.page.note(
                    entry.at(key), "unknown_choice", key=key, value=place, meant=meant(place, FILLED),
                    known=listed(FILLED),
                )  # fmt: skip
    return text


def _places(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.located(key)
    for name, line in found:
        if name not in PLACES:
            entry.page.note(
                line, "unknown_choice", key=key, value=name, meant=meant(name, PLACES), known=listed(PLACES)
            )
    return tuple(name for name, _line in found)
