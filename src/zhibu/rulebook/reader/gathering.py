"""The rulebook while it is being read: what has been found so far, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from zhibu.core.calendar import HolidayYear
from zhibu.core.levy import Levy, Sort
from zhibu.core.norms import (
    Disabled,
    Document,
    Fact,
    Grant,
    Group,
    HomeItem,
    IntegrityDuty,
    Layer,
    Limit,
    PromiseLetter,
    Publication,
    Scheme,
    Standard,
    Table,
    UndertakingKind,
    VoteRule,
)
from zhibu.core.norms.letters import LetterRule
from zhibu.core.norms.papers import PaperTemplate
from zhibu.core.norms.procedures import Procedure
from zhibu.core.norms.selection import Weighing
from zhibu.core.norms.sessions import Matter, SessionKind
from zhibu.core.norms.surveys import SurveyRule
from zhibu.core.wording import Text

from .entry import Entry, Page
from .problems import Problem, Problems, listed, meant
from .tree import Node

T = TypeVar("T")

ORGANISATION_KINDS = "organisation_kinds"
POSTS = "posts"


@dataclass(slots=True)
class Gathering:
    """Everything read so far. `places` remembers where an id was written, `layer` which layer is being read."""

    problems: Problems = field(default_factory=Problems)
    notes: list[Problem] = field(default_factory=list)
    layer: str = ""
    overlay: bool = False
    thorough: bool = True
    layers: list[Layer] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    words: dict[str, dict[str, Text]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    disabled: dict[str, Disabled] = field(default_factory=dict)
    mandates: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    calendar: dict[int, HolidayYear] = field(default_factory=dict)
    scheme: Scheme | None = None
    limits: dict[str, Limit] = field(default_factory=dict)
    votes: dict[str, VoteRule] = field(default_factory=dict)
    papers: dict[str, PaperTemplate] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    levy: Levy = field(default_factory=Levy)
    dues_examples: list[tuple[Sort, Entry]] = field(default_factory=list)
    publications: dict[str, Publication] = field(default_factory=dict)
    home: dict[str, HomeItem] = field(default_factory=dict)
    session_kinds: dict[str, SessionKind] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    undertakings: dict[str, UndertakingKind] = field(default_factory=dict)
    letters: dict[str, LetterRule] = field(default_factory=dict)
    selection: dict[str, Weighing] = field(default_factory=dict)
    promise_letter: PromiseLetter | None = None
    integrity_duties: dict[str, IntegrityDuty] = field(default_factory=dict)
    surveys: dict[str, SurveyRule] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    @property
    def proves(self) -> bool:
        """Whether worked cases are run: always by a check; on loading, those of a deployment's own layers.

        The shipped layer was checked before it was shipped; running its cases at every start would only be slow.
        """
        return self.thorough or self.overlay

    def claim(self, page: Page, kind: str, name: str, line: int) -> bool:
        """Take an id for its kind of thing; False, with a problem noted, when it is taken already."""
        other = self.places.setdefault((kind, name), (page.file, line))
        if other == (page.file, line):
            return True
        page.note(line, "id_used_twice", id=name, other=f"{other[0]} 第 {other[1]} 行")
        return False

    def facts_over_nothing(self, standard: Standard) -> dict[str, int]:
        """The facts of a standard as they are when there is no record at all."""
        return {name: self.facts[name].empty for name in standard.facts()}

    def fact_known(self, page: Page, name: str, line: int) -> bool:
        """Whether the fact exists; a problem is noted when it does not."""
        if name and name not in self.facts:
            page.note(line, "unknown_fact", name=name, meant=meant(name, self.facts))
        return name in self.facts

    def kind_known(self, page: Page, name: str, line: int) -> None:
        """Note a problem unless the organisation kind is in the vocabulary."""
        self.word_known(page, ORGANISATION_KINDS, "unknown_kind", name, line)

    def post_known(self, page: Page, name: str, line: int) -> None:
        """Note a problem unless the post is in the vocabulary."""
        self.word_known(page, POSTS, "unknown_post", name, line)

    def word_known(self, page: Page, section: str, code: str, name: str, line: int) -> None:
        """Note a problem of the code unless the section of the vocabulary has the word."""
        known = self.words.get(section, {})
        if name and known and name not in known:
            page.note(line, code, id=name, meant=meant(name, known), known=listed(known))


def read_each(
    book: Gathering, page: Page, root: Node, kept: dict[str, T], claimed: str, told: str,
    *, read: Callable[[Gathering, Entry, str], T], amended: Callable[[Entry, T], T],
) -> None:  # fmt: skip
    """Every entry of a file: an unknown one is read; one that is known is amended, in an overlay."""
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"{told}“{name}”")
        known = kept.get(name)
        if book.overlay and known is not None:
            kept[name] = amended(entry, known)
        elif book.claim(page, claimed, name, line):
            kept[name] = read(book, entry, name)
        entry.close()
