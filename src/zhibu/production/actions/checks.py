"""Why an act of this room is refused, each reason by itself."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal
from zhibu.register.models import Membership, Organisation


def said(text: str, code: str, message: str) -> Refusal | None:
    """Something was written."""
    return None if text.strip() else Refusal(code, message)


def in_order(opens_on: date, closes_on: date) -> Refusal | None:
    """It ends on or after the day it begins."""
    if closes_on >= opens_on:
        return None
    return Refusal("production.ends_before_it_begins", _("结束日期早于开始日期"), remedy=_("请核对日期"))


def no_person(organisation: Organisation, names: list[str]) -> Refusal | None:
    """Teams compete, people do not: the name of a member of the branch is no team."""
    spells = Membership.objects.filter(organisation=organisation, until__isnull=True, person__name__in=names)
    named = spells.values_list("person__name", flat=True).first()
    if named is None:
        return None
    return Refusal(
        "production.team_is_a_person", _("“{name}”是本支部的人，竞赛只比集体，不给个人排名"), {"name": named},
        remedy=_("请写班组、科室、突击队的名称"),
    )  # fmt: skip
