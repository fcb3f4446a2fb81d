"""Where norms come from: regulations and notices, their articles, and whose rules they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.wording import Text


class Level(StrEnum):
    """Whose rule it is: a rule of the Party, of a system (an industry, a group company), or of the place."""

    NATIONAL = "national"
    SYSTEM = "system"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of one article of a document: whether the wording was checked, and a note."""

    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation or notice the norms rest on. `last_article` bounds the article numbers when it is known."""

    id: str
    title: Text
    level: Level
    issued: date | None
    in_force_from: date
    in_force_to: date | None
    verified: bool
    articles: Mapping[str, Article]
    last_article: int | None = None

    def in_force_on(self, day: date) -> bool:
        """Whether the document is in force on the day; `in_force_to` is its last day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def is_verified(self, article: str) -> bool:
        """Whether the wording of the article was checked against the published text."""
        known = self.articles.get(article)
        return self.verified if known is None else known.verified


@dataclass(frozen=True, slots=True)
class Source:
    """The place a norm comes from: a document and its articles ("11", "11-14", "5,9"; empty = the whole)."""

    document: str
    article: str = ""
