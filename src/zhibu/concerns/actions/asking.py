"""A survey is opened, its slips are printed, it is answered without a name, or called off."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.concerns import answers, policies, slips
from zhibu.concerns.actions import checks
from zhibu.concerns.models import Audience, Survey, SurveyState
from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.core.norms.surveys import SurveyRule, in_force
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.core.snapshot import plain
from zhibu.record.writing import write
from zhibu.register.models import Organisation

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@transaction.atomic
def open_survey(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    audience: str,
    closes_on: date,
    now: datetime,
    slips_count: int = 0,
) -> Survey:
    """Open a survey about this quarter: what it asks, and how few are too few, is kept as the rulebook says today."""
    rule, today = _rule(kind), checks.local_day(now)
    covers_on = Quarter.of(today).first
    refuse_if(
        policies.may_act(actor, "concerns.open_survey", organisation),
        checks.is_a_branch(organisation, today),
        _in_time(rule, today, closes_on),
        _enough_slips(rule, today, slips_count),
        _first_of_the_quarter(organisation, kind, covers_on),
    )
    code = "".join(secrets.choice(ALPHABET) for _each in range(12))
    survey = Survey.objects.create(
        organisation=organisation, kind=rule.id, covers_on=covers_on, audience=Audience(audience), code=code,
        asked=plain(rule.questions), slips=slips_count, opens_on=today, closes_on=closes_on,
        fewest=in_force(rule.fewest, today), fewest_words=in_force(rule.fewest_words, today),
    )  # fmt: skip
    answers.make(code, rule.questions, (slips.digest(each) for each in slips.codes(code, slips_count)))
    write(
        actor, "concerns.open_survey", survey, organisation=organisation, now=now, kind=kind, audience=audience,
        closes_on=closes_on.isoformat(), slips=slips_count,
    )  # fmt: skip
    return survey


@transaction.atomic
def print_slips(actor: Actor, *, survey: Survey, now: datetime) -> list[str]:
    """The one-time codes, to be cut apart and drawn from a hat. That they were printed is recorded each time."""
    refuse_if(
        policies.may_act(actor, "concerns.print_slips", survey.organisation),
        checks.must_be(survey, SurveyState.OPEN),
        None
        if survey.slips
        else Refusal(
            "concerns.by_address", _("这份问卷凭网址填写，没有一次性卡片"), remedy=_("请打印二维码海报")
        ),
    )
    write(
        actor, "concerns.print_slips", survey, organisation=survey.organisation, now=now, slips=survey.slips
    )
    return slips.codes(survey.code, survey.slips)


@transaction.atomic
def cancel_survey(actor: Actor, *, survey: Survey, reason: str, now: datetime) -> Survey:
    """Call it off: what was answered is destroyed unread."""
    survey = Survey.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=survey.pk)
    refuse_if(
        policies.may_act(actor, "concerns.cancel_survey", survey.organisation),
        checks.must_be(survey, SurveyState.OPEN),
        checks.said(reason, "concerns.reason_needed", _("请写明为什么取消")),
    )
    survey.state, survey.ended_on = SurveyState.CANCELLED, checks.local_day(now)
    survey.save()
    write(
        actor, "concerns.cancel_survey", survey, organisation=survey.organisation, now=now,
        reason=reason.strip()[:200],
    )  # fmt: skip
    transaction.on_commit(lambda: answers.destroy(survey.code))
    return survey


def send_answer(
    *, survey: Survey, nonce: str, answer: Mapping[str, object], today: date, slip: str = ""
) -> answers.Outcome:
    """Put an answer into the box. Nobody acts: no entry, no row, no time. `nonce` is the form's own."""
    if survey.state != SurveyState.OPEN or today > survey.closes_on:
        return answers.Outcome.CLOSED
    return answers.put(survey.code, nonce, answer, slips.digest(slip) if survey.slips else "")


def _rule(kind: str) -> SurveyRule:
    rule = policies.rules().get(kind)
    if rule is None:
        raise Refused(Refusal("concerns.no_such_kind", _("规则集里没有这种问卷"), remedy=_("请重新选择")))
    return rule


def _in_time(rule: SurveyRule, today: date, closes_on: date) -> Refusal | None:
    longest = in_force(rule.longest_days, today)
    if 0 < (closes_on - today).days <= longest:
        return None
    return Refusal(
        "concerns.closes_when", _("截止日要在明天到 {n} 天之内"), {"n": longest},
        remedy=_("留出几天，让倒班、外出的人也能填"),
    )  # fmt: skip


def _enough_slips(rule: SurveyRule, today: date, number: int) -> Refusal | None:
    fewest = in_force(rule.fewest, today)
    if number == 0 or fewest <= number <= answers.MOST:
        return None
    return Refusal(
        "concerns.slips", _("一次性卡片要在 {low} 到 {high} 张之间"), {"low": fewest, "high": answers.MOST},
        remedy=_("不用卡片的，留空"),
    )  # fmt: skip


def _first_of_the_quarter(organisation: Organisation, kind: str, covers_on: date) -> Refusal | None:
    rows = Survey.objects.filter(organisation=organisation, kind=kind, covers_on=covers_on)
    if not rows.exclude(state=SurveyState.CANCELLED).exists():
        return None
    return Refusal(
        "concerns.one_a_quarter", _("本季度已经开过这份问卷"),
        remedy=_("同一批人少，两次结果一比就能猜出是谁；请等下个季度"),
    )  # fmt: skip
