"""A whole procedure: its steps, its papers, its endings, and its worked cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.core.norms.documents import Level, Source
from zhibu.core.wording import Text

from .kinds import PromptKind, Role, Subject
from .steps import Field, PaperKind, Step


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case can end."""

    id: str
    title: Text
    success: bool


COMPLETED = "completed"
"""The ending of a case whose every step is done."""
SUBJECT_LEFT = "subject_left"
"""The ending of a case whose person died or left; every procedure has it, and no file names it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What tells that a case should be opened, and how many months ahead (a term of the procedure; 0 = at once)."""

    kind: PromptKind
    months: int
    because: Text


@dataclass(frozen=True, slots=True)
class ProcedureExample:
    """A worked case: what is done, what is tried, what must come of it; each as JSON text.

    Steps that precede a done step are taken as done with it, so that an example names only what it is about.
    """

    name: str
    as_of: date
    case: str
    tried: str
    expect: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: its steps in the order written, which is the order they are shown in."""

    id: str
    title: Text
    about: Text
    level: Level
    subject: Subject
    applies_to: tuple[str, ...]
    opened_by: tuple[Role, ...]
    group: str
    sources: tuple[Source, ...]
    fields: tuple[Field, ...]
    papers: Mapping[str, PaperKind]
    endings: Mapping[str, Ending]
    prompts: tuple[Prompt, ...]
    steps: tuple[Step, ...]
    examples: tuple[ProcedureExample, ...]
    layer: str
    was: tuple[str, ...] = ()

    def step(self, name: str) -> Step:
        """The step with this id, or an earlier id of it. Raises KeyError."""
        for each in self.steps:
            if each.id == name or name in each.was:
                return each
        raise KeyError(name)

    def ending(self, name: str) -> Ending:
        """The ending with this id; the common ones when the file names no other."""
        if name == SUBJECT_LEFT and name not in self.endings:
            return Ending(name, Text("本人已离开", "The person has left"), success=False)
        return self.endings.get(name) or Ending(name, Text("办结", "Completed"), success=name == COMPLETED)
