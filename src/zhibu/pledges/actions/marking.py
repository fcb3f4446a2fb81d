"""The marks of a half-year: by oneself, by the Party group, by the branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.pledges import policies, queries
from zhibu.pledges.halves import Half
from zhibu.pledges.models import Mark, MarkLevel, MarkStage
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Given:
    """A mark as it is given: how far it was kept, and in words."""

    level: str
    words: str = ""


@transaction.atomic
def mark_self(
    actor: Actor, *, organisation: Organisation, person: int, given: Given, now: datetime, code: str = ""
) -> Half:
    """Hold what one has done in the half-year against what one promised. `code` names an earlier one, entered late."""
    half = _half(code, now)
    refuse_if(
        policies.may_mark_self(actor, organisation, person),
        _asked(organisation, half, {person: given}, now),
        _closed(organisation, half, MarkStage.SELF, [person], now),
    )
    _keep(organisation, half, MarkStage.SELF, {person: given}, now)
    write(actor, "pledges.mark_self", Person(pk=person), organisation=organisation, now=now, half=half.code)
    return half


@transaction.atomic
def mark_group(
    actor: Actor, *, group: Organisation, given: Mapping[int, Given], now: datetime, code: str = ""
) -> Half:
    """Enter what the Party group found of its members."""
    branch, half = group.parent, _half(code, now)
    if branch is None:
        raise ValueError(f"organisation {group.pk} is no Party group of a branch")
    refuse_if(
        policies.may_act(actor, policies.MARK_GROUP, group),
        policies.not_oneself(actor, given),
        _asked(branch, half, given, now, group),
        _closed(branch, half, MarkStage.GROUP, given, now),
    )
    _keep(branch, half, MarkStage.GROUP, given, now)
    write(
        actor, "pledges.mark_group", group, organisation=branch, now=now, half=half.code, people=sorted(given)
    )
    return half


@transaction.atomic
def mark_branch(
    actor: Actor, *, organisation: Organisation, given: Mapping[int, Given], now: datetime, code: str = ""
) -> Half:
    """Enter what the committee of the branch found; the member sees it at once."""
    half = _half(code, now)
    refuse_if(
        policies.may_act(actor, policies.MARK_BRANCH, organisation),
        policies.not_oneself(actor, given),
        _asked(organisation, half, given, now),
        _closed(organisation, half, MarkStage.BRANCH, given, now),
    )
    _keep(organisation, half, MarkStage.BRANCH, given, now)
    write(
        actor, "pledges.mark_branch", organisation, organisation=organisation, now=now, half=half.code,
        people=sorted(given),
    )  # fmt: skip
    return half


def _half(code: str, now: datetime) -> Half:
    half = queries.half_for(code, timezone.localtime(now).date())
    if half is None:
        raise Refused(
            Refusal(
                "pledges.no_such_half",
                _("这个半年现在不能评"),
                remedy=_("只评已经开评的半年，最早补到上一年"),
            )
        )
    return half


def _closed(
    branch: Organisation, half: Half, stage: MarkStage, people: Iterable[int], now: datetime
) -> Refusal | None:
    """Of an earlier half-year what is missing is entered late; what was given stays as it was."""
    if half == queries.asked_half(timezone.localtime(now).date()):
        return None
    given = Mark.objects.filter(
        organisation=branch, year=half.year, half=half.half, stage=stage, person__in=list(people)
    )
    if not given.exists():
        return None
    return Refusal(
        "pledges.half_closed",
        _("这个半年已经评过的不再改"),
        remedy=_("只补还没有评的；要说明的，写在现在这个半年里"),
    )


def _asked(
    branch: Organisation,
    half: Half,
    given: Mapping[int, Given],
    now: datetime,
    group: Organisation | None = None,
) -> Refusal | None:
    """Those who pledged before the half-year ended, and belong here; a level for each."""
    if not given:
        return Refusal("pledges.nothing_marked", _("还没有评"), remedy=_("请至少评一个人"))
    known = {each.person for each in queries.marked(branch, half, timezone.localtime(now).date(), group)}
    if not set(given) <= known:
        return Refusal(
            "pledges.not_asked",
            _("所选的人里有这个半年不评的"),
            remedy=_("只评半年内作了承诺、现在还在这里的党员"),
        )
    if any(each.level not in MarkLevel.values for each in given.values()):
        return Refusal(
            "pledges.no_level", _("请选评议结果"), remedy=_("全部做到、部分做到、差距较大，选一个")
        )
    return None


def _keep(
    branch: Organisation, half: Half, stage: MarkStage, given: Mapping[int, Given], now: datetime
) -> None:
    rows = Mark.objects.select_for_update().filter(
        organisation=branch, year=half.year, half=half.half, stage=stage, person__in=list(given)
    )
    found = {row.person_id: row for row in rows}
    for person, each in sorted(given.items()):
        row = found.get(person) or Mark(
            organisation=branch, person_id=person, year=half.year, half=half.half, stage=stage, version=0
        )
        row.level, row.words = each.level, each.words.strip()[:300]
        row.given_on, row.version = timezone.localtime(now).date(), row.version + 1
        row.save()
