"""session_kinds.yaml: kinds of meeting and matters of agendas; an overlay adds kinds, or asks more of those there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from zhibu.core.norms.sessions import AgendaLine, Expects, Given, GivenKind, Kept, Matter, Need, SessionKind
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .scheme import dated_numbers
from .sources import read_level, read_sources
from .tree import Node

_ID = re.compile(r"[a-z][a-z0-9_]*")
_RULE = "用小写英文、数字和下划线，以字母开头"


def read_session_kinds(book: Gathering, page: Page, root: Node) -> None:
    """Read the kinds, then the matters."""
    entry = page.fields(root, page.file, "会议类别文件")
    if node := entry.get("kinds"):
        for name, line, each in page.pairs(node, "kinds"):
            _read_kind(book, page.fields(each, name, f"会议类别“{name}”"), name, line)
    if node := entry.get("matters"):
        for name, line, each in page.pairs(node, "matters"):
            book.word_known(page, "agenda_tags", "unknown_tag", name, line)
            found = page.fields(each, name, f"议题类别“{name}”")
            if book.claim(page, "matter", name, line):
                book.matters[name] = _matter(book, found, name)
            found.close()
    entry.close()


def _read_kind(book: Gathering, entry: Entry, name: str, line: int) -> None:
    known = book.session_kinds.get(name)
    if book.overlay and known is not None:
        book.session_kinds[name] = _amended(book, entry, known)
    elif not _ID.fullmatch(name) or len(name) > 30:
        entry.page.note(line, "id_malformed", id=name, rule=_RULE)
        return
    elif book.claim(entry.page, "session kind", name, line):
        book.session_kinds[name] = _kind(book, entry, name)
    entry.close()


def _kind(book: Gathering, entry: Entry, name: str) -> SessionKind:
    level, sources = read_level(book, entry)
    title, fields = entry.wording("title"), _fields(entry)
    return SessionKind(
        id=name,
        title=title,
        short=entry.wording_or("short") or title,
        expects=entry.choice("expects", Expects),
        order=entry.whole_or("order") or 1000 + len(book.session_kinds),
        vote=_vote(book, entry),
        study=entry.flag_or("study", otherwise=False),
        stages=_stages(entry, fields),
        collects=_collects(entry, fields),
        names=entry.texts("names"),
        fields=fields,
        agenda=tuple(_agenda(book, entry)),
        minutes=entry.wording_or("minutes"),
        needs=tuple(_need(each) for each in entry.entries("needs", "归档所需")),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=dated_numbers(entry, "least") if entry.has("least") else (),
        layer=book.layer,
    )


def _amended(book: Gathering, entry: Entry, known: SessionKind) -> SessionKind:
    """More fields, more needs, another template; nothing that was asked is taken away, and always with a reason."""
    entry.need("reason", "overlay_without_reason", id=known.id)
    entry.wording_or("reason")
    more = _fields(entry, {each.id for each in known.fields})
    return replace(
        known,
        fields=known.fields + more,
        agenda=(*known.agenda, *_agenda(book, entry)),
        minutes=entry.wording_or("minutes") or known.minutes,
        needs=known.needs + tuple(_need(each) for each in entry.entries("needs", "归档所需")),
    )


def _matter(book: Gathering, entry: Entry, tag: str) -> Matter:
    sources = read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    kinds = entry.located("kinds")
    for name, line in kinds:
        if name not in book.session_kinds:
            known = book.session_kinds
            entry.page.note(
                line,
                "unknown_choice",
                key="kinds",
                value=name,
                meant=meant(name, known),
                known=listed(known, 30),
            )
    return Matter(
        tag,
        entry.wording("title"),
        tuple(name for name, _line in kinds),
        _votes(book, entry),
        _fields(entry),
        sources,
    )


def _votes(book: Gathering, entry: Entry) -> dict[str, str]:
    """The rule an item of this tag is decided by, by kind of meeting."""
    node = entry.get("votes")
    found = {}
    for kind, line, each in entry.page.pairs(node, "votes") if node else ():
        found[kind] = name = entry.page.text(each, kind)
        _known_vote(book, entry.page, name, line)
    return found


def _vote(book: Gathering, entry: Entry) -> str:
    name = entry.text_or("vote", "") or ""
    _known_vote(book, entry.page, name, entry.at("vote"))
    return name


def _known_vote(book: Gathering, page: Page, name: str, line: int) -> None:
    if name and name not in book.votes:
        page.note(line, "unknown_vote", id=name, meant=meant(name, book.votes), known=listed(book.votes, 30))


def _fields(entry: Entry, taken: set[str] | None = None) -> tuple[Given, ...]:
    seen, found = set(taken or ()), []
    for each in entry.entries("fields", "项目"):
        given = _given(each)
        if given.id in seen:
            each.page.note(each.at("id"), "field_id_twice", id=given.id)
        seen.add(given.id)
        found.append(given)
    return tuple(found)


def _given(entry: Entry) -> Given:
    kind, name = entry.choice("kind", GivenKind), entry.text("id")
    if name and not _ID.fullmatch(name):
        entry.page.note(entry.at("id"), "id_malformed", id=name, rule=_RULE)
    choices: dict[str, Text] = {}
    if node := entry.get("choices"):
        choices = {
            code: entry.page.wording(each, code) for code, _, each in entry.page.pairs(node, "choices")
        }
    if (kind is GivenKind.CHOICE) != bool(choices):
        entry.page.note(entry.line, "choices_and_kind", id=name)
    found = Given(
        name, entry.wording("title"), kind,
        entry.choice("needed", Force) if entry.has("needed") else None,
        choices, entry.wording_or("help"),
    )  # fmt: skip
    entry.close()
    return found


def _stages(entry: Entry, fields: tuple[Given, ...]) -> str:
    name = entry.text_or("stages", "") or ""
    chosen = [each.id for each in fields if each.kind is GivenKind.CHOICE]
    if name and name not in chosen:
        entry.page.note(
            entry.at("stages"), "stages_without_choice", name=name, known=listed(chosen) or "（无）"
        )
    return name


def _collects(entry: Entry, fields: tuple[Given, ...]) -> str:
    name = entry.text_or("collects", "") or ""
    listing = [each.id for each in fields if each.kind is GivenKind.LINES]
    if name and name not in listing:
        entry.page.note(
            entry.at("collects"), "collects_without_lines", name=name, known=listed(listing) or "（无）"
        )
    return name


def _agenda(book: Gathering, entry: Entry) -> Iterator[AgendaLine]:
    for each in entry.entries("agenda", "议题"):
        tag = each.text_or("tag", "other") or "other"
        book.word_known(each.page, "agenda_tags", "unknown_tag", tag, each.at("tag"))
        yield AgendaLine(each.wording("title"), tag)
        each.close()


def _need(entry: Entry) -> Need:
    found = Need(
        record=entry.choice("record", Kept),
        force=entry.choice("force", Force),
        because=entry.wording("because"),
        within_days=entry.whole_or("within_days") or 0,
    )
    entry.close()
    return found
