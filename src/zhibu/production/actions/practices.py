"""Practices: written once, taken over with credit, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.production import policies
from zhibu.production.actions import checks
from zhibu.production.models import Practice, PracticeField
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def write_practice(
    actor: Actor,
    *,
    organisation: Organisation,
    field: str,
    title: str,
    problem: str,
    method: str,
    now: datetime,
    effect: str = "",
    shared: bool = True,
) -> Practice:
    """Write down what worked: which problem, how, with what effect. Shared ones are found by other branches."""
    refuse_if(
        policies.may_act(actor, "production.write_practice", organisation),
        checks.said(problem, "production.problem_needed", _("请写明解决什么问题")),
        checks.said(method, "production.method_needed", _("请写明怎么做")),
        checks.no_numbers(title, problem, method, effect),
    )
    return _written(
        actor, "production.write_practice", now, organisation=organisation, field=PracticeField(field), title=title,
        problem=problem, method=method, effect=effect, shared=int(shared),
    )  # fmt: skip


@transaction.atomic
def take_over(
    actor: Actor,
    *,
    organisation: Organisation,
    practice: Practice,
    method: str,
    now: datetime,
    effect: str = "",
) -> Practice:
    """Take a practice of another branch over, with how it is done here; where it comes from stands beside it."""
    refuse_if(
        policies.may_act(actor, "production.take_over", organisation),
        None
        if practice.organisation_id != organisation.pk
        else Refusal("production.own_practice", _("这是本支部自己的做法")),
        _stands(practice),
        None
        if not Practice.objects.filter(follows=practice, organisation=organisation, withdrawn=0).exists()
        else Refusal("production.taken_over_already", _("本支部已经借鉴过这个做法")),
        checks.said(method, "production.method_needed", _("请写明在本支部怎么做")),
        checks.no_numbers(method, effect),
    )
    return _written(
        actor, "production.take_over", now, organisation=organisation, field=practice.field, title=practice.title,
        problem=practice.problem, method=method, effect=effect, shared=1, follows=practice,
    )  # fmt: skip


@transaction.atomic
def withdraw_practice(actor: Actor, *, practice: Practice, now: datetime) -> Practice:
    """Take one's practice back: others find it no longer; whoever took it over keeps the credit."""
    practice = (
        Practice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=practice.pk)
    )
    refuse_if(
        policies.may_act(actor, "production.withdraw_practice", practice.organisation), _stands(practice)
    )
    practice.withdrawn, practice.version = 1, practice.version + 1
    practice.save()
    write(actor, "production.withdraw_practice", practice, organisation=practice.organisation, now=now)
    return practice


def _written(actor: Actor, act: str, now: datetime, **values: Any) -> Practice:
    texts = {"title": 80, "problem": 2000, "method": 4000, "effect": 2000}
    cut = {name: str(values[name]).strip()[:length] for name, length in texts.items()}
    practice = Practice(**{**values, **cut}, written_on=timezone.localtime(now).date())
    practice.save()
    write(
        actor, act, practice, organisation=practice.organisation, now=now, title=practice.title,
        field=str(practice.field), shared=bool(practice.shared), follows=practice.follows_id,
    )  # fmt: skip
    return practice


def _stands(practice: Practice) -> Refusal | None:
    return Refusal("production.withdrawn", _("这个做法已经撤回")) if practice.withdrawn else None
