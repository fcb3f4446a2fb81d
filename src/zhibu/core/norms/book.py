"""The effective rulebook: everything one assessment rests on, under one digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from zhibu.core.authority import Reach
from zhibu.core.calendar import HolidayYear
from zhibu.core.snapshot import plain, restored
from zhibu.core.wording import Text

from .documents import Document
from .dues import Levy
from .evidence import Fact, Table
from .home import HomeItem
from .integrity import IntegrityDuty, PromiseLetter
from .letters import LetterRule
from .papers import PaperTemplate
from .procedures import Procedure
from .publications import Publication
from .selection import Weighing
from .sessions import Matter, SessionKind
from .standards import Disabled, Group, Limit, Scheme, Standard
from .surveys import SurveyRule
from .undertakings import UndertakingKind
from .votes import VoteRule


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of mandates.yaml: verbs a post may do, and how far."""

    verbs: tuple[str, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the rulebook: the shipped one ("shipped") or an overlay."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The effective rulebook. `standards` holds only those in use, by id in order; `disabled` those switched off.

    `words` is the vocabulary: section ("organisation_kinds", "posts", …) to code to text.
    """

    digest: str
    layers: tuple[Layer, ...]
    documents: Mapping[str, Document]
    words: Mapping[str, Mapping[str, Text]]
    tables: Mapping[str, Table]
    facts: Mapping[str, Fact]
    groups: Mapping[str, Group]
    standards: Mapping[str, Standard]
    disabled: Mapping[str, Disabled]
    mandates: Mapping[str, tuple[Grant, ...]]
    calendar: Mapping[int, HolidayYear]
    scheme: Scheme
    limits: Mapping[str, Limit]
    votes: Mapping[str, VoteRule] = field(default_factory=dict)
    papers: Mapping[str, PaperTemplate] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    levy: Levy = field(default_factory=Levy)
    # a rulebook kept by an earlier version has none
    publications: Mapping[str, Publication] = field(default_factory=dict)
    home: Mapping[str, HomeItem] = field(default_factory=dict)
    session_kinds: Mapping[str, SessionKind] = field(default_factory=dict)
    matters: Mapping[str, Matter] = field(default_factory=dict)
    undertakings: Mapping[str, UndertakingKind] = field(default_factory=dict)
    letters: Mapping[str, LetterRule] = field(default_factory=dict)
    selection: Mapping[str, Weighing] = field(default_factory=dict)
    promise_letter: PromiseLetter | None = None
    integrity_duties: Mapping[str, IntegrityDuty] = field(default_factory=dict)
    surveys: Mapping[str, SurveyRule] = field(default_factory=dict)

    def standard(self, name: str) -> Standard:
        """The standard with this id, or an earlier id of it. Raises KeyError."""
        if name in self.standards:
            return self.standards[name]
        for each in self.standards.values():
            if name in each.was:
                return each
        raise KeyError(name)

    def procedure(self, name: str) -> Procedure:
        """The procedure with this id, or an earlier id of it. Raises KeyError."""
        if name in self.procedures:
            return self.procedures[name]
        for each in self.procedures.values():
            if name in each.was:
                return each
        raise KeyError(name)

    def limit(self, name: str, day: date) -> int | None:
        """The number of a regulation in force on a day; None when nothing is in force, and nothing is asked.

        Raises KeyError for a name no file gives.
        """
        return self.limits[name].on(day)

    def word(self, section: str, code: str) -> Text:
        """The text of a code of the vocabulary; the code itself when the vocabulary does not know it."""
        return self.words.get(section, {}).get(code) or Text(code, code)

    def facts_used(self) -> tuple[str, ...]:
        """Every fact some standard in use is judged by, once, sorted."""
        return tuple(sorted({fact for each in self.standards.values() for fact in each.facts()}))

    def to_json(self) -> str:
        """The whole rulebook as canonical JSON, to be stored with every run; `from_json` gives it back exactly."""
        return json.dumps(plain(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Rulebook:
        """The rulebook a JSON text of `to_json` was made from."""
        book: Rulebook = restored(Rulebook, json.loads(text))
        return book

    def sealed(self) -> Rulebook:
        """The same rulebook carrying the SHA-256 of its own content as digest."""
        bare = replace(self, digest="")
        return replace(self, digest=sha256(bare.to_json().encode()).hexdigest())
