"""What people tell of study: values, as forms and acts share them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.study.models import Audience, MaterialKind, Subject


@dataclass(frozen=True, slots=True)
class Told:
    """A material as it is typed in."""

    title: str
    kind: str = MaterialKind.ARTICLE
    subject: str = Subject.OTHER
    audience: str = Audience.BRANCH
    summary: str = ""
    content: str = ""
    link: str = ""
    minutes: int = 0
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of a study plan as it is typed in."""

    month_on: date
    content: str
    way: str
    minutes: int = 0
    effect: str = ""
