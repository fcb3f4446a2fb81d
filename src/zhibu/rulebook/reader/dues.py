"""dues/*.yaml: what members owe and what becomes of it. `sort` says which of six shapes a file has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final, TypeVar

from zhibu.core.levy import (
    About,
    Approval,
    Arrears,
    ArrearsRow,
    Band,
    BandsRow,
    Extra,
    ExtraRow,
    Fixed,
    FixedRow,
    Fixing,
    Payer,
    Pension,
    Practice,
    PracticeRow,
    Rates,
    Rounding,
    Shares,
    SharesRow,
    Sort,
    Start,
)
from zhibu.core.levy.amounts import WHOLE_RATE
from zhibu.core.levy.owing import WHOLE_SHARE
from zhibu.core.norms import Level

from .entry import Entry, Page
from .gathering import Gathering
from .sources import check_in_force, check_level, read_sources
from .terms import NAME
from .tree import Fields, Node

Row = TypeVar("Row")

ROWS: Final = {
    Sort.RATES: "bands", Sort.FIXED: "amounts", Sort.PRACTICE: "choices", Sort.ARREARS: "months",
    Sort.EXTRA: "amounts", Sort.SHARES: "kept",
}  # fmt: skip
"""Under which key each sort has its dated rows."""
MOST_MONTHS = 120


def read_dues(book: Gathering, page: Page, root: Node) -> None:
    """Read one file; an overlay may replace a whole file that is not national, and add others."""
    entry = page.fields(root, page.file, "党费规则")
    name = _id(entry)
    sort = entry.choice("sort", Sort)
    if not _may_stand(book, entry, name, sort):
        return
    about = _about(book, entry, name)
    rows = tuple(_rows(entry, ROWS[sort], _READERS[sort]))
    payers = _payers(book, entry, name) if sort in (Sort.RATES, Sort.FIXED) else ()
    if not rows and not page.problems.within(page.file):
        page.note(entry.at(ROWS[sort]), "terms_missing")
    if rows:
        check_in_force(book, entry, about.sources, rows[0].since)
    _keep(book, sort, about, payers, rows)
    if not entry.entries("examples", "例子"):
        page.note(entry.at("examples"), "examples_missing")
    book.dues_examples.append((sort, entry))
    entry.close()


def _id(entry: Entry) -> str:
    name = entry.text("id")
    if name and not NAME.fullmatch(name):
        entry.page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
    elif name and PurePath(entry.page.file).stem != name:
        entry.page.note(entry.at("id"), "file_name_differs", id=name)
    return name


def _known(book: Gathering) -> dict[str, tuple[Sort, About]]:
    levy = book.levy
    found = {each.about.id: (Sort.RATES, each.about) for each in levy.rates.values()}
    found |= {each.about.id: (Sort.FIXED, each.about) for each in levy.fixed.values()}
    single = (
        (Sort.PRACTICE, levy.practice),
        (Sort.ARREARS, levy.arrears),
        (Sort.EXTRA, levy.extra),
        (Sort.SHARES, levy.shares),
    )
    return found | {each.about.id: (sort, each.about) for sort, each in single if each}


def _may_stand(book: Gathering, entry: Entry, name: str, sort: Sort) -> bool:
    """Whether a file may be there beside, or instead of, what is known already."""
    known = _known(book)
    alike = [other for other, (its, _about) in known.items() if its is sort and other != name]
    if alike and sort not in (Sort.RATES, Sort.FIXED):
        entry.page.note(entry.at("sort"), "dues_sort_twice", sort=sort.value, other=alike[0])
        return False
    if name in known:
        its, about = known[name]
        if about.level is Level.NATIONAL or its is not sort:
            entry.page.note(entry.at("id"), "overlay_touches_national", name=name)
            return False
    return True


def _about(book: Gathering, entry: Entry, name: str) -> About:
    level = entry.choice("level", Level)
    if book.overlay and level is Level.NATIONAL and entry.has("level"):
        entry.page.note(entry.at("level"), "overlay_claims_national", id=name)
    sources = read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    check_level(book, entry, level, sources)
    cited = [book.documents[each.document] for each in sources if each.document in book.documents]
    checked = all(
        each.is_verified(source.article)
        for each, source in zip(cited, sources, strict=False)
    )  # fmt: skip
    verified = entry.flag_or("verified", otherwise=checked)
    return About(name, entry.wording("title"), level, book.layer, verified and checked, sources)


def _payers(book: Gathering, entry: Entry, name: str) -> tuple[Payer, ...]:
    node = entry.need("payers")
    found = []
    for each in entry.page.items(node, "payers") if node else ():
        payer = entry.page.choice(each, "payers", Payer)
        other = book.levy.rule(payer)
        if other is not None and other.about.id != name:
            entry.page.note(each.line, "dues_payer_twice", payer=payer.value, other=other.about.id)
        found.append(payer)
    return tuple(found)


def _keep(
    book: Gathering, sort: Sort, about: About, payers: tuple[Payer, ...], rows: tuple[Any, ...]
) -> None:
    levy = book.levy
    if sort is Sort.RATES:
        book.levy = replace(levy, rates={**levy.rates, about.id: Rates(about, payers, rows)})
    elif sort is Sort.FIXED:
        book.levy = replace(levy, fixed={**levy.fixed, about.id: Fixed(about, payers, rows)})
    elif sort is Sort.PRACTICE:
        book.levy = replace(levy, practice=Practice(about, rows))
    elif sort is Sort.ARREARS:
        book.levy = replace(levy, arrears=Arrears(about, rows))
    elif sort is Sort.EXTRA:
        book.levy = replace(levy, extra=Extra(about, rows))
    else:
        book.levy = replace(levy, shares=Shares(about, rows))


# -------------------------------------------------------------------------------------------- rows
def _rows(entry: Entry, key: str, read: Callable[[Page, date, Node, int], Row]) -> Iterator[Row]:
    page, node = entry.page, entry.get(key)
    if node is None:
        return
    if not isinstance(node, Fields):
        page.wrong(node, key, "以日期为键的各行数值")
        return
    previous: date | None = None
    for leaf, value in node.entries:
        if not isinstance(leaf.value, date):
            page.note(leaf.line, "terms_not_dated", key=leaf.text)
            continue
        if previous is not None and leaf.value < previous:
            page.note(leaf.line, "terms_not_sorted", date=leaf.value, previous=previous)
        previous = leaf.value
        yield read(page, leaf.value, value, leaf.line)


def _number(entry: Entry, key: str, least: int, most: int) -> int:
    node = entry.need(key)
    if node is None:
        return least
    number = entry.page.whole(node, key)
    if not least <= number <= most:
        entry.page.note(node.line, "dues_number", key=key, value=number, least=least, most=most)
    return number


MOST_FEN = 10**12


def _bands(page: Page, since: date, node: Node, line: int) -> BandsRow:
    bands = []
    edge = -1
    items = page.items(node, since.isoformat())
    for number, each in enumerate(items):
        entry = page.fields(each, "bands", "档")
        last = number == len(items) - 1
        if last == entry.has("up_to_fen"):
            page.note(
                entry.line, "dues_bands_open", detail="最后一档写了上限" if last else "中间一档没有上限"
            )
        up_to = None if last else _number(entry, "up_to_fen", 0, MOST_FEN) if entry.has("up_to_fen") else None
        if up_to is not None and up_to <= edge:
            page.note(entry.at("up_to_fen"), "dues_bands_order", value=up_to, previous=edge)
        edge = edge if up_to is None else up_to
        entry.get("up_to_fen")
        bands.append(Band(up_to, _number(entry, "rate", 0, WHOLE_RATE)))
        entry.close()
    if not bands and not items:
        page.note(line, "empty_list", key="bands")
    return BandsRow(since, tuple(bands))


def _fixed(page: Page, since: date, node: Node, _line: int) -> FixedRow:
    entry = page.fields(node, since.isoformat(), "数值行")
    least = _number(entry, "least_fen", 0, MOST_FEN)
    most = _number(entry, "most_fen", least, MOST_FEN)
    entry.close()
    return FixedRow(since, least, most)


def _practice(page: Page, since: date, node: Node, _line: int) -> PracticeRow:
    entry = page.fields(node, since.isoformat(), "做法")
    row = PracticeRow(
        since,
        entry.choice("fixing", Fixing),
        entry.choice("pension", Pension),
        entry.choice("rounding", Rounding),
        entry.choice("start", Start),
        entry.choice("retired_relief", Approval),
    )
    entry.close()
    return row


def _arrears(page: Page, since: date, node: Node, _line: int) -> ArrearsRow:
    entry = page.fields(node, since.isoformat(), "月数")
    talk = _number(entry, "talk", 1, MOST_MONTHS)
    warn = _number(entry, "warn", talk, MOST_MONTHS)
    limit = _number(entry, "limit", warn, MOST_MONTHS)
    row = ArrearsRow(since, talk, warn, limit, _number(entry, "back_months", 1, MOST_MONTHS))
    entry.close()
    return row


def _extra(page: Page, since: date, node: Node, _line: int) -> ExtraRow:
    entry = page.fields(node, since.isoformat(), "数值行")
    row = ExtraRow(since, _number(entry, "centre_from_fen", 1, MOST_FEN))
    entry.close()
    return row


def _shares(page: Page, since: date, node: Node, _line: int) -> SharesRow:
    entry = page.fields(node, since.isoformat(), "比例")
    kept = {}
    for name, _at, _value in page.pairs(node, since.isoformat()):
        kept[name] = _number(entry, name, 0, WHOLE_SHARE)
    return SharesRow(since, kept)


_READERS: Final[dict[Sort, Callable[[Page, date, Node, int], Any]]] = {
    Sort.RATES: _bands, Sort.FIXED: _fixed, Sort.PRACTICE: _practice, Sort.ARREARS: _arrears,
    Sort.EXTRA: _extra, Sort.SHARES: _shares,
}  # fmt: skip
