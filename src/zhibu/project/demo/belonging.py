"""Where the people of the demo belong and belonged: a row for each spell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .admissions import Way, spells
from .doings import instant
from .shape import Shape

MEMBERS = ("probationary_member", "full_member")


def memberships(shape: Shape, ways: Mapping[int, Way]) -> Iterator[tuple[Any, ...]]:
    """Every spell of every person, as rows."""
    for b in shape.branches:
        node, end = b.organisation, _day(b.organisation.closed)
        for p in b.members:
            group, came = b.group_of.get(p.id), b.arrived[p.id].toordinal()
            if p.id in ways:
                yield from _way(ways[p.id], group)
                continue
            stage = "probationary_member" if p.id in b.probationary else "full_member"
            began = (
                "transfer"
                if came > shape.first_quarter.first.toordinal() and p.id not in b.probationary
                else "recorded"
            )
            yield p.id, node.id, group, stage, came, end, 1, began, instant(came)
        for stage, people, months in (("activist", b.activists, 480), ("applicant", b.applicants, 90)):
            for p in people:
                if p.id in ways:
                    yield from _way(ways[p.id], None)
                    continue
                since = max(shape.today.toordinal() - months - p.id % 60, _day(node.founded) or 0)
                yield p.id, node.id, None, stage, since, end, 1, "recorded", instant(since)


def _way(way: Way, group: int | None) -> Iterator[tuple[Any, ...]]:
    """The stages of a person, from one to the next, as the case has them."""
    went = spells(way)
    for index, (stage, day) in enumerate(went):
        until = went[index + 1][1].toordinal() if index + 1 < len(went) else None
        began = "stage" if index else "recorded"
        member = group if stage in MEMBERS else None
        since = day.toordinal()
        yield (
            way.person.id,
            way.branch.organisation.id,
            member,
            stage,
            since,
            until,
            1,
            began,
            instant(since),
        )


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()
