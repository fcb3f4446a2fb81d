"""Whose money a line of a statement is: proposed with a reason, never booked by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.core.calendar import Month
from zhibu.dues.imports import LineRow, members_now
from zhibu.dues.queries import balances
from zhibu.dues.queries.balances import Part
from zhibu.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Proposal:
    """A member, and why: `name_amount`, `name`, `memo_amount`; nobody when nothing points to one alone."""

    person: int | None = None
    why: str = ""


def proposed(organisation: Organisation, lines: Sequence[LineRow]) -> list[tuple[LineRow, Proposal]]:
    """Each line with the one member it points to."""
    members = members_now(organisation)
    owed: dict[int, set[int]] = {}
    for (person, _month), balance in sorted(balances.open_of(organisation.pk).items()):
        if balance.open_fen > 0:
            sums = owed.setdefault(person, set())
            sums |= {balance.open_fen + (max(sums) if sums else 0)}
    return [(line, _propose(line, members, owed)) for line in lines]


def _propose(line: LineRow, members: Sequence[tuple[int, str]], owed: dict[int, set[int]]) -> Proposal:
    name = line.name.replace(" ", "")
    named = [person for person, known in members if known == name]
    fitting = [person for person in named if line.fen in owed.get(person, ())]
    if len(fitting) == 1:
        return Proposal(fitting[0], "name_amount")
    if len(named) == 1:
        return Proposal(named[0], "name")
    spoken = [person for person, known in members if known in line.memo and line.fen in owed.get(person, ())]
    return Proposal(spoken[0], "memo_amount") if len(spoken) == 1 else Proposal()


def parts_of(organisation: Organisation, person: int, fen: int, today: date) -> list[Part]:
    """An amount laid on a member's oldest open months, as far as it goes."""
    parts = []
    for (_person, month), balance in sorted(balances.open_of(organisation.pk, person).items()):
        part = min(fen, balance.open_fen)
        if part > 0 and month <= today:
            parts.append(Part(person, Month.of(month), part))
            fen -= part
    return parts
