"""Who may do what, where: mandates (post, verbs, reach) turned into yes or no, and into ranges of the tree.

A path is made of four digits a level ("0001", "00010003"); digits order alike under every collation, so a subtree is
one half-open range and single objects and lists cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

Spans: TypeAlias = tuple[tuple[str, str], ...]
"""Half-open ranges of paths."""

STEP = 4
"""Digits of one level of a path."""

END = "z"
"""After every path: letters follow digits in every collation in use."""

POSTS_ABOVE = frozenset({"committee_officer", "committee_secretary"})
"""Posts of a superior committee: `own` means the committee alone, not the branches under it."""


class Reach(StrEnum):
    """How far a mandate carries from the organisation the post belongs to."""

    OWN = "own"
    BELOW = "below"
    SELF = "self"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What one post lets its holder do: verbs (`life.close_minutes`, `life.*`) within a reach of a node."""

    post: str
    organisation: int
    path: str
    verbs: frozenset[str]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone acting: the user, the person behind it (none for an operator), and the mandates held today."""

    user: int
    person: int | None
    name: str
    mandates: tuple[Mandate, ...]


def grants(mandate: Mandate, verb: str) -> bool:
    """Whether the mandate names the verb, exactly or by a prefix ending in `*`."""
    return _names(mandate.verbs, verb)


@lru_cache(maxsize=8192)
def _names(verbs: frozenset[str], verb: str) -> bool:
    # asked hundreds of times for one page, of the few sets of verbs that a rulebook has
    return any(verb == each or (each.endswith("*") and verb.startswith(each[:-1])) for each in verbs)


def may(actor: Actor, verb: str, path: str) -> bool:
    """Whether the actor may do the verb at the organisation with this path. Reach `self` never grants a path."""
    return any(lowest <= path < end for lowest, end in ranges(actor, verb))


def reaches(actor: Actor, verb: str) -> frozenset[Reach]:
    """Every reach in which some mandate grants the verb; empty means the verb is refused everywhere."""
    return frozenset(mandate.reach for mandate in actor.mandates if grants(mandate, verb))


def may_for_self(actor: Actor, verb: str) -> bool:
    """Whether the actor may do the verb for the own person; the caller compares person ids."""
    return actor.person is not None and Reach.SELF in reaches(actor, verb)


def ranges(actor: Actor, verb: str) -> Spans:
    """The half-open path ranges `[lowest, end)` in which the verb is granted: sorted, disjoint, merged."""
    return merged(
        span for mandate in actor.mandates if grants(mandate, verb) and (span := span_of(mandate)) is not None
    )


def span_of(mandate: Mandate) -> tuple[str, str] | None:
    """The path range one mandate covers; `None` for reach `self`, which covers persons and not organisations."""
    if mandate.reach is Reach.SELF:
        return None
    if mandate.reach is Reach.EVERYWHERE:
        return ("", END)
    if mandate.reach is Reach.OWN and mandate.post in POSTS_ABOVE:
        return (mandate.path, mandate.path + "0")
    return (mandate.path, successor(mandate.path))


def successor(path: str) -> str:
    """The first path after the whole subtree of `path`: last level plus one, carried to the level above when full.

    Raises ValueError for a text that is not a path.
    """
    if not path or len(path) % STEP or not (path.isascii() and path.isdigit()):
        raise ValueError(f"not a path of {STEP} digits a level: {path!r}")
    above, last = path[:-STEP], int(path[-STEP:])
    if last < 10**STEP - 1:
        return f"{above}{last + 1:0{STEP}d}"
    return successor(above) if above else END


def merged(spans: Iterable[tuple[str, str]]) -> Spans:
    """Overlapping or touching half-open ranges joined, in order."""
    joined: list[tuple[str, str]] = []
    for lowest, end in sorted(spans):
        if joined and lowest <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((lowest, end))
    return tuple(joined)
