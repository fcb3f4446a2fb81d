"""To refuse is to answer: a code, the reason, the rule it rests on, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from .wording import Text, filled

Thing = TypeVar("Thing")


class Force(StrEnum):
    """应当 (`must`) blocks; 一般 (`should`) is shown, recorded, and passes."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done.

    `message` and `remedy` are a `Text`, or a text already in the reader's language (gettext); `{name}` places are
    filled from `params`. `source` and `article` name the rule (a document id of the rulebook); `who` names the one
    who may do it or settle it.
    """

    code: str
    message: Text | str
    params: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    article: str = ""
    remedy: Text | str = ""
    who: Text | str = ""
    force: Force = Force.MUST

    def told(self, language: str = "zh") -> str:
        """The message in a language, its parameters filled."""
        return _in(self.message, language, self.params)

    def remedied(self, language: str = "zh") -> str:
        """What to do instead, in a language, its parameters filled; empty when nothing can be done."""
        return _in(self.remedy, language, self.params)

    def settled_by(self, language: str = "zh") -> str:
        """Who may do it instead, in a language; empty when no one is named."""
        return _in(self.who, language, self.params)

    @property
    def blocks(self) -> bool:
        """Whether the act must not be done (`must`), rather than only be warned about (`should`)."""
        return self.force is Force.MUST


@dataclass(frozen=True, slots=True)
class Caution(Refusal):
    """A rule of the softer kind: shown and recorded, and the act goes on."""

    force: Force = Force.SHOULD


class Refused(Exception):
    """An act was refused; `refusals` holds every reason, the most useful first."""

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = (refusals,) if isinstance(refusals, Refusal) else tuple(refusals)
        if not self.refusals:
            raise ValueError("an act is refused for a reason: give at least one Refusal")
        super().__init__("; ".join(f"{each.code}: {each.told()}" for each in self.refusals))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone, in the same order."""
        return tuple(each.code for each in self.refusals)


def refuse_if(*found: Refusal | None) -> tuple[Refusal, ...]:
    """Raise `Refused` when any blocking refusal was found; otherwise return the cautions, in the order given."""
    reasons = tuple(each for each in found if each is not None)
    if blocking := tuple(each for each in reasons if each.blocks):
        raise Refused(blocking)
    return reasons


def or_refuse(thing: Thing | None, refusal: Refusal) -> Thing:
    """The thing; raise `Refused` when there is none. So that what follows need not ask again."""
    if thing is None:
        raise Refused(refusal)
    return thing


def _in(text: Text | str, language: str, params: Mapping[str, object]) -> str:
    spoken = {name: value[language] if isinstance(value, Text) else value for name, value in params.items()}
    return filled(text if isinstance(text, str) else text[language], spoken)
