"""Reading one mapping of a file: every accessor notes what is wrong and goes on with an empty value.

Nothing built after a problem is ever used, because a rulebook with problems does not load; going on only serves to
find the other problems in the same run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from zhibu.core.wording import Text

from .problems import Problems, listed, meant
from .tree import Fields, Items, Leaf, Node, kind_of

Choice = TypeVar("Choice", bound=StrEnum)

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Page:
    """One file being read, and where its problems go."""

    file: str
    problems: Problems

    def note(self, line: int, code: str, **params: object) -> None:
        """Note a problem of this file."""
        self.problems.add(self.file, line, code, **params)

    def text(self, node: Node, key: str) -> str:
        """The node as a text."""
        if isinstance(node, Leaf) and isinstance(node.value, str) and not node.faulty:
            if not node.value.strip():
                self.note(node.line, "empty_text", key=key)
            return node.value
        self.wrong(node, key, "文字")
        return ""

    def whole(self, node: Node, key: str) -> int:
        """The node as a whole number."""
        if isinstance(node, Leaf) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self.wrong(node, key, "整数")
        return 0

    def day(self, node: Node, key: str) -> date:
        """The node as a day."""
        if isinstance(node, Leaf) and isinstance(node.value, date):
            return node.value
        self.wrong(node, key, "日期（如 2026-03-31）")
        return date.min

    def items(self, node: Node, key: str) -> tuple[Node, ...]:
        """The node as a list."""
        if isinstance(node, Items):
            return node.items
        self.wrong(node, key, "列表（[…] 或“- ”开头的行）")
        return ()

    def fields(self, node: Node, key: str, what: str) -> Entry:
        """The node as a mapping."""
        if isinstance(node, Fields):
            return Entry(self, node, what)
        self.wrong(node, key, "一组键值")
        return Entry(self, Fields((), node.line), what, broken=True)

    def pairs(self, node: Node, key: str) -> Iterator[tuple[str, int, Node]]:
        """Name, line and value of a mapping whose keys are names of the writer's choice; keys must be texts."""
        for leaf, value in self.fields(node, key, key).node.entries:
            if leaf.value == "":
                self.note(leaf.line, "empty_text", key=key)
            elif isinstance(leaf.value, str):
                yield leaf.value, leaf.line, value
            else:
                self.note(leaf.line, "key_not_text", key=leaf.text, got=kind_of(leaf))

    def wording(self, node: Node, key: str) -> Text:
        """The node as a text in both languages."""
        if not isinstance(node, Fields):
            self.wrong(node, key, "{zh: 中文, en: English}")
            return NOTHING
        entry = Entry(self, node, f"“{key}”")
        told = []
        for code, language in (("zh", "中文"), ("en", "英文")):
            found = entry.get(code)
            if found is None or (isinstance(found, Leaf) and found.value == ""):
                self.note(node.line, "wording_incomplete", key=key, language=language)
                told.append("")
            else:
                told.append(self.text(found, code).strip())
        entry.close()
        return Text(*told)

    def choice(self, node: Node, key: str, kind: type[Choice]) -> Choice:
        """The node as one of a closed list."""
        value = self.text(node, key)
        known = [each.value for each in kind]
        if value not in known:
            if value:
                self.note(
                    node.line,
                    "unknown_choice",
                    key=key,
                    value=value,
                    meant=meant(value, known),
                    known=listed(known),
                )
            return next(iter(kind))
        return kind(value)

    def wrong(self, node: Node, key: str, wanted: str) -> None:
        """Note that the node is of another kind than wanted."""
        if isinstance(node, Leaf) and node.faulty:
            return
        self.note(node.line, "wrong_type", key=key, wanted=wanted, got=kind_of(node))


