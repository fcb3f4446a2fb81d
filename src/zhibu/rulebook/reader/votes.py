"""votes/*.yaml: one way of deciding by vote a file, its terms dated and its examples counted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from zhibu.core.norms import (
    Cited,
    Comparison,
    Denominator,
    ElectionTerms,
    GradeTerms,
    Level,
    Portion,
    Slate,
    Source,
    Threshold,
    VoteKind,
    VoteRow,
    VoteRule,
)
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .entry import Entry, Page
from .gathering import Gathering
from .problems import meant
from .sources import check_level, read_source
from .tree import Fields, Items, Node
from .vote_examples import read_vote_examples, run_vote_examples
from .vote_overlays import amend_vote

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NOT_CITED = Cited("", "", Text("", ""), verified=False)
WHOLE = Portion(1, 1)


def read_vote(book: Gathering, page: Page, root: Node) -> None:
    """Read one rule of votes into the gathering and count its examples; or an overlay's amendment of one."""
    entry = page.fields(root, page.file, "表决规则")
    name = _vote_id(entry)
    if book.overlay and name in book.votes:
        amend_vote(book, entry, book.votes[name])
        return
    if book.overlay and not entry.has("title") and (entry.has("reason") or entry.has("disable")):
        page.note(entry.line, "overlay_unknown_vote", id=name, meant=meant(name, book.votes))
        return
    rule = _rule(book, entry, name)
    entry.close()
    if book.claim(page, "vote", name, entry.at("id")):
        book.votes[name] = rule
        if book.proves and not book.problems.within(page.file):
            run_vote_examples(rule, entry)


def _vote_id(entry: Entry) -> str:
    name, page = entry.text("id"), entry.page
    if name and not _ID.fullmatch(name):
        page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文和连字符，如 branch-election")
    elif name and PurePath(page.file).stem != name:
        page.note(entry.at("id"), "file_name_differs", id=name)
    return name


def _rule(book: Gathering, entry: Entry, name: str) -> VoteRule:
    kind, level = entry.choice("kind", VoteKind), entry.choice("level", Level)
    if book.overlay and level is Level.NATIONAL and entry.has("level"):
        entry.page.note(entry.at("level"), "overlay_claims_national", id=name)
    rule = VoteRule(
        id=name,
        kind=kind,
        title=entry.wording("title"),
        level=level,
        secret=entry.flag_or("secret", otherwise=False),
        terms=_rows(book, entry, kind, level),
        grade_titles=_grade_titles(entry),
        examples=(),
        layer=book.layer,
    )
    examples = read_vote_examples(entry)
    if not examples:
        entry.page.note(entry.at("examples"), "vote_without_examples", id=name)
    return replace(rule, examples=examples)


def _grade_titles(entry: Entry) -> dict[str, Text]:
    node = entry.get("grades")
    return (
        {name: entry.page.wording(each, name) for name, _, each in entry.page.pairs(node, "grades")}
        if node
        else {}
    )


# -------------------------------------------------------------------------------------------- dated rows
def _rows(book: Gathering, entry: Entry, kind: VoteKind, level: Level) -> tuple[VoteRow, ...]:
    page, node = entry.page, entry.get("terms")
    if not isinstance(node, Fields) or not node.entries:
        page.note(entry.at("terms"), "terms_missing")
        return ()
    rows: list[VoteRow] = []
    for key, value in node.entries:
        if not isinstance(key.value, date):
            page.note(key.line, "terms_not_dated", key=key.text)
            continue
        if rows and key.value < rows[-1].since:
            page.note(key.line, "terms_not_sorted", date=key.value, previous=rows[-1].since)
        each = page.fields(value, key.text, f"自 {key.text} 起的各项")
        rows.append(_row(book, each, key.value, kind))
        check_level(book, entry, level, (Source(rows[-1].cited.document),))
        each.close()
    return tuple(rows)


def _row(book: Gathering, entry: Entry, since: date, kind: VoteKind) -> VoteRow:
    cited = _cited(book, entry)
    if cited is None:
        entry.page.note(entry.line, "missing_source", what=entry.what)
        cited = NOT_CITED
    quorum, majority = entry.entry("quorum", "法定人数"), entry.entry("majority", "通过条件")
    if majority is None and kind is not VoteKind.APPRAISAL and not entry.broken:
        entry.page.note(entry.line, "vote_without_majority")
    row = VoteRow(
        since=since,
        cited=cited,
        quorum=_threshold(book, quorum, cited, Denominator.PRESENT_VOTERS) if quorum else None,
        majority=_threshold(book, majority, cited, None) if majority else None,
        written_opinions=entry.flag_or("written_opinions", otherwise=False),
        election=_election(book, entry, cited) if kind is VoteKind.ELECTION else None,
        grades=_grades(entry) if kind is VoteKind.APPRAISAL else None,
    )
    for key, owner in (("election", VoteKind.ELECTION), ("grades", VoteKind.APPRAISAL)):
        if kind is not owner and entry.has(key):
            entry.page.note(entry.at(key), "vote_part_misplaced", key=key, kind=kind.value, owner=owner.value)
    return row


def _cited(book: Gathering, entry: Entry) -> Cited | None:
    found = entry.entry("source", "依据")
    if found is None:
        return None
    source = read_source(book, found)
    document = book.documents.get(source.document)
    if document is None:
        return NOT_CITED
    zh, en = f"《{document.title.zh}》", document.title.en
    if source.article:
        zh, en = f"{zh}第 {source.article} 条", f"{en}, art. {source.article}"
    verified = document.is_verified(source.article) if source.article else document.verified
    return Cited(source.document, source.article, Text(zh, en), verified=verified)


def _threshold(book: Gathering, entry: Entry, row: Cited, count: Denominator | None) -> Threshold:
    threshold = Threshold(
        count=entry.choice_or("count", Denominator, count) if count else None,
        comparison=entry.choice("compare", Comparison),
        share=portion(entry, "share"),
        of=entry.choice("of", Denominator),
        cited=_cited(book, entry) or row,
    )
    entry.close()
    return threshold


def _election(book: Gathering, entry: Entry, cited: Cited) -> ElectionTerms | None:
    found = entry.entry("election", "选举条件")
    if found is None:
        entry.need("election")
        return None
    reduced = found.entry("reduced_seats", "减少名额的条件")
    terms = ElectionTerms(
        slate=found.choice("slate", Slate),
        surplus=portion(found, "surplus") if found.has("surplus") else Portion(0, 1),
        write_ins=found.flag_or("write_ins", otherwise=True),
        reduced_seats=_threshold(book, reduced, cited, None) if reduced else None,
    )
    if terms.slate is Slate.CONTESTED and not found.has("surplus"):
        found.need("surplus")
    found.close()
    return terms


def _grades(entry: Entry) -> GradeTerms | None:
    found = entry.entry("grades", "等次条件")
    if found is None:
        entry.need("grades")
        return None
    names = tuple(name for name, _ in found.some("names"))
    found.need("names")
    terms = GradeTerms(
        names=names or ("",),
        cap=portion(found, "cap"),
        of=found.choice("of", Denominator),
        force=found.choice_or("force", Force, Force.SHOULD),
    )
    found.close()
    return terms


def portion(entry: Entry, key: str) -> Portion:
    """A fraction written as a list of two whole numbers."""
    node = entry.need(key)
    if node is None:
        return WHOLE
    found = [entry.page.whole(each, key) for each in node.items] if isinstance(node, Items) else []
    if len(found) != 2 or not 0 < found[0] <= found[1]:
        entry.page.note(entry.at(key), "share_malformed", key=key)
        return WHOLE
    return Portion(*found)
