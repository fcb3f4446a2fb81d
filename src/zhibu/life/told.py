"""What people tell of a meeting: what was held, what was decided, who was missing. Values, as forms and acts share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from zhibu.life.models import AgendaTag, AttendanceState


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an agenda as it is typed: what, about what, and what was decided."""

    title: str
    tag: str = AgendaTag.OTHER
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Someone of the roll who was not there: excused with a reason, or absent without."""

    person: int
    state: str = AttendanceState.EXCUSED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What there is to say of a meeting that took place. `chair` and `minute_taker` are person ids."""

    held_on: date
    starts_at: time | None = None
    place: str = ""
    title: str = ""
    chair: int | None = None
    minute_taker: int | None = None
    missing: Sequence[Missing] = ()
    observers: Sequence[int] = ()
    online: Sequence[int] = ()
    agenda: Sequence[Item] = field(default=())
    minutes: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    study_minutes: int = 0
    makes_up_for: date | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """What a person says of a line of a plan. Without a day it is to be held somewhere in its stretch."""

    title: str
    day: date | None = None
    starts_at: time | None = None
    place: str = ""
    dropped: bool = False
    reason: str = ""
