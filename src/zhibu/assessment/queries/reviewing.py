"""For the reviewer: the parts to judge of a branch, and which branch comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Case, F, QuerySet, When
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Reviewed, Standard
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Person, Post
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from ..models import Appeal, AppealState, Rectification, Result, Run
from .sheets import PartLine, Sheet, reviewed_parts

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


class JudgingForm(Protocol):
    """What a form of judgements must have."""

    parts: list[tuple[Standard, Reviewed, int]]
    own: bool
    fields: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A field with its value and errors."""


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
    version: Any
    evidence: Any
    linked: int
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


def judging_rows(found: Sheet, form: JudgingForm) -> list[JudgingRow]:
    """The rows of the judging page, in the order of the standards."""
    rows = []
    for standard, part, weight in form.parts:
        name = f"{standard.id}-{part.id}"
        line = next(each for each in found.line(standard.id).parts if each.part is part)
        facts = tuple(
            (pick(found.book.facts[fact].title), _told(found, fact))
            for fact in part.supported_by
            if fact in found.facts
        )
        na = None if form.own else form[f"{name}-na"]
        evidence = form[f"{name}-evidence"] if f"{name}-evidence" in form.fields else None
        rows.append(
            JudgingRow(
                standard, part, weight, line, form[f"{name}-points"], form[f"{name}-comment"], na,
                form[f"{name}-version"], evidence, len(evidence.value() or ()) if evidence else 0, facts,
            )
        )  # fmt: skip
    return rows


def _told(found: Sheet, fact: str) -> str:
    value, unit = found.facts[fact], pick(found.book.facts[fact].unit)
    return formats.fen(value) if fact.endswith("_fen") else f"{value} {unit}"


def next_to_review(actor: Actor, run: Run, branch: Organisation) -> int | None:
    """The next branch, in the order of the tree, that has parts awaiting the reviewer."""
    rows = within(
        Result.objects.filter(run=run, assessed=1, decided_micro__lt=F("applicable_micro")),
        authority.ranges(actor, "assessment.review"),
        "branch_path",
    ).exclude(branch=branch)
    later = Case(When(branch_path__gt=branch.path, then=0), default=1)
    found = rows.order_by(later, "branch_path").values_list("branch_id", flat=True).first()
    return None if found is None else int(found)


def left_to_review(actor: Actor, run: Run) -> int:
    """How many branches within the reviewer's part have something left to judge."""
    rows = Result.objects.filter(run=run, assessed=1, decided_micro__lt=F("applicable_micro"))
    return within(rows, authority.ranges(actor, "assessment.review"), "branch_path").count()


def open_appeals(actor: Actor, run: Run) -> int:
    """How many appeals of branches within the actor's reach wait for an answer."""
    return len(record.rows(_open_appeals, run.pk, authority.ranges(actor, "assessment.view")))


def _open_appeals(run: int, spans: authority.Spans) -> QuerySet[Appeal, Any]:
    rows = Appeal.objects.filter(run=run, state=AppealState.OPEN)
    return within(rows, spans, "branch__path").values_list("pk")


def appeal_for(actor: Actor, pk: int, verb: str) -> Appeal:
    """An appeal of a branch within reach of the verb. Raises Http404 otherwise."""
    ranges = authority.ranges(actor, verb)
    found = (
        within(Appeal.objects.select_related("branch", "run"), ranges, "branch__path").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def rectification_for(actor: Actor, pk: int, verb: str) -> Rectification:
    """A rectification of a branch within reach of the verb. Raises Http404 otherwise."""
    ranges = authority.ranges(actor, verb)
    found = (
        within(Rectification.objects.select_related("branch"), ranges, "branch__path").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def people_for_rectification(actor: Actor, branch: Organisation) -> list[tuple[int, str, str]]:
    """Who can own a rectification: those who hold a post above the branch, as far as the actor reaches, then its members."""
    above = [
        path
        for length in range(4, len(branch.path), 4)
        if authority.may(actor, "assessment.open_rectification", path := branch.path[:length])
    ]
    posts = Post.objects.filter(organisation__path__in=above, until__isnull=True).values_list(
        "person_id", "person__name", "organisation__name"
    )
    members = Membership.objects.filter(
        organisation=branch, until__isnull=True, stage__in=MEMBER_STAGES
    ).values_list("person_id", "person__name", "organisation__name")
    found = {row[0]: row for row in [*posts, *members]}
    return list(found.values())


def person(actor: Actor, branch: Organisation, pk: int | None) -> Person | None:
    """A person among those whom the actor can make owner of a rectification of the branch."""
    if pk is None or pk not in {row[0] for row in people_for_rectification(actor, branch)}:
        return None
    return Person.objects.get(pk=pk)


def reason_for_rectification(branch: Organisation, quarter: Quarter) -> str:
    """A first draft of the reason: the quarter's points and place, as a statement of fact."""
    result = Result.objects.filter(branch=branch, run__quarter=quarter.key).first()
    if result is None or result.points is None:
        return ""
    said = {
        "quarter": formats.quarter(quarter),
        "points": formats.points(result.points),
        "place": result.place,
        "of": result.place_of,
    }
    if result.place:
        return _("%(quarter)s考核 %(points)s 分，第 %(place)s 名 / %(of)s。") % said
    return _("%(quarter)s考核 %(points)s 分。") % said
