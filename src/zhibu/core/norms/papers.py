"""Papers as data: what an official document of a case says, with places filled from the case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhibu.core.wording import Text

PLACES: Final = frozenset(
    {
        "paper", "procedure", "step", "branch", "superior", "subject", "day", "until", "today", "opened", "outcome",
        "reply", "by", "note", "expected", "present", "in_favour", "against", "abstain", "counted", "people", "article",
    }
)  # fmt: skip
"""What a paper may name of its case, its step and its vote."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


class BlockKind(StrEnum):
    """What stands in a block of a paper."""

    HEADING = "heading"
    TEXT = "text"
    FACTS = "facts"
    FIELDS = "fields"
    PEOPLE = "people"
    VOTE = "vote"
    HISTORY = "history"
    PAPERS = "papers"


class Signer(StrEnum):
    """Who signs a paper."""

    BRANCH = "branch"
    SUPERIOR = "superior"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `text` belongs to headings and texts, `names` to facts; `when` names a place that must be given."""

    kind: BlockKind
    text: Text | None = None
    names: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """An official document: title, to whom it goes, what it says, who signs."""

    id: str
    title: Text
    to: Text | None
    blocks: tuple[Block, ...]
    sign: Signer
    layer: str


def places_in(text: Text) -> frozenset[str]:
    """Every `{place}` of a text, in either language."""
    return frozenset(_PLACE.findall(text.zh) + _PLACE.findall(text.en))
