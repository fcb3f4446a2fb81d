"""undertakings.yaml: kinds of undertaking; and an overlay's shorter terms, other wording and kinds of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from zhibu.core.norms import Area, Closer, Opener, Proof, Sight, UndertakingKind
from zhibu.core.norms.sessions import GivenKind

from .entry import Entry, Page
from .gathering import Gathering, read_each
from .problems import listed, meant
from .scheme import dated_numbers, tightened
from .sources import read_level
from .tree import Node


def read_undertakings(book: Gathering, page: Page, root: Node) -> None:
    """Read every kind; in an overlay a known one is amended, an unknown one added."""
    read_each(book, page, root, book.undertakings, "undertaking", "事项类别", read=_read, amended=_amended)


def _read(book: Gathering, entry: Entry, name: str) -> UndertakingKind:
    level, sources = read_level(book, entry)
    outside = entry.flag_or("outside", otherwise=False)
    if outside and not entry.has("kept_days"):
        entry.need("kept_days")
    return UndertakingKind(
        id=name,
        title=entry.wording("title"),
        about=entry.wording("about"),
        opened_by=_openers(entry),
        closed_by=entry.choice("closed_by", Closer),
        proof=entry.choice("proof", Proof),
        sight=entry.choice("seen_by", Sight),
        due_needed=entry.flag_or("due_needed", otherwise=True),
        answers_problem=entry.flag_or("answers_problem", otherwise=False),
        about_person=entry.flag_or("about_person", otherwise=False),
        standing=entry.flag_or("standing", otherwise=False),
        lapses=entry.flag_or("lapses", otherwise=False),
        claimed=entry.flag_or("claimed", otherwise=False),
        closing=entry.wording_or("closing"),
        meetings=_meetings(book, entry),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "days") if entry.has("days") else (),
        lists=_lists(book, entry, "lists"),
        reports=_lists(book, entry, "reports"),
        agreed=entry.flag_or("agreed", otherwise=False),
        alone=entry.flag_or("alone", otherwise=False),
        kept=dated_numbers(entry, "kept_days") if entry.has("kept_days") else (),
        outside=outside,
        area=entry.choice("area", Area) if entry.has("area") else Area.DECISIONS,
        asks=entry.wording_or("asks"),
        result=entry.wording_or("result"),
        leads_to=_among(entry, "leads_to", book.undertakings),
    )


def _amended(entry: Entry, known: UndertakingKind) -> UndertakingKind:
    """Another wording, or a shorter term from a day on; who confirms and who sees stay as shipped."""
    changed = replace(
        known,
        rows=tightened(entry, "days", known.id, known.rows, known.days_on),
        kept=tightened(entry, "kept_days", known.id, known.kept, known.kept_on),
    )
    if entry.has("title"):
        changed = replace(changed, title=entry.wording("title"))
    if entry.has("about"):
        changed = replace(changed, about=entry.wording("about"))
    return changed


def _openers(entry: Entry) -> tuple[Opener, ...]:
    found = entry.some("opened_by")
    known = [each.value for each in Opener]
    if not found:
        entry.need("opened_by")
    for name, line in found:
        if name not in known:
            entry.page.note(
                line,
                "unknown_choice",
                key="opened_by",
                value=name,
                meant=meant(name, known),
                known=listed(known),
            )
    return tuple(Opener(name) for name, _line in found if name in known)


def _meetings(book: Gathering, entry: Entry) -> tuple[str, ...]:
    return _among(entry, "meetings", book.session_kinds)


def _lists(book: Gathering, entry: Entry, key: str) -> tuple[str, ...]:
    """Fields of meetings that hold one thing to a line, or one thing; those of a matter under its tag:
    mass_organisations.support.
    """
    fields = [("", each) for kind in book.session_kinds.values() for each in kind.fields]
    fields += [(f"{tag}.", each) for tag, matter in book.matters.items() for each in matter.fields]
    known = {f"{tag}{each.id}" for tag, each in fields if each.kind in {GivenKind.LINES, GivenKind.TEXT}}
    return _among(entry, key, sorted(known))


def _among(entry: Entry, key: str, known: Collection[str]) -> tuple[str, ...]:
    found = entry.located(key)
    for name, line in found:
        if name not in known:
            entry.page.note(
                line,
                "unknown_choice",
                key=key,
                value=name,
                meant=meant(name, known),
                known=listed(known),
            )
    return tuple(name for name, _line in found)
