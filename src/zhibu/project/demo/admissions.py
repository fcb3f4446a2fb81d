"""How the people of the demo came to the Party: everybody who is on the way, and who was admitted lately, has a case.

The days of a case are those the engine allows; the register of the demo takes its stages from them, so that case and
register tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from zhibu.procedures.queries.engine import plan_of

from .shape import BranchShape, PersonRow, Shape
from .walks import Walk

STOPS = (
    "prospect_proposed", "prospect_consented", "sponsors_named", "pre_reviewed", "prospect_publicised", "admission_approved",
)  # fmt: skip
"""Where the cases of activists stand: one branch has yet to propose, one waits for the superior, and so on."""

ONE_IN = 24
"""One full member in so many was admitted within the time on record."""


@dataclass(frozen=True, slots=True)
class Way:
    """A person's case, and where it belongs."""

    branch: BranchShape
    person: PersonRow
    walk: Walk


def admit(shape: Shape) -> dict[int, Way]:
    """The cases of admission by person; days of joining in the shape are set to those of the case."""
    plan = plan_of("admission")
    if plan is None:
        return {}
    found: dict[int, Way] = {}
    for branch in shape.branches:
        node = branch.organisation
        if node.closed is None and node.founded is None and node.kind in plan.procedure.applies_to:
            for person, walk in (*_on_the_way(branch, shape.today), *_admitted(branch, shape.today)):
                found[person.id] = Way(branch, person, walk)
    return found


def _on_the_way(branch: BranchShape, today: date) -> list[tuple[PersonRow, Walk]]:
    found = []
    for number, person in enumerate(branch.activists):
        stop = STOPS[(number + branch.organisation.id) % len(STOPS)]
        often = 1 if branch.manner.name == "idle" and number % 2 else 2
        walk = walked(today, 600 + 5 * (person.id % 12), stop, often)
        found.append((person, walk))
    for person in branch.applicants:
        walk = walked(today, 20 + 10 * (person.id % 6), "activist_selected", 0)
        found.append((person, walk))
    return [(person, walk) for person, walk in found if walk is not None]


def _admitted(branch: BranchShape, today: date) -> list[tuple[PersonRow, Walk]]:
    held = {person for person, _kind in branch.posts} | {person for _group, person in branch.leaders}
    found = []
    for person in branch.members:
        if person.id in branch.probationary:
            walk = walked(today, 600 + 30 * (person.id % 10), "", 2)
            admitted = dict(walk.stages).get("probationary_member") if walk else None
            if walk and admitted:
                found.append((person, walk))
                person.joined = branch.arrived[person.id] = _meeting(walk)
        elif (
            person.id % ONE_IN == 0
            and person.id not in held | branch.mobile
            and branch.arrived[person.id] == person.joined
        ):
            walk = walked(today, 1000 + 30 * (person.id % 8), "", 2)
            full = dict(walk.stages).get("full_member") if walk else None
            if walk and full and (today - person.born).days > 365 * 22:
                found.append((person, walk))
                person.joined = branch.arrived[person.id] = _meeting(walk)
                person.full = branch.converted[person.id] = full
    return found


def _meeting(walk: Walk) -> date:
    """The day the general meeting admitted: probation and standing count from it."""
    return next(each.on for each in walk.case.taken if each.step == "admitted_by_meeting")


@lru_cache(maxsize=1024)
def walked(today: date, ago: int, before: str, often: int) -> Walk | None:
    """A case opened so many days ago, as far as it goes; those of people with the same days are the same."""
    opened = today - timedelta(days=ago)
    walk = Walk.begun(
        "admission", opened, subject={"born_on": date(1992, 3, 1), "stage": "applicant"}, branch={}
    )
    if walk is None:
        return None
    walk.telling = replace(walk.telling, times={**walk.telling.times, "examined": often})
    return walk.go(today, before=before)


def spells(way: Way) -> list[tuple[str, date]]:
    """The stages a person went through, each with its first day; that of a member is the day of the meeting."""
    stages: list[tuple[str, date]] = []
    for stage, day in way.walk.stages:
        since = _meeting(way.walk) if stage == "probationary_member" else day
        if not stages or stages[-1][0] != stage:
            stages.append((stage, since))
    return stages
