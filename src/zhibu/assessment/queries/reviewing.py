"""For the reviewer: the parts to judge of a branch, and which branch comes next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404

from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import State
from zhibu.core.norms import Reviewed, Standard
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Person, Post
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from ..models import Appeal, AppealState, Rectification, Result, Run
from .sheets import PartLine, Sheet, reviewed_parts

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

    from ..forms import ReviewForm


@dataclass(frozen=True, slots=True)
class JudgingRow:
    """A part to judge with its fields, the facts beside it, and what the other side said."""

    standard: Standard
    part: Reviewed
    weight: int
    line: PartLine
    points: Any
    comment: Any
    not_applicable: Any
    facts: tuple[tuple[str, str], ...]


def parts_to_judge(found: Sheet) -> list[tuple[Standard, Reviewed, int]]:
    """Reviewed parts that apply to the branch this quarter, or that a reviewer declared not applicable."""
    lines = {(line.standard.id, each.part.id): each for line in found.lines for each in line.parts}
    parts = []
    for standard, part, weight in reviewed_parts(found.book, found.quarter.last):
        line = lines.get((standard.id, part.id))
        if line and weight and (line.verdict.applicable or (line.review and not line.review.applicable)):
            parts.append((standard, part, weight))
    return parts


def judging_rows(found: Sheet, form: ReviewForm) -> list[JudgingRow]:
    """The rows of the judging page, in the order of the standards."""
    rows = []
    for standard, part, weight in form.parts:
        name = f"{standard.id}-{part.id}"
        line = next(each for each in found.line(standard.id).parts if each.part is part)
        facts = tuple(
            (pick(found.book.facts[fact].title), _told(found, fact)) for fact in part.supported_by if fact in found.facts
        )
        na = None if form.own else form[f"{name}-na"]
        rows.append(JudgingRow(standard, part, weight, line, form[f"{name}-points"], form[f"{name}-comment"], na, facts))
    return rows


def _told(found: Sheet, fact: str) -> str:
    value, unit = found.facts[fact], pick(found.book.facts[fact].unit)
    return formats.fen(value) if fact.endswith("_fen") else f"{value} {unit}"


def next_to_review(actor: Actor, run: Run, branch: Organisation) -> int | None:
    """The next branch, in the order of the tree, that has parts awaiting the reviewer."""
    rows = within(
        Result.objects.filter(run=run, assessed=1), authority.ranges(actor, "assessment.review"), "branch_path"
    ).order_by("branch_path")
    after = rows.filter(branch_path__gt=branch.path)
    before = rows.filter(branch_path__lt=branch.path)
    for pool in (after, before):
        for pk, text in pool.values_list("branch_id", "parts").iterator(chunk_size=50):
            if any(part[0] == State.AWAITING_REVIEW for part in json.loads(text).values()):
                return int(pk)
    return None


def open_appeals(run: Run) -> int:
    """How many appeals wait for an answer."""
    return run.appeals.filter(state=AppealState.OPEN).count()


def appeal_for(actor: Actor, pk: int, verb: str) -> Appeal:
    """An appeal of a branch within reach of the verb. Raises Http404 otherwise."""
    ranges = authority.ranges(actor, verb)
    found = within(Appeal.objects.select_related("branch", "run"), ranges, "branch__path").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def rectification_for(actor: Actor, pk: int, verb: str) -> Rectification:
    """A rectification of a branch within reach of the verb. Raises Http404 otherwise."""
    ranges = authority.ranges(actor, verb)
    found = within(Rectification.objects.select_related("branch"), ranges, "branch__path").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def people_for_rectification(branch: Organisation) -> list[tuple[int, str, str]]:
    """Who can own a rectification: those who hold a post above the branch, then the branch's members."""
    above = [branch.path[:length] for length in range(4, len(branch.path), 4)]
    posts = Post.objects.filter(organisation__path__in=above, until__isnull=True).values_list(
        "person_id", "person__name", "organisation__name"
    )
    members = Membership.objects.filter(
        organisation=branch, until__isnull=True, stage__in=MEMBER_STAGES
    ).values_list("person_id", "person__name", "organisation__name")
    found = {row[0]: row for row in [*posts, *members]}
    return list(found.values())


def person(branch: Organisation, pk: int | None) -> Person | None:
    """A person among those who can own a rectification of the branch."""
    if pk is None or pk not in {row[0] for row in people_for_rectification(branch)}:
        return None
    return Person.objects.get(pk=pk)


def reason_for_rectification(branch: Organisation, quarter: Quarter) -> str:
    """A first draft of the reason: the quarter's points and place, as a statement of fact."""
    result = Result.objects.filter(branch=branch, run__quarter=quarter.key).first()
    if result is None or result.points is None:
        return ""
    place = f"，第 {result.place} 名 / {result.place_of}" if result.place else ""
    return f"{formats.quarter(quarter)}考核 {formats.points(result.points)} 分{place}。"
