"""What can be opened, where, for whom, and what tells that something should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from zhibu import record
from zhibu.core.authority import STEP, Actor, successor
from zhibu.core.calendar import Quarter, add_months
from zhibu.core.norms.procedures import FieldKind, Procedure, PromptKind
from zhibu.core.wording import Text
from zhibu.procedures import policies
from zhibu.procedures.models import Case, CaseState, StepTaken
from zhibu.procedures.queries.cases import procedures
from zhibu.register.models import COMMITTEE_POSTS, Membership, Organisation, Post, PostKind, Stage, Term

MOST = 2000


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that should be opened, why, and the day it is about."""

    procedure: str
    title: Text
    because: Text
    day: date | None


def branches_for(actor: Actor, verb: str = "procedures.open_case") -> list[tuple[int, str, str]]:
    """Organisations where the actor may open cases: (id, name, kind)."""
    rows = policies.places(actor, verb).exclude(kind="party_group").order_by("path")
    return list(rows.values_list("pk", "name", "kind")[:MOST])


def organisation_for(
    actor: Actor, pk: int | None, verb: str = "procedures.open_case", kinds: Sequence[str] = ()
) -> Organisation:
    """The organisation asked for, or the first in reach of these kinds, or the first branch; 404 when there is none."""
    rows = policies.places(actor, verb).exclude(kind="party_group").select_related("parent")
    if pk:
        found = rows.filter(pk=pk).first()
    else:
        found = (
            (rows.filter(kind__in=kinds).order_by("path").first() if kinds else None)
            or rows.exclude(kind__in=("primary_committee", "general_branch")).order_by("path").first()
            or rows.first()
        )
    if found is None:
        raise Http404(pk)
    return found


def people_of(organisation: Organisation) -> list[tuple[int, str, str, str]]:
    """People of a branch: (id, name, stage, search keys)."""
    labels = dict(Stage.choices)
    rows = Membership.objects.filter(organisation=organisation, until=None).order_by(
        "person__pinyin", "person_id"
    )
    return [
        (pk, name, str(labels[Stage(stage)]), f"{pinyin} {initials}")
        for pk, name, stage, pinyin, initials in rows.values_list(
            "person_id", "person__name", "stage", "person__pinyin", "person__initials"
        )
    ]


def officials_of(organisation: Organisation) -> list[tuple[int, str, str, str]]:
    """People who hold a post in an organisation or below it, whom a superior may name besides those of the branch."""
    low, high = organisation.path, successor(organisation.path)
    rows = (
        Post.objects.filter(until=None, organisation__path__gte=low, organisation__path__lt=high)
        .exclude(kind=PostKind.GROUP_LEADER).order_by("person__pinyin", "person_id")
        .values_list("person_id", "person__name", "organisation__name", "person__pinyin", "person__initials")
    )  # fmt: skip
    found = {
        pk: (pk, name, place, f"{pinyin} {initials}") for pk, name, place, pinyin, initials in rows[:MOST]
    }
    return list(found.values())


def called_for(organisation: Organisation, procedure: Procedure) -> dict[str, Any]:
    """What the latest running case of an organisation above says of the fields it calls for: its calendar is not typed again."""
    asked = [each for each in procedure.fields if each.called]
    if not asked:
        return {}
    path = organisation.path
    above = [path[:end] for end in range(STEP, len(path), STEP)]
    found: dict[str, Any] = {}
    for each in asked:
        source, step, field = each.called.split(".")
        rows = StepTaken.objects.filter(
            procedure=source,
            step=step,
            reversed=0,
            passes=1,
            case__state=CaseState.RUNNING,
            organisation__path__in=above,
        )
        value = (rows.order_by("-taken_on", "-pk").values_list("values", flat=True).first() or {}).get(field)
        if value is not None:
            found[each.id] = date.fromisoformat(value) if each.kind is FieldKind.DAY else value
    return found


def prompts(branch: Organisation, today: date, *, weak: bool = False) -> list[Opening]:
    """What should be opened in a branch now and is not: a term that expires, a vacant seat, what comes every period.

    Whether the branch is a weak one is the assessment's to say, above this room.
    """
    asking = [
        each for each in procedures() if each.prompts and branch.kind in (each.applies_to or (branch.kind,))
    ]
    if not asking:
        return []
    opened: dict[str, date] = {}
    running = set()
    for name, state, day in record.rows(_opened, branch.pk, tuple(each.id for each in asking)):
        opened[name] = max(day, opened.get(name, day))
        if state != CaseState.ENDED:
            running.add(name)
    term = next(iter(record.rows(_terms, branch.pk)), None)
    found: list[Opening] = []
    for each in asking:
        if each.id not in running:
            found += _prompted(each, branch, term, opened.get(each.id), today, weak=weak)
    return found


def _opened(branch: int, names: tuple[str, ...]) -> QuerySet[Case, Any]:
    rows = Case.objects.filter(organisation=branch, procedure__in=names)
    return rows.values_list("procedure", "state", "opened_on")


def _terms(branch: int) -> QuerySet[Term, Any]:
    rows = Term.objects.filter(organisation=branch, ended_on=None)
    return rows.order_by("-elected_on").values_list("valid_until", "seats")[:1]


def _seated(branch: int) -> QuerySet[Post, Any]:
    rows = Post.objects.filter(organisation=branch, until=None, kind__in=COMMITTEE_POSTS)
    return rows.values_list("person").distinct()


def _prompted(
    procedure: Procedure,
    branch: Organisation,
    term: tuple[date, int] | None,
    last: date | None,
    today: date,
    *,
    weak: bool,
) -> Iterable[Opening]:
    for prompt in procedure.prompts:
        holds, day = False, None
        match prompt.kind:
            case PromptKind.TERM_EXPIRING if term is not None:
                day = term[0]
                holds = add_months(day, -prompt.months) <= today
            case PromptKind.SEAT_VACANT if term is not None and term[1]:
                holds = len(record.rows(_seated, branch.pk)) < term[1]
            case PromptKind.WEAK_BRANCH:
                holds = weak
            case PromptKind.YEARLY:
                holds, day = last is None or last.year < today.year, date(today.year, 12, 31)
            case PromptKind.HALF_YEARLY:
                begins = date(today.year, 1 if today.month < 7 else 7, 1)
                holds, day = (
                    last is None or last < begins,
                    date(today.year, *((6, 30) if begins.month == 1 else (12, 31))),
                )
            case PromptKind.QUARTERLY:
                quarter = Quarter.of(today)
                holds, day = last is None or last < quarter.first, quarter.last
        if holds:
            yield Opening(procedure.id, procedure.title, prompt.because, day)
            return
