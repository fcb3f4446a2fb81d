"""standards/*.yaml: one work standard a file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from zhibu.core.norms import Act, Cadence, Check, Level, Reviewed, Source, Standard, Terms
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .conditions import Scope
from .entry import Entry, Page
from .examples import read_examples, run_examples
from .gathering import Gathering
from .problems import listed, meant
from .sources import check_in_force, check_level, read_sources
from .terms import NAME, DatedRow, read_terms
from .tree import Node

_ID = re.compile(r"[A-Z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Head:
    """What the parts of a standard inherit from it."""

    level: Level
    applies_to: tuple[str, ...]
    sources: tuple[Source, ...]
    first: date


def standard_id(entry: Entry) -> str:
    """The id, well formed and the name of its file."""
    name, page = entry.text("id"), entry.page
    if name and not _ID.fullmatch(name):
        page.note(
            entry.at("id"), "id_malformed", id=name, rule="以大写字母开头，只用英文字母、数字和下划线，如 S12"
        )
    elif name and PurePath(page.file).stem != name:
        page.note(entry.at("id"), "file_name_differs", id=name)
    return name


def read_standard(book: Gathering, page: Page, root: Node) -> None:
    """Read one whole standard into the gathering and run its examples."""
    entry = page.fields(root, page.file, "标准")
    name = standard_id(entry)
    standard = _standard(book, entry, name)
    entry.close()
    if not book.claim(page, "standard", name, entry.at("id")):
        return
    _claim_former(book, entry, standard)
    book.standards[name] = standard
    if book.proves and not book.problems.within(page.file):
        run_examples(book, standard, standard.examples, entry)


def _standard(book: Gathering, entry: Entry, name: str) -> Standard:
    page = entry.page
    terms, rows = read_terms(entry)
    scope = Scope(book, page, frozenset(rows[0].numbers) if rows else frozenset())
    head = _head(book, entry, name, terms)
    checks = tuple(_check(scope, each, head) for each in entry.entries("checks", "检查"))
    reviewed = tuple(_reviewed(scope, each) for each in entry.entries("reviewed", "评议"))
    unless = scope.unless(entry)
    standard = Standard(
        id=name,
        group=_group(book, entry),
        title=entry.wording("title"),
        asks=entry.wording("asks"),
        level=head.level,
        applies_to=head.applies_to,
        sources=head.sources,
        units=_units(scope, entry),
        terms=terms,
        checks=checks,
        reviewed=reviewed,
        unless=unless,
        examples=(),
        layer=book.layer,
        was=entry.texts("was"),
    )
    _check_parts(entry, standard)
    _check_terms(entry, scope, standard, rows)
    return _with_examples(book, entry, standard)


def _with_examples(book: Gathering, entry: Entry, standard: Standard) -> Standard:
    examples = read_examples(book, entry, standard)
    if not examples:
        entry.page.note(entry.at("examples"), "examples_missing")
    return replace(standard, examples=examples)


def _head(book: Gathering, entry: Entry, name: str, terms: Terms) -> Head:
    level = entry.choice("level", Level)
    if book.overlay and level is Level.NATIONAL and entry.has("level"):
        entry.page.note(entry.at("level"), "overlay_claims_national", id=name)
    first = terms.rows[0].since if terms.rows else date.max
    entry.need("applies_to")
    head = Head(level, _kinds(book, entry), _sources(book, entry), first)
    check_level(book, entry, level, head.sources)
    if terms.rows:
        check_in_force(book, entry, head.sources, first)
    return head


def _sources(book: Gathering, entry: Entry) -> tuple[Source, ...]:
    sources = read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    return sources


def _kinds(book: Gathering, entry: Entry) -> tuple[str, ...]:
    kinds = entry.some("applies_to")
    for kind, line in kinds:
        book.kind_known(entry.page, kind, line)
    return tuple(kind for kind, _ in kinds)


def _group(book: Gathering, entry: Entry) -> str:
    group = entry.text("group")
    if group and group not in book.groups:
        entry.page.note(
            entry.at("group"),
            "unknown_group",
            id=group,
            meant=meant(group, book.groups),
            known=listed(book.groups),
        )
    return group


def _units(scope: Scope, entry: Entry) -> dict[str, Text]:
    node = entry.get("units")
    found = {}
    for name, line, each in entry.page.pairs(node, "units") if node else ():
        if name not in scope.terms:
            entry.page.note(
                line, "unknown_term", name=name, meant=meant(name, scope.terms), known=listed(scope.terms, 30)
            )
        found[name] = entry.page.wording(each, name)
    return found


# -------------------------------------------------------------------------------------------- parts
def _part_id(entry: Entry) -> str:
    name = entry.text("id")
    if name and not NAME.fullmatch(name):
        entry.page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
    return name


def _weight(scope: Scope, entry: Entry, name: str) -> str:
    node = entry.need("weight", "weight_missing", id=name)
    weight = entry.page.text(node, "weight") if node else ""
    if weight:
        scope.term(weight, entry.at("weight"))
    return weight


def _check(scope: Scope, entry: Entry, head: Head) -> Check:
    name = _part_id(entry)
    level = entry.choice_or("level", Level, head.level)
    sources = read_sources(scope.book, entry) if entry.has("sources") else head.sources
    check_level(scope.book, entry, level, sources)
    met, share = entry.get("met"), entry.entry("share", "比例")
    if (met is None) == (share is None):
        detail = "没有写如何计算" if met is None else "同时写了 met 和 share"
        entry.page.note(
            entry.at("share") if met else entry.line, "check_without_measure", id=name, detail=detail
        )
    check = Check(
        id=name,
        title=entry.wording("title"),
        weight=_weight(scope, entry, name),
        force=entry.choice_or("force", Force, Force.MUST),
        cadence=entry.choice("cadence", Cadence),
        met=scope.condition(met) if met else None,
        share=scope.share(share) if share else None,
        act=_act(entry),
        unless=scope.unless(entry),
        applies_to=_part_kinds(scope.book, entry, name, head),
        level=level,
        sources=sources,
        was=entry.texts("was"),
    )
    entry.close()
    return check


def _part_kinds(book: Gathering, entry: Entry, name: str, head: Head) -> tuple[str, ...]:
    if not entry.has("applies_to"):
        return head.applies_to
    kinds = _kinds(book, entry)
    if head.applies_to and not set(kinds) & set(head.applies_to):
        entry.page.note(entry.at("applies_to"), "check_never_applies", id=name, known=listed(head.applies_to))
    return kinds


def _act(entry: Entry) -> Act | None:
    found = entry.entry("act", "动作")
    if found is None:
        return None
    name = found.text("name")
    query = tuple(
        (key, entry.page.text(value, key))
        for key, _, value in entry.page.pairs(found.node, "act")
        if key != "name"
    )
    return Act(name, query)


def _reviewed(scope: Scope, entry: Entry) -> Reviewed:
    name = _part_id(entry)
    supported = entry.located("supported_by")
    for fact, line in supported:
        scope.book.fact_known(scope.page, fact, line)
    part = Reviewed(
        id=name,
        title=entry.wording("title"),
        weight=_weight(scope, entry, name),
        asks=entry.wording("asks"),
        cadence=entry.choice_or("cadence", Cadence, Cadence.QUARTER),
        supported_by=tuple(fact for fact, _ in supported),
        unless=scope.unless(entry),
        was=entry.texts("was"),
    )
    entry.close()
    return part


# -------------------------------------------------------------------------------------------- the whole
def _check_parts(entry: Entry, standard: Standard) -> None:
    if not standard.parts:
        entry.page.note(entry.line, "standard_without_parts")
    counted = Counter(name for part in standard.parts for name in (part.id, *part.was))
    for name, count in counted.items():
        if name and count > 1:
            entry.page.note(entry.at("checks"), "part_id_twice", id=name)


def _check_terms(entry: Entry, scope: Scope, standard: Standard, rows: tuple[DatedRow, ...]) -> None:
    for name in () if scope.broken else sorted(scope.terms - scope.used):
        entry.page.note(rows[0].lines[name], "unused_term", name=name)
    weights = {part.weight for part in standard.parts}
    for row in rows:
        for name in sorted(weights & row.numbers.keys()):
            if row.numbers[name] < 0:
                entry.page.note(row.lines[name], "term_negative", name=name)


def _claim_former(book: Gathering, entry: Entry, standard: Standard) -> None:
    for name, line in entry.located("was"):
        if name in book.standards or not book.claim(entry.page, "former standard", name, line):
            entry.page.note(line, "was_in_use", id=name)
    for other in book.standards.values():
        if standard.id in other.was:
            entry.page.note(entry.at("id"), "was_in_use", id=standard.id)
