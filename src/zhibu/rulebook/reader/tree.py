"""YAML read strictly into a tree that remembers lines.

Of YAML only this much is law here: mappings, lists, texts, whole numbers, true/false, and days. A key is a text as it
stands (`on`, `no` and `yes` included); a plain value that YAML would silently turn into something else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import yaml

from .problems import Problems

Scalar: TypeAlias = str | int | bool | date | float | None

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBERLIKE = re.compile(
    r"[-+]?(0[xob]?[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])*|[0-9_]*\.[0-9_]+|[0-9_]+\.)([eE][-+]?[0-9]+)?"
)
_BEGINS_NUMBER: Final = frozenset("+-._0123456789")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_LOOSE: Final = frozenset(
    each
    for word in ("yes", "no", "on", "off", "y", "n", "true", "false")
    for each in (word, word.capitalize(), word.upper())
    if each not in ("true", "false")
)

KINDS: Final = {
    str: "文字",
    int: "整数",
    bool: "是否值（true 或 false）",
    date: "日期",
    float: "小数",
    type(None): "空",
}
"""How the reader names what it found."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value; `faulty` when a problem was noted already and nothing more need be said."""

    value: Scalar
    text: str
    line: int
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; keys as leaves, in the order written, each once."""

    entries: tuple[tuple[Leaf, Node], ...]
    line: int


Node: TypeAlias = Leaf | Items | Fields


def kind_of(node: Node) -> str:
    """What a node is, in Chinese, for messages."""
    if isinstance(node, Items):
        return "列表"
    return "一组键值" if isinstance(node, Fields) else KINDS[type(node.value)]


def parse(content: bytes, file: str, problems: Problems) -> Node | None:
    """The tree of one file; None, with a problem noted, when there is none to read."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        problems.add(file, content[: error.start].count(b"\n") + 1, "not_utf8")
        return None
    try:
        return _Builder(file, problems).document(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        detail = getattr(error, "problem", None) or str(error)
        problems.add(file, mark.line + 1 if mark else 1, "yaml_syntax", detail=detail)
    return None


class _Builder:
    """Builds the tree from parser events, so that anchors and tags are seen before YAML resolves them."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems

    def document(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        count = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count == 2:
                    self.note(event, "several_documents")
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event, events)
                root = node if root is None else root
        if root is None or (isinstance(root, Leaf) and root.value is None):
            self.problems.add(self.file, 1, "empty_file")
            return None
        return root

    def line(self, event: Any) -> int:
        """The line an event stands in, counted from 1."""
        return int(event.start_mark.line) + 1

    def note(self, event: Any, code: str, **params: object) -> None:
        self.problems.add(self.file, self.line(event), code, **params)

    def node(self, event: Any, events: Iterator[Any]) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self.note(event, "alias", name=event.anchor)
            return Leaf(None, "", line, faulty=True)
        if event.anchor:
            self.note(event, "anchor", name=event.anchor)
        if event.tag:
            self.note(event, "tag", name=event.tag)
        if isinstance(event, yaml.ScalarEvent):
            return self.leaf(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.items(events)), line)
        return Fields(tuple(self.entries(events)), line)

    def items(self, events: Iterator[Any]) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self.node(event, events)

    def entries(self, events: Iterator[Any]) -> Iterator[tuple[Leaf, Node]]:
        seen: dict[str, int] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.key(event, events)
            value = self.node(next(events), events)
            if key.text in seen:
                self.problems.add(self.file, key.line, "duplicate_key", key=key.text, first=seen[key.text])
                continue
            seen[key.text] = key.line
            yield key, value

    def key(self, event: Any, events: Iterator[Any]) -> Leaf:
        if not isinstance(event, yaml.ScalarEvent):
            node = self.node(event, events)
            self.note(event, "key_not_text", key="…", got=kind_of(node))
            return Leaf("", "", node.line)
        line = self.line(event)
        if event.anchor:
            self.note(event, "anchor", name=event.anchor)
        if event.style or event.value in _LOOSE:
            return Leaf(event.value, event.value, line)
        return self.leaf(event, line)

    def leaf(self, event: Any, line: int) -> Leaf:
        text: str = event.value
        if event.style:
            return Leaf(text, text, line)
        if text in _NULLS:
            return Leaf(None, text, line)
        if text in ("true", "false"):
            return Leaf(text == "true", text, line)
        if text in _LOOSE:
            self.note(event, "loose_boolean", value=text)
            return Leaf(text, text, line, faulty=True)
        if text[0] not in _BEGINS_NUMBER:
            return Leaf(text, text, line)
        if _WHOLE.fullmatch(text):
            return Leaf(int(text), text, line)
        if _DAY.fullmatch(text):
            return self.day(event, line)
        if _NUMBERLIKE.fullmatch(text):
            self.note(event, "odd_number", value=text)
            return Leaf(0, text, line, faulty=True)
        return Leaf(text, text, line)

    def day(self, event: Any, line: int) -> Leaf:
        try:
            return Leaf(date.fromisoformat(event.value), event.value, line)
        except ValueError:
            self.note(event, "not_a_date", value=event.value)
            return Leaf(date.min, event.value, line, faulty=True)
