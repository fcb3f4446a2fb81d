"""Conditions of standards: comparisons of a fact with a named term or another fact, joined by all, any, not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from zhibu.core.norms import AllOf, AnyOf, Compare, Condition, Not, Operator, Share, Unless, is_fact

from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .tree import Fields, Items, Leaf, Node, kind_of

OPERATORS: Final = tuple(each.value for each in Operator)
_JOINS: Final = ("all", "any", "not")
_BROKEN: Final = Compare("", Operator.AT_LEAST, "")


@dataclass(slots=True)
class Scope:
    """The names a standard's conditions may use: its terms, and the facts there are.

    `used` collects the terms met; `broken` says that some condition could not be read, so others may have been missed.
    """

    book: Gathering
    page: Page
    terms: frozenset[str]
    used: set[str] = field(default_factory=set)
    broken: bool = False

    def condition(self, node: Node) -> Condition:
        """The condition written at a node."""
        if not isinstance(node, Fields):
            self.shape(node.line, f"这里是{kind_of(node)}")
            return _BROKEN
        named = {key.text: (key.line, value) for key, value in node.entries}
        joins = [each for each in _JOINS if each in named]
        if not joins:
            return self._compare(node, named)
        if len(named) > 1:
            detail = f"“{joins[0]}”旁边不能再写别的"
            self.shape(node.line, detail)
        return self._join(joins[0], named[joins[0]][1])

    def shape(self, line: int, detail: str) -> None:
        """Note that a condition is not written as one."""
        self.broken = True
        self.page.note(line, "condition_shape", detail=detail)

    def _join(self, name: str, node: Node) -> Condition:
        if name == "not":
            return Not(self.condition(node))
        parts = self.page.items(node, name)
        if isinstance(node, Items) and not parts:
            self.shape(node.line, f"“{name}”是空的")
        found = tuple(self.condition(each) for each in parts)
        return AllOf(found) if name == "all" else AnyOf(found)

    def _compare(self, node: Fields, named: dict[str, tuple[int, Node]]) -> Condition:
        for name, (line, _) in named.items():
            if name != "fact" and name not in OPERATORS:
                known = ("fact", *OPERATORS, *_JOINS)
                self.page.note(
                    line, "unknown_operator", operator=name, meant=meant(name, known), known=listed(OPERATORS)
                )
                self.broken = True
                return _BROKEN
        operators = [name for name in named if name in OPERATORS]
        if "fact" not in named or len(operators) != 1:
            detail = "没有写 fact" if "fact" not in named else f"有 {len(operators)} 个比较，应恰有一个"
            self.shape(node.line, detail)
            return _BROKEN
        fact = self.fact(named["fact"][1])
        line, against = named[operators[0]]
        return Compare(fact, Operator(operators[0]), self.bound(against, operators[0]))

    def fact(self, node: Node) -> str:
        """The name of a fact that exists."""
        name = self.page.text(node, "fact")
        self.book.fact_known(self.page, name, node.line)
        return name

    def bound(self, node: Node, key: str) -> str:
        """The name of a term, or of a fact."""
        if isinstance(node, Leaf) and isinstance(node.value, int):
            self.page.note(node.line, "bound_is_number", value=node.text)
            return ""
        name = self.page.text(node, key)
        if is_fact(name):
            self.book.fact_known(self.page, name, node.line)
        else:
            self.term(name, node.line)
        return name

    def term(self, name: str, line: int) -> None:
        """Note a problem unless the term has a number."""
        self.used.add(name)
        if name and self.terms and name not in self.terms:
            self.page.note(
                line, "unknown_term", name=name, meant=meant(name, self.terms), known=listed(self.terms, 30)
            )

    def share(self, entry: Entry) -> Share:
        """`share: {fact: …, of: …}`."""
        fact, of = entry.need("fact"), entry.need("of")
        share = Share(self.fact(fact) if fact else "", self.bound(of, "of") if of else "")
        entry.close()
        return share

    def unless(self, entry: Entry) -> tuple[Unless, ...]:
        """The exceptions under `unless:`."""
        return tuple(self._unless(each) for each in entry.entries("unless", "例外"))

    def _unless(self, entry: Entry) -> Unless:
        when = entry.need("when")
        node = entry.need("then")
        if node is not None and (value := self.page.text(node, "then")) not in ("", "not_applicable"):
            self.page.note(
                node.line, "unknown_choice", key="then", value=value, meant="", known="not_applicable"
            )
        found = Unless(self.condition(when) if when else _BROKEN, entry.wording("because"))
        entry.close()
        return found
