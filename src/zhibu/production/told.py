"""What acts, queries and pages of this room tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Told:
    """The unit's figures of a month as someone enters them; None: the unit does not keep it."""

    measure: str = ""
    planned: int | None = None
    done: int | None = None
    cost_plan_fen: int | None = None
    cost_fen: int | None = None
    accidents: int = 0
    hazards_found: int = 0
    hazards_fixed: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a campaign, what it reached, and its place; 0 when no place is given."""

    name: str
    result: str = ""
    place: int = 0

    def kept(self) -> list[str | int]:
        """As the table keeps it."""
        return [self.name, self.result, self.place]


@dataclass(frozen=True, slots=True)
class Announced:
    """A competition or shock task as it is announced: what it is, by which rules, on which days, who takes part."""

    kind: str
    title: str
    rules: str
    opens_on: date
    closes_on: date
    teams: tuple[str, ...] = ()

    @property
    def named(self) -> list[str]:
        """The teams, each once, as long as the table keeps them."""
        return [name.strip()[:40] for name in dict.fromkeys(self.teams) if name.strip()]
