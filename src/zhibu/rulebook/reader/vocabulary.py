"""vocabulary.yaml, standards/groups.yaml, mandates.yaml: words, groups, and who may do what."""

from __future__ import annotations

import re

from zhibu.core.authority import Reach
from zhibu.core.norms import Grant, Group
from zhibu.core.wording import Text

from .entry import Entry, Page
from .gathering import ORGANISATION_KINDS, POSTS, Gathering
from .tree import Node

_VERB = re.compile(r"[a-z]+\.([a-z][a-z_]*\*?|\*)")


def read_vocabulary(book: Gathering, page: Page, root: Node) -> None:
    """Read vocabulary.yaml: section, code, text."""
    entry = page.fields(root, "vocabulary.yaml", "vocabulary.yaml")
    for section in () if book.overlay else (ORGANISATION_KINDS, POSTS):
        entry.need(section)
    for section, _, node in page.pairs(root, "vocabulary.yaml"):
        words = book.words.setdefault(section, {})
        for code, line, each in page.pairs(node, section):
            entry = page.fields(each, code, f"“{code}”")
            text = _wording(entry, code)
            if book.claim(page, f"word {section}", code, line):
                words[code] = text


def _wording(entry: Entry, code: str) -> Text:
    """`{zh, en}` and an optional note to the writer."""
    entry.text_or("note")
    told = []
    for key, language in (("zh", "中文"), ("en", "英文")):
        if not entry.has(key) and not entry.broken:
            entry.page.note(entry.line, "wording_incomplete", key=code, language=language)
        told.append(entry.text_or(key, "") or "")
    entry.close()
    return Text(*told)


def read_groups(book: Gathering, page: Page, root: Node) -> None:
    """Read standards/groups.yaml: id to title."""
    for name, line, node in page.pairs(root, "groups.yaml"):
        title = page.wording(node, name)
        if book.claim(page, "group", name, line):
            book.groups[name] = Group(name, title)


def read_mandates(book: Gathering, page: Page, root: Node) -> None:
    """Read mandates.yaml: post to grants. An overlay adds grants to the posts below it."""
    for post, line, node in page.pairs(root, "mandates.yaml"):
        book.post_known(page, post, line)
        grants = tuple(_grant(page.fields(each, post, f"“{post}”的授权")) for each in page.items(node, post))
        book.mandates[post] = book.mandates.get(post, ()) + grants


def _grant(entry: Entry) -> Grant:
    entry.need("verbs")
    verbs = entry.some("verbs")
    for verb, line in verbs:
        if verb and not _VERB.fullmatch(verb):
            entry.page.note(line, "verb_malformed", verb=verb)
    grant = Grant(tuple(verb for verb, _ in verbs), entry.choice("reach", Reach))
    entry.close()
    return grant
