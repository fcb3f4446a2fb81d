"""Whom an appointment is about: the people a step names, or those an election made."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.norms.procedures import Effect
from zhibu.core.procedure import Standing, Taken
from zhibu.core.refusal import Refusal, Refused
from zhibu.core.tally import count, vote_from
from zhibu.register.models import Membership, Organisation, Person


def people(standing: Standing, taken: Taken, effect: Effect, place: Organisation) -> list[Person]:
    """Those an appointment names: an argument `person` or `people`, else the people of the step, else the elected."""
    path = effect.arguments.get("person") or effect.arguments.get("people") or ""
    found = _named(standing, taken, path) if path else _of_step(standing, taken)
    ids = [each for each in found if isinstance(each, int)]
    names = [each for each in found if isinstance(each, str)]
    rows = list(Person.objects.filter(pk__in=ids)) + [_of_name(name, place) for name in names]
    if not rows:
        raise Refused(
            Refusal(
                "procedures.nobody_to_appoint", _("没有写明任职的人"), remedy=_("请选择人选或填写选举结果")
            )
        )
    return rows


def _named(standing: Standing, taken: Taken, path: str) -> list[Any]:
    step, _dot, key = path.partition(".")
    if path in standing.plan.steps or key in ("people", "elected"):
        done = taken if standing.plan.steps[step].id == taken.step else standing.done.get(step)
        return _of_step(standing, done) if done else []
    value = standing.value(path, taken)
    return [] if value in (None, "") else [int(str(value)) if str(value).isdigit() else value]


def _of_step(standing: Standing, taken: Taken) -> list[Any]:
    if taken.people:
        return [each.person or each.name for each in taken.people]
    step = standing.plan.steps[taken.step]
    rule = rulebook.load().votes.get(step.vote) if step.vote else None
    row = rule.row_on(taken.on) if rule else None
    if rule is None or row is None or taken.vote is None:
        return []
    return list(count(rule, taken.on, vote_from(taken.vote, row, rule.kind)).elected)


def _of_name(name: str, place: Organisation) -> Person:
    spells = Membership.objects.filter(organisation=place, until=None, person__name=name).select_related(
        "person"
    )
    found = {each.person_id: each.person for each in spells}
    if len(found) != 1:
        raise Refused(
            Refusal(
                "procedures.name_unclear", _("名册中有 {count} 个“{name}”，不能确定任职的人"),
                {"count": len(found), "name": name}, remedy=_("请核对姓名"),
            )
        )  # fmt: skip
    return next(iter(found.values()))
