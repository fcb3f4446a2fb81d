"""Conditions of procedures: a named value tested against a term, another value or a word, joined by all, any, not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from zhibu.core.norms.procedures import Asked, Compared, Comparison, Every, Literal, Never, Some
from zhibu.core.tally.plain import COUNTS

from .entry import Page
from .problems import listed, meant
from .tree import Fields, Items, Leaf, Node, kind_of

TESTS: Final = tuple(each.value for each in Comparison)
_JOINS: Final = ("all", "any", "not")
_BROKEN: Final = Compared("", Comparison.GIVEN, literals=(True,))
ROOMS: Final = ("case", "subject", "branch")
SUBJECT_VALUES: Final = ("born_on", "stage", "joined_on", "full_since")
BRANCH_VALUES: Final = (
    "kind", "unit_type", "full_members", "members", "committee", "committee_size", "expires_on", "founded_on",
    "can_approve",
)  # fmt: skip
OF_STEPS: Final = (
    "outcome", "reply", "by", "on", "until", "count", "people", *(f"vote_{each}" for each in COUNTS),
)  # fmt: skip


@dataclass(slots=True)
class Names:
    """What conditions of one procedure may name: values of the case, of its steps, and terms of the step at hand.

    `own` are the fields and `terms` the numbers of the step being read; `used` collects the terms met. What refers
    to steps is looked at when all are known: `later` keeps name and line.
    """

    page: Page
    case: frozenset[str]
    own: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)
    later: list[tuple[str, int]] = field(default_factory=list)

    def condition(self, node: Node) -> Asked:
        """The condition written at a node."""
        if not isinstance(node, Fields):
            self.page.note(node.line, "condition_shape", detail=f"这里是{kind_of(node)}")
            return _BROKEN
        named = {key.text: (key.line, value) for key, value in node.entries}
        joins = [each for each in _JOINS if each in named]
        if not joins:
            return self._test(node, named)
        if len(named) > 1:
            self.page.note(node.line, "condition_shape", detail=f"“{joins[0]}”旁边不能再写别的")
        return self._join(joins[0], named[joins[0]][1])

    def _join(self, name: str, node: Node) -> Asked:
        if name == "not":
            return Never(self.condition(node))
        parts = self.page.items(node, name)
        if isinstance(node, Items) and not parts:
            self.page.note(node.line, "condition_shape", detail=f"“{name}”是空的")
        found = tuple(self.condition(each) for each in parts)
        return Every(found) if name == "all" else Some(found)

    def _test(self, node: Fields, named: dict[str, tuple[int, Node]]) -> Asked:
        for name, (line, _) in named.items():
            if name != "field" and name not in TESTS:
                known = ("field", *TESTS, *_JOINS)
                self.page.note(
                    line, "unknown_operator", operator=name, meant=meant(name, known), known=listed(TESTS)
                )
                return _BROKEN
        tests = [name for name in named if name in TESTS]
        if "field" not in named or len(tests) != 1:
            detail = "没有写 field" if "field" not in named else f"有 {len(tests)} 个比较，应恰有一个"
            self.page.note(node.line, "condition_shape", detail=detail)
            return _BROKEN
        name = self.page.text(named["field"][1], "field")
        self.value(name, named["field"][1].line)
        test, (_line, against) = Comparison(tests[0]), named[tests[0]]
        match test:
            case Comparison.IS | Comparison.GIVEN | Comparison.AMONG:
                return Compared(name, test, literals=self._literals(test, against))
            case _:
                return Compared(name, test, against=self._bound(against, tests[0]))

    def _literals(self, test: Comparison, node: Node) -> tuple[Literal, ...]:
        nodes = self.page.items(node, test) if test is Comparison.AMONG else (node,)
        found: list[Literal] = []
        for each in nodes:
            if isinstance(each, Leaf) and isinstance(each.value, bool):
                found.append(each.value)
            elif test is Comparison.GIVEN:
                self.page.wrong(each, test, "true 或 false")
            else:
                found.append(self.page.text(each, test))
        return tuple(found) or (True,)

    def _bound(self, node: Node, key: str) -> str:
        if isinstance(node, Leaf) and isinstance(node.value, int):
            self.page.note(node.line, "bound_is_number", value=node.text)
            return ""
        name = self.page.text(node, key)
        if "." in name:
            self.value(name, node.line)
        elif name:
            self.term(name, node.line)
        return name

    def term(self, name: str, line: int) -> None:
        """Note a problem unless some row of the step gives the term a number."""
        self.used.add(name)
        if name not in self.terms:
            self.page.note(
                line, "unknown_term", name=name, meant=meant(name, self.terms), known=listed(self.terms, 30)
            )

    def value(self, name: str, line: int) -> None:
        """Note a problem unless there can be such a value; those of steps are looked at later."""
        room, dot, key = name.rpartition(".")
        if not name:
            return
        known: Collection[str]
        if not dot:
            known = self.own | set(OF_STEPS)
        elif room in ROOMS:
            known = {"case": self.case, "subject": SUBJECT_VALUES, "branch": BRANCH_VALUES}[room]
        else:
            self.later.append((name, line))
            return
        if (key or name) not in known:
            self.page.note(line, "unknown_value", name=name, meant=meant(key, known), known=listed(known, 30))
