"""sources.yaml: the documents norms rest on; and the references to them."""

from __future__ import annotations

import re
from datetime import date

from zhibu.core.norms import Article, Document, Level, Source

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .tree import Node

_ARTICLES = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")


def read_documents(book: Gathering, page: Page, root: Node) -> None:
    """Read sources.yaml into the gathering."""
    for name, line, node in page.pairs(root, "sources.yaml"):
        entry = page.fields(node, name, f"文件“{name}”")
        document = _document(entry, name)
        entry.close()
        if book.claim(page, "document", name, line):
            book.documents[name] = document


def _document(entry: Entry, name: str) -> Document:
    verified = entry.flag_or("verified", otherwise=False)
    first, last = entry.day("in_force_from"), entry.day_or("in_force_to")
    if last is not None and last < first:
        entry.page.note(entry.at("in_force_to"), "dates_reversed", key="in_force_to", first=first)
    return Document(
        id=name,
        title=entry.wording("title"),
        level=entry.choice("level", Level),
        issued=entry.day_or("issued"),
        in_force_from=first,
        in_force_to=last,
        verified=verified,
        articles=_articles(entry, verified=verified),
        last_article=entry.whole_or("last_article") or None,
    )


def _articles(entry: Entry, *, verified: bool) -> dict[str, Article]:
    node = entry.get("articles")
    if node is None:
        return {}
    found = {}
    for number, _, each in entry.page.pairs(node, "articles"):
        article = entry.page.fields(each, number, f"第 {number} 条")
        found[number] = Article(
            article.flag_or("verified", otherwise=verified), article.text_or("note", "") or ""
        )
        article.close()
    return found


def read_sources(book: Gathering, entry: Entry) -> tuple[Source, ...]:
    """The references under `sources:` of a norm, each checked; empty when none is written."""
    return tuple(read_source(book, each) for each in entry.entries("sources", "依据"))


def read_level(book: Gathering, entry: Entry) -> tuple[Level, tuple[Source, ...]]:
    """The level of a norm and what it rests on, which it needs and which must go together."""
    level, sources = entry.choice("level", Level), read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    check_level(book, entry, level, sources)
    return level, sources


def read_source(book: Gathering, entry: Entry) -> Source:
    """One reference, checked."""
    source = Source(entry.text("document"), entry.text_or("article", "") or "")
    entry.close()
    document = book.documents.get(source.document)
    if document is None:
        if source.document:
            entry.page.note(
                entry.at("document"),
                "unknown_document",
                id=source.document,
                meant=meant(source.document, book.documents),
            )
    elif source.article:
        _check_article(entry, document, source.article)
    return source


def _check_article(entry: Entry, document: Document, article: str) -> None:
    if not _ARTICLES.fullmatch(article):
        if article not in document.articles:
            entry.page.note(entry.at("article"), "article_malformed", article=article)
        return
    if not document.articles and document.last_article is None:
        return
    for number in _numbers(article):
        if str(number) not in document.articles and not 1 <= number <= (document.last_article or 0):
            known = listed(document.articles) if document.articles else f"1 至 {document.last_article}"
            entry.page.note(
                entry.at("article"), "unknown_article", document=document.id, article=number, known=known
            )
            return


def _numbers(article: str) -> list[int]:
    found: list[int] = []
    for piece in article.split(","):
        first, _, last = piece.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def check_level(book: Gathering, entry: Entry, level: Level, sources: tuple[Source, ...]) -> None:
    """A norm marked national must cite at least one national document."""
    cited = [book.documents[each.document] for each in sources if each.document in book.documents]
    if (
        level is Level.NATIONAL
        and entry.has("level")
        and len(cited) == len(sources) > 0
        and all(each.level is not Level.NATIONAL for each in cited)
    ):
        entry.page.note(entry.at("level"), "level_without_source", what=entry.what)


def check_in_force(book: Gathering, entry: Entry, sources: tuple[Source, ...], first: date) -> None:
    """A norm must rest on at least one document that was not out of force before its first numbers."""
    cited = [book.documents[each.document] for each in sources if each.document in book.documents]
    if cited and all(each.in_force_to is not None and each.in_force_to < first for each in cited):
        entry.page.note(entry.at("sources"), "standard_never_in_force", date=first)
