"""documents/*.yaml: the official documents of cases, one a file."""

from __future__ import annotations

import re
from pathlib import PurePath

from zhibu.core.norms.papers import PLACES, Block, BlockKind, PaperTemplate, Signer, places_in
from zhibu.core.wording import Text

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .tree import Leaf, Node

_ID = re.compile(r"[a-z][a-z0-9-]*")
_WHOLE = (BlockKind.FIELDS, BlockKind.PEOPLE, BlockKind.VOTE, BlockKind.HISTORY, BlockKind.PAPERS)


def read_template(book: Gathering, page: Page, root: Node) -> None:
    """Read one document into the gathering."""
    entry = page.fields(root, page.file, "文书")
    name = entry.text("id")
    if name and not _ID.fullmatch(name):
        page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文、数字和连字符，以字母开头")
    elif name and PurePath(page.file).stem != name:
        page.note(entry.at("id"), "file_name_differs", id=name)
    to = entry.wording_or("to")
    template = PaperTemplate(
        id=name,
        title=_placed(entry, "title", entry.wording("title")),
        to=_placed(entry, "to", to) if to else None,
        blocks=tuple(_block(each) for each in entry.entries("blocks", "段落")),
        sign=entry.choice_or("sign", Signer, Signer.BRANCH),
        layer=book.layer,
    )
    entry.close()
    if not template.blocks:
        page.note(entry.at("blocks"), "paper_without_blocks")
    if book.claim(page, "paper template", name, entry.at("id")):
        book.papers[name] = template


def _placed(entry: Entry, key: str, text: Text) -> Text:
    """The text, its places known."""
    for place in sorted(places_in(text) - PLACES):
        _unknown(entry, key, place)
    return text


def _unknown(entry: Entry, key: str, place: str) -> None:
    entry.page.note(
        entry.at(key), "unknown_place", name=place, meant=meant(place, PLACES), known=listed(PLACES, 30)
    )


def _block(entry: Entry) -> Block:
    kinds = [kind for kind in BlockKind if entry.has(kind.value)]
    if len(kinds) != 1:
        entry.page.note(entry.line, "paper_block", known=listed(each.value for each in BlockKind))
        return Block(BlockKind.TEXT)
    kind = kinds[0]
    when = entry.text_or("when", "") or ""
    if when and when not in PLACES:
        _unknown(entry, "when", when)
    text: Text | None = None
    names: tuple[str, ...] = ()
    if kind in (BlockKind.HEADING, BlockKind.TEXT):
        text = _placed(entry, kind.value, entry.wording(kind.value))
    elif kind is BlockKind.FACTS:
        names = entry.texts("facts")
        for each in names:
            if each not in PLACES:
                _unknown(entry, "facts", each)
    elif kind in _WHOLE:
        node = entry.get(kind.value)
        if not (isinstance(node, Leaf) and node.value is True):
            entry.page.wrong(node, kind.value, "true") if node else None
    entry.close()
    return Block(kind, text, names, when)
