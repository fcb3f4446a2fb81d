"""Self-tests: what there is to try, one's own answers, and for the branch only numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor, ranges
from zhibu.study import limits, policies, trials
from zhibu.study.models import SelfTest, SelfTestResult


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: before it is answered without `right` and `why`, afterwards with what was chosen."""

    number: int
    text: str
    several: bool
    options: tuple[tuple[int, str, bool, bool], ...]
    why: str = ""
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What the branch learns: how many took it, and of each question how many had it right; nothing below the least."""

    takers: int
    enough: bool
    least: int
    right: tuple[tuple[str, int], ...] = ()


def tests(actor: Actor) -> QuerySet[SelfTest]:
    """Tests for one's organisation, of those above it, and of those in reach; the open ones first."""
    seen = Q(organisation__path__in=policies.above(actor))
    for low, end in ranges(actor, policies.VIEW):
        seen |= Q(organisation__path__gte=low, organisation__path__lt=end)
    rows = SelfTest.objects.filter(seen).select_related("organisation")
    return rows.order_by("closed_on", "-opened_on", "-id")


def test_for(actor: Actor, pk: int) -> SelfTest:
    """One test one may see, or 404."""
    found = tests(actor).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def is_for(actor: Actor, test: SelfTest) -> bool:
    """Whether one may take a test: it is of the own organisation or of one above it."""
    return tests(actor).filter(pk=test.pk).exists()


def result_of(actor: Actor, test: SelfTest) -> SelfTestResult | None:
    """One's own result."""
    if actor.person is None:
        return None
    return SelfTestResult.objects.filter(test=test, person_id=actor.person).first()


def own_results(actor: Actor, tests_shown: Sequence[SelfTest]) -> dict[int, SelfTestResult]:
    """One's own results of some tests."""
    if actor.person is None:
        return {}
    rows = SelfTestResult.objects.filter(test__in=tests_shown, person_id=actor.person)
    return {row.test_id: row for row in rows}


def asked(test: SelfTest, result: SelfTestResult | None = None) -> list[Asked]:
    """The questions; with a result, what was chosen, what is right, and why."""
    found = []
    for number, question in enumerate(test.questions):
        chosen: list[int] = result.answers[number] if result and number < len(result.answers) else []
        options = tuple(
            (place, option, place in chosen, result is not None and place in question["right"])
            for place, option in enumerate(question["options"])
        )
        found.append(
            Asked(
                number + 1,
                question["text"],
                len(question["right"]) > 1,
                options,
                question["why"] if result else "",
                bool(result) and trials.is_right(question, chosen),
            )
        )
    return found


def taken(test: SelfTest) -> Taken:
    """What the branch may know of a test."""
    rows = list(SelfTestResult.objects.filter(test=test).values_list("answers", flat=True))
    least = limits.number("least_takers", test.opened_on)
    if len(rows) < least:
        return Taken(len(rows), enough=False, least=least)
    return Taken(
        len(rows), enough=True, least=least,
        right=tuple(
            (question["text"], sum(_had(question, answers, place) for answers in rows))
            for place, question in enumerate(test.questions)
        ),
    )  # fmt: skip


def _had(question: trials.Question, answers: list[Any], place: int) -> bool:
    return place < len(answers) and trials.is_right(question, answers[place])
