"""Grades that an organisation gives each person after an appraisal's ballot, and what the ballot said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu import rulebook
from zhibu.ballots.queries import least_answers
from zhibu.core.norms import VoteKind
from zhibu.core.norms.procedures import GIVEN, OTHERS, Step, StepKind
from zhibu.procedures.models import Case
from zhibu.register.models import Membership, Stage

MEMBERS = (Stage.FULL_MEMBER, Stage.PROBATIONARY_MEMBER)


@dataclass(frozen=True, slots=True)
class Graded:
    """Somebody who is to be graded, with the counts of the ballot by grade; none where too few answered."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Grading:
    """Whom a step grades, and how many members there are."""

    people: tuple[Graded, ...]
    all_members: int | None


NOBODY = Grading((), None)


def is_appraisal(step: Step) -> bool:
    """Whether the vote of a step appraises people."""
    rule = rulebook.load().votes.get(step.vote) if step.vote else None
    return rule is not None and rule.kind is VoteKind.APPRAISAL


def grading_of(case: Case, step: Step, today: date) -> Grading:
    """Whom a step grades that is no ballot itself: those of the ballot before it, or the members of the branch."""
    if step.kind is StepKind.BALLOT or not is_appraisal(step):
        return NOBODY
    rows = Membership.objects.filter(organisation=case.organisation, until=None, stage__in=MEMBERS)
    members = list(rows.order_by("person__pinyin", "person_id").values_list("person__name", flat=True))
    before = (
        case.steps.filter(reversed=0, vote__isnull=False).exclude(step=step.id).order_by("-taken_on", "-pk")
    )
    for vote in before.values_list("vote", flat=True):
        if vote and isinstance(vote.get("grades"), Mapping) and vote["grades"]:
            # a database may keep the names in an order of its own: they are shown as the roster has them
            place = {name: number for number, name in enumerate(members)}
            ordered = sorted(vote["grades"].items(), key=lambda row: (place.get(row[0], len(place)), row[0]))
            people = tuple(Graded(name, counts or {}) for name, counts in ordered)
            return Grading(people, vote.get("all_members") or len(members))
    seen: Counter[str] = Counter()
    people = ()
    for name in members:
        seen[name] += 1
        people += (Graded(name if seen[name] == 1 else f"{name}（{seen[name]}）", {}),)
    return Grading(people, len(members))


def shown_of(step: Step, vote: Mapping[str, Any] | None, day: date) -> Mapping[str, Any] | None:
    """What of a vote is kept: of an appraisal that too few answered the sums, and nobody's grades."""
    if vote is None or not is_appraisal(step) or step.kind is not StepKind.BALLOT:
        return vote
    answers = vote.get("returned", vote.get("present"))
    if not isinstance(answers, int) or answers >= least_answers(day):
        return vote
    names = vote.get("grades")
    return {**vote, "grades": {name: {} for name in names}} if isinstance(names, Mapping) else vote


def counted_of(step: Step, vote: Mapping[str, Any] | None) -> dict[str, int]:
    """The fields of a step that are counts of the grades given: how many have one, the others, how many have the worst."""
    given = (vote or {}).get("given")
    asked = [each for each in step.fields if each.counts]
    if not asked or not isinstance(given, Mapping):
        return {}
    found = Counter(given.values())
    of_all = (vote or {}).get("all_members") or len(given)
    numbers = {GIVEN: len(given), OTHERS: max(0, of_all - len(given))}
    return {each.id: numbers.get(each.counts, found[each.counts]) for each in asked}
