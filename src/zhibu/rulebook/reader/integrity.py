"""integrity.yaml: the promise of a year and the list of duties; an overlay signs sooner, words otherwise, adds duties."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from zhibu.core.norms import Every, IntegrityDuty, Level, PromiseLetter, Signers, Source

from .entry import Entry, Page
from .gathering import Gathering
from .scheme import dated_numbers, tightened
from .sources import read_level
from .tree import Node

_ID = re.compile(r"[a-z][a-z0-9_]{0,23}")
_RULE = "用小写英文、数字和下划线，以字母开头，不超过 24 个字"


def read_integrity(book: Gathering, page: Page, root: Node) -> None:
    """Read the letter, then the duties."""
    entry = page.fields(root, page.file, "廉政责任文件")
    if node := entry.get("promise"):
        letter = page.fields(node, "promise", "廉政承诺书")
        known = book.promise_letter
        book.promise_letter = _amended(letter, known) if book.overlay and known else _letter(book, letter)
        letter.close()
    if node := entry.get("duties"):
        for name, line, each in page.pairs(node, "duties"):
            found = page.fields(each, name, f"责任清单“{name}”")
            if not _ID.fullmatch(name):
                page.note(line, "id_malformed", id=name, rule=_RULE)
            elif book.claim(page, "integrity duty", name, line):
                book.integrity_duties[name] = _duty(book, found, name)
            found.close()
    entry.close()


def _letter(book: Gathering, entry: Entry) -> PromiseLetter:
    level, sources = _founded(book, entry)
    return PromiseLetter(
        title=entry.wording("title"),
        words=entry.wording("words"),
        signed_by=entry.choice("signed_by", Signers),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        rows=_days(entry, dated_numbers(entry, "sign_by") if entry.has("sign_by") else ()),
    )


def _amended(entry: Entry, known: PromiseLetter) -> PromiseLetter:
    """Signed sooner, by every member, or in other words; never later and never by fewer."""

    def in_force(day: date) -> int:
        last = known.sign_by(day.year)
        return last.month * 100 + last.day

    rows = tightened(entry, "sign_by", "promise", known.rows, in_force)
    changed = replace(known, rows=_days(entry, rows))
    if entry.has("signed_by"):
        changed = replace(changed, signed_by=entry.choice("signed_by", Signers))
        if known.signed_by is Signers.MEMBERS and changed.signed_by is Signers.COMMITTEE:
            entry.page.note(
                entry.at("signed_by"),
                "wrong_type",
                key="signed_by",
                wanted="members（只能更严）",
                got="committee",
            )
    if entry.has("title"):
        changed = replace(changed, title=entry.wording("title"))
    if entry.has("words"):
        changed = replace(changed, words=entry.wording("words"))
    return changed


def _days(entry: Entry, rows: tuple[tuple[date, int], ...]) -> tuple[tuple[date, int], ...]:
    """The rows whose numbers are days of a year; others are noted."""
    found = []
    for since, number in rows:
        try:
            date(2001, number // 100, number % 100)
        except ValueError:
            entry.page.note(
                entry.at("sign_by"), "wrong_type", key="sign_by", wanted="月日（如 331）", got=str(number)
            )
        else:
            found.append((since, number))
    return tuple(found)


def _duty(book: Gathering, entry: Entry, name: str) -> IntegrityDuty:
    level, sources = _founded(book, entry)
    posts = entry.some("posts")
    if not posts:
        entry.need("posts")
    for post, line in posts:
        book.post_known(entry.page, post, line)
    return IntegrityDuty(
        id=name,
        title=entry.wording("title"),
        posts=tuple(post for post, _line in posts),
        every=entry.choice("every", Every),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
    )


def _founded(book: Gathering, entry: Entry) -> tuple[Level, tuple[Source, ...]]:
    level, sources = read_level(book, entry)
    return level, sources
