"""After the closing day: counted, told as far as it may be, the rest destroyed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.concerns import answers, policies, queries
from zhibu.concerns.actions import checks
from zhibu.concerns.models import Survey, SurveyState
from zhibu.core.authority import Actor
from zhibu.core.norms.surveys import Question, in_force
from zhibu.core.opinions import Results, results
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.core.snapshot import plain, restored
from zhibu.record import vault
from zhibu.record.writing import write

KEPT = 90
"""Days for which words wait when their kind is no longer in the rulebook."""


@transaction.atomic
def count_survey(actor: Actor, *, survey: Survey, now: datetime) -> Survey:
    """Add the answers up and destroy them: of too few nothing is kept, not even how many they were."""
    survey, today = _held(survey), checks.local_day(now)
    refuse_if(
        policies.may_act(actor, "concerns.count_survey", survey.organisation),
        checks.must_be(survey, SurveyState.OPEN),
        None
        if today > survey.closes_on
        else Refusal(
            "concerns.not_closed", _("{day} 截止以后才能汇总"), {"day": survey.closes_on.isoformat()},
            remedy=_("截止前谁也看不到结果，也看不到多少人填了"),
        ),
    )  # fmt: skip
    answers.close(survey.code)
    questions = restored(tuple[Question, ...], survey.asked)
    found = results(
        questions, answers.read(survey.code), fewest=survey.fewest, fewest_words=survey.fewest_words
    )
    survey.state = SurveyState.COUNTED if found else SurveyState.TOO_FEW
    survey.ended_on = today
    if found is not None:
        survey.answers, survey.totals = found.answers, plain(found.told)
        survey.words_sealed = _shuffled(found)
    survey.save()
    write(
        actor, "concerns.count_survey", survey, organisation=survey.organisation, now=now, state=survey.state,
        answers=survey.answers,
    )  # fmt: skip
    transaction.on_commit(lambda: answers.destroy(survey.code))
    return survey


def _held(survey: Survey) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=survey.pk)


def _shuffled(found: Results) -> str:
    """What was written, each by itself: parted from the other answers of whoever wrote it, in an order drawn by lot."""
    texts = [[name, text] for name, each in found.words.items() for text in each]
    secrets.SystemRandom().shuffle(texts)
    return vault.seal(json.dumps(texts, ensure_ascii=False), queries.SEALED) if texts else ""


@transaction.atomic
def release_words(
    actor: Actor, *, survey: Survey, chosen: Collection[int], now: datetime, named: bool = False
) -> Survey:
    """Let through what the branch may read; the rest is deleted. Nothing is reworded, nothing is looked for in it."""
    survey = _held(survey)
    found = queries.words_of(survey)
    let = [[name, text] for place, (name, text) in enumerate(found) if place in chosen]
    texts = tuple(text for _name, text in let)
    refuse_if(
        policies.may_act(actor, "concerns.release_words", survey.organisation),
        checks.must_be(survey, SurveyState.COUNTED),
        None if found else Refusal("concerns.no_words", _("没有待审的文字"), remedy=_("请看汇总")),
        checks.no_numbers(*texts),
        checks.no_names(survey.organisation, texts, named=named),
    )
    survey.words, survey.words_sealed, survey.released_on = let, "", checks.local_day(now)
    survey.save()
    write(
        actor, "concerns.release_words", survey, organisation=survey.organisation, now=now, released=len(let)
    )
    return survey


@transaction.atomic
def forget_surveys(now: datetime) -> int:
    """Delete what was kept long enough: surveys nobody counted, words nobody released, boxes left behind. For the nightly job."""
    today, done = checks.local_day(now), 0
    for survey in Survey.objects.filter(state=SurveyState.OPEN, closes_on__lt=today).select_related(
        "organisation"
    ):
        if survey.closes_on < _limit(survey, today):
            survey.state, survey.ended_on = SurveyState.LAPSED, today
            survey.save()
            write(None, "concerns.lapse_survey", survey, organisation=survey.organisation, now=now)
            done += 1
    for survey in Survey.objects.exclude(words_sealed=""):
        if survey.ended_on is not None and survey.ended_on < _limit(survey, today):
            survey.words_sealed = ""
            survey.save()
            write(None, "concerns.forget_words", survey, organisation=survey.organisation, now=now)
            done += 1
    over = Survey.objects.exclude(state=SurveyState.OPEN).values_list("code", flat=True)
    return done + sum(answers.destroy(code) for code in over.iterator())


def _limit(survey: Survey, today: date) -> date:
    rule = policies.rules().get(survey.kind)
    return today - timedelta(days=in_force(rule.kept_days, today) if rule else KEPT)