class Entry:
    """A mapping with known keys; `close` notes those nobody asked for."""

    __slots__ = ("_asked", "_found", "broken", "line", "node", "page", "what")

    def __init__(self, page: Page, node: Fields, what: str, *, broken: bool = False) -> None:
        self.page, self.node, self.what, self.line, self.broken = page, node, what, node.line, broken
        self._asked: set[str] = set()
        self._found = {key.text: (key, value) for key, value in node.entries}

    def get(self, key: str) -> Node | None:
        """What stands under the key, if it is there."""
        self._asked.add(key)
        found = self._found.get(key)
        return found[1] if found else None

    def need(self, key: str, code: str = "missing_key", **params: object) -> Node | None:
        """What stands under the key; a problem is noted when nothing does."""
        found = self.get(key)
        if found is None and not self.broken:
            self.page.note(self.line, code, what=self.what, key=key, **params)
        return found

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        self._asked.add(key)
        return key in self._found

    def at(self, key: str) -> int:
        """The line of the key; of the whole mapping when it is not written."""
        found = self._found.get(key)
        return found[0].line if found else self.line

    def text(self, key: str) -> str:
        """A text that must be there."""
        node = self.need(key)
        return self.page.text(node, key) if node else ""

    def text_or(self, key: str, otherwise: str | None = None) -> str | None:
        """A text that may be left out."""
        node = self.get(key)
        return self.page.text(node, key) if node else otherwise

    def whole_or(self, key: str, otherwise: int | None = None) -> int | None:
        """A whole number that may be left out."""
        node = self.get(key)
        return self.page.whole(node, key) if node else otherwise

    def flag_or(self, key: str, *, otherwise: bool) -> bool:
        """True or false, or what it is when left out."""
        node = self.get(key)
        if node is None:
            return otherwise
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        self.page.wrong(node, key, "true 或 false")
        return otherwise

    def day(self, key: str) -> date:
        """A day that must be there."""
        node = self.need(key)
        return self.page.day(node, key) if node else date.min

    def day_or(self, key: str) -> date | None:
        """A day that may be left out."""
        node = self.get(key)
        return self.page.day(node, key) if node else None

    def wording(self, key: str) -> Text:
        """A text in both languages that must be there."""
        node = self.need(key)
        return self.page.wording(node, key) if node else NOTHING

    def wording_or(self, key: str) -> Text | None:
        """A text in both languages that may be left out."""
        node = self.get(key)
        return self.page.wording(node, key) if node else None

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """One of a closed list that must be there."""
        node = self.need(key)
        return self.page.choice(node, key, kind) if node else next(iter(kind))

    def choice_or(self, key: str, kind: type[Choice], otherwise: Choice) -> Choice:
        """One of a closed list, or what it is when left out."""
        node = self.get(key)
        return self.page.choice(node, key, kind) if node else otherwise

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when left out."""
        node = self.get(key)
        return tuple(self.page.text(each, key) for each in self.page.items(node, key)) if node else ()

    def located(self, key: str) -> tuple[tuple[str, int], ...]:
        """A list of texts with their lines, empty when left out."""
        node = self.get(key)
        if node is None:
            return ()
        return tuple((self.page.text(each, key), each.line) for each in self.page.items(node, key))

    def some(self, key: str) -> tuple[tuple[str, int], ...]:
        """A list of texts with their lines that, when it is written, must not be empty."""
        node = self.get(key)
        if isinstance(node, Items) and not node.items:
            self.page.note(node.line, "empty_list", key=key)
        return self.located(key)

    def entries(self, key: str, what: str) -> tuple[Entry, ...]:
        """A list of mappings, empty when left out."""
        node = self.get(key)
        return tuple(self.page.fields(each, key, what) for each in self.page.items(node, key)) if node else ()

    def entry(self, key: str, what: str) -> Entry | None:
        """A mapping that may be left out."""
        node = self.get(key)
        return self.page.fields(node, key, what) if node else None

    def close(self, also: Collection[str] = ()) -> None:
        """Note every key that nobody asked for."""
        known = self._asked | set(also)
        for key, _ in self.node.entries:
            if not isinstance(key.value, str):
                self.page.note(key.line, "key_not_text", key=key.text, got=kind_of(key))
            elif key.value not in known:
                self.page.note(
                    key.line,
                    "unknown_key",
                    what=self.what,
                    key=key.value,
                    meant=meant(key.value, known),
                    known=listed(known, 30),
                )
