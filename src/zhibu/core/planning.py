"""What a year asks of a branch, as a plan can hold it: meetings with the stretch they must lie in, and other work.

Read from the worklist of the windows still to come, which is empty of what is already met: so a plan made in July
proposes what is left of the year. A meeting asked for by several rules is proposed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .calendar import Span
from .duties import Duty, Urgency
from .norms import Act, Cadence, Standard
from .refusal import Force
from .wording import Text

RECORD = "life:record"
MOST = 12
"""Meetings of one kind that one check can ask for in one window; more is a number that counts something else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A meeting (`kind`) a rule asks for within a window; `number` of them, the first check that asked named."""

    kind: str
    window: Span
    standard: str
    check: str
    force: Force
    number: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """Work a rule asks for that is no meeting: what, how often, and the page where it is done."""

    title: Text
    cadence: Cadence
    window: Span
    standard: str
    check: str
    force: Force
    act: Act | None


def meetings(duties: Iterable[Duty], counted: Callable[[str], bool]) -> tuple[Asked, ...]:
    """The meetings asked for, short windows first, each rule counting what shorter windows already hold.

    `counted(fact)` says whether a fact counts meetings: then a shortfall of two is two meetings. A shortfall of
    minutes, people or money is one.
    """
    found: list[Asked] = []
    for duty in sorted(duties, key=_length):
        kind = _kind(duty)
        if not kind or duty.urgency is Urgency.STANDING:
            continue
        needed = max((_number(each.fact, each.more, counted) for each in duty.missing), default=1)
        there = sum(
            each.number
            for each in found
            if each.kind == kind
            and duty.window.first <= each.window.first
            and each.window.last <= duty.window.last
        )
        if needed > there:
            found.append(Asked(kind, duty.window, duty.standard, duty.check, duty.force, needed - there))
    return tuple(sorted(found, key=lambda each: (each.window.last, each.window.first, each.kind)))


def work(duties: Iterable[Duty], standards: Iterable[Standard]) -> tuple[Work, ...]:
    """Everything else, once for each check: its first window, and how often it comes back."""
    cadences = {(standard.id, check.id): check.cadence for standard in standards for check in standard.checks}
    found: dict[tuple[str, str], Work] = {}
    for duty in sorted(duties, key=lambda each: each.window.last):
        if _kind(duty) or duty.act is None or duty.urgency is Urgency.STANDING:
            continue
        key = (duty.standard, duty.check)
        found.setdefault(key, Work(duty.title, cadences[key], duty.window, *key, duty.force, duty.act))
    return tuple(found.values())


def _kind(duty: Duty) -> str:
    """The kind of meeting that answers a duty by being held; an item of its agenda alone does not make a meeting."""
    if duty.act is None or duty.act.name != RECORD:
        return ""
    query = dict(duty.act.query)
    return "" if "tag" in query else query.get("kind", "")


def _number(fact: str, more: int, counted: Callable[[str], bool]) -> int:
    return min(max(more, 1), MOST) if counted(fact) else 1


def _length(duty: Duty) -> tuple[int, int, str]:
    return ((duty.window.last - duty.window.first).days, duty.window.first.toordinal(), duty.standard)
