"""What weighs in the selection of advanced branches beside their average: accepted projects, with the cases they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.norms.selection import MOST
from zhibu.procedures.models import Case, CaseState, StepTaken
from zhibu.procedures.policies import visible_to as may_open
from zhibu.ui import formats, rules
from zhibu.ui.language import pick

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhibu.core.authority import Actor
    from zhibu.core.norms.selection import Result, Weighing
    from zhibu.core.wording import Text


@dataclass(frozen=True, slots=True)
class Weighed:
    """A case that weighs: what came of it, and how much; `opens` for whom may open it."""

    branch: int
    branch_name: str
    case: int
    title: str
    told: tuple[Text, ...]
    weight: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """What weighs for one branch in one year, all together no more than the rule's most."""

    weight: int
    cases: tuple[Weighed, ...]


NOTHING = Selection(0, ())


def weighed(actor: Actor, steps: QuerySet[StepTaken], year: int) -> dict[int, Selection]:
    """By branch, what weighs in a year; `steps` are those of the branches in question."""
    found: dict[int, tuple[int, list[Weighed]]] = {}
    day = date(year, 12, 31)
    for rule in rulebook.load().selection.values():
        if not rule.numbers(day):
            continue
        for branch, cases in _cases(actor, rule, steps, day).items():
            sets = [names for _case, names in cases]
            weight, told = found.get(branch, (0, []))
            found[branch] = weight + rule.total(sets, day), [*told, *(case for case, _names in cases)]
    return {branch: Selection(weight, tuple(cases)) for branch, (weight, cases) in found.items()}


@dataclass(frozen=True, slots=True)
class WeighingTold:
    """A rule of what weighs, as the page explains it: its numbers and its source."""

    rule: Weighing
    numbers: str
    told: str


def weighings(year: int) -> list[WeighingTold]:
    """The rules in force in a year."""
    day, book = date(year, 12, 31), rulebook.load()
    found = []
    for rule in book.selection.values():
        numbers = rule.numbers(day)
        if numbers:
            each = [f"{pick(one.title)} +{formats.points(numbers[one.id])}" for one in rule.results.values()]
            most = _("每年合计不超过 %(most)s 分") % {"most": formats.points(numbers[MOST])}
            sources = [rules.named(source.document, source.article)[0] for source in rule.sources]
            found.append(WeighingTold(rule, _("、").join([*each, most]), _("；").join(sources)))
    return found


def of_branch(branch: int, year: int) -> int:
    """What weighs for one branch in one year, in hundredths of a point; nobody looks."""
    day, found = date(year, 12, 31), 0
    for rule in rulebook.load().selection.values():
        if rule.numbers(day):
            sets = [
                names for names, _row in _results(rule, StepTaken.objects.filter(organisation=branch), day)
            ]
            found += rule.total(sets, day)
    return found


def _cases(
    actor: Actor, rule: Weighing, steps: QuerySet[StepTaken], day: date
) -> dict[int, list[tuple[Weighed, set[str]]]]:
    found = list(_results(rule, steps, day))
    numbers = [row["case_id"] for _names, row in found]
    rows = may_open(actor, Case.objects.filter(pk__in=numbers))
    opens = set(rows.values_list("pk", flat=True)) if numbers else set()
    by_branch: dict[int, list[tuple[Weighed, set[str]]]] = {}
    for names, row in found:
        told = tuple(each.title for each in rule.results.values() if each.id in names)
        line = Weighed(
            row["organisation_id"], row["organisation__name"], row["case_id"], row["case__title"], told,
            rule.weight(names, day), row["case_id"] in opens,
        )  # fmt: skip
        by_branch.setdefault(line.branch, []).append((line, names))
    return by_branch


def _results(
    rule: Weighing, steps: QuerySet[StepTaken], day: date
) -> Iterable[tuple[set[str], dict[str, Any]]]:
    """The cases accepted in the year of a day, each with what may be said of it by then, in the order of acceptance."""
    stand = StepTaken.objects.filter(procedure=rule.procedure, reversed=0, passes=1, taken_on__lte=day)
    rows = steps.filter(
        procedure=rule.procedure, step=rule.accepted, reversed=0, passes=1, taken_on__range=(date(day.year, 1, 1), day)
    ).order_by("taken_on", "pk")  # fmt: skip
    accepted: dict[int, dict[str, Any]] = {
        row["case_id"]: dict(row)
        for row in rows.values("case_id", "organisation_id", "organisation__name", "case__title", "case__state", "case__ended")
    }  # fmt: skip
    endings = rulebook.load().procedure(rule.procedure).endings
    lost = {name for name, each in endings.items() if not each.success}
    kept = {
        case: row
        for case, row in accepted.items()
        if row["case__state"] != CaseState.ENDED or row["case__ended"] not in lost
    }
    named = {each.step for each in rule.results.values()}
    last: dict[tuple[int, str], dict[str, Any]] = {}
    if kept:
        taken = stand.filter(case__in=kept, step__in=named).order_by("taken_on", "pk")
        last = {(case, step): values for case, step, values in taken.values_list("case_id", "step", "values")}
    for case, row in kept.items():
        yield {each.id for each in rule.results.values() if _holds(each, last.get((case, each.step)))}, row


def _holds(result: Result, values: dict[str, Any] | None) -> bool:
    return values is not None and (not result.field or values.get(result.field) == result.value)
