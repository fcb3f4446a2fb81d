"""Acts on self-tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.study import policies, queries, trials
from zhibu.study.models import Material, SelfTest, SelfTestResult


@transaction.atomic
def write_test(
    actor: Actor,
    *,
    organisation: Organisation,
    title: str,
    questions: str,
    now: datetime,
    material: Material | None = None,
) -> SelfTest:
    """Write a short self-test for the people of an organisation and those below it."""
    refuse_if(
        policies.may_act(actor, "study.write_test", organisation),
        None if title.strip() else Refusal("study.title_needed", _("请写明自测名称")),
    )
    try:
        found = trials.parsed(questions)
    except trials.Unclear as unclear:
        raise Refused(Refusal("study.test_unclear", str(unclear))) from unclear
    test = SelfTest.objects.create(
        organisation=organisation, title=title.strip()[:120], questions=found, material=material,
        opened_on=timezone.localtime(now).date(),
    )  # fmt: skip
    write(
        actor,
        "study.write_test",
        test,
        organisation=organisation,
        now=now,
        title=test.title,
        questions=len(found),
    )
    return test


@transaction.atomic
def close_test(actor: Actor, *, test: SelfTest, now: datetime) -> SelfTest:
    """End a self-test; whoever took it still sees the own answers."""
    test = SelfTest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=test.pk)
    refuse_if(policies.may_act(actor, "study.close_test", test.organisation), _is_open(test))
    test.closed_on = timezone.localtime(now).date()
    test.save()
    write(actor, "study.close_test", test, organisation=test.organisation, now=now, title=test.title)
    return test


@transaction.atomic
def take_test(
    actor: Actor, *, test: SelfTest, answers: Sequence[Sequence[int]], now: datetime
) -> SelfTestResult:
    """Answer a self-test; again as often as one likes, the last answers stay. Nobody else reads them.

    The entry stands in the chain of the installation and not of the branch, and says nothing of the result: who took
    a test is nobody's business either.
    """
    test = SelfTest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=test.pk)
    person = actor.person
    refuse_if(
        _is_open(test),
        None if person is not None else Refusal("study.no_person", _("您的账号没有关联党员")),
        policies.for_oneself(actor, "study.take_test", person or 0),
        None
        if queries.is_for(actor, test)
        else Refusal("study.not_for_you", _("这份自测不是给您所在支部的")),
        None
        if len(answers) == len(test.questions) and all(answers)
        else Refusal("study.unanswered", _("还有题目没有作答"), remedy=_("每题都选一项再提交")),
    )
    right = sum(
        trials.is_right(question, answer) for question, answer in zip(test.questions, answers, strict=True)
    )
    result, _made = SelfTestResult.objects.update_or_create(
        test=test, person_id=person or 0,
        defaults={
            "answers": [list(each) for each in answers], "right": right, "taken_on": timezone.localtime(now).date(),
        },
    )  # fmt: skip
    write(actor, "study.take_test", test, organisation=None, now=now)
    return result


def _is_open(test: SelfTest) -> Refusal | None:
    return None if test.closed_on is None else Refusal("study.test_closed", _("这份自测已经结束"))
