"""Someone undertakes something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms import UndertakingKind
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.identity import NUMBERS_WITHIN
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.undertakings import policies, queries
from zhibu.undertakings.actions.steps import local_day, said
from zhibu.undertakings.models import Helper, Step, StepKind, Undertaking
from zhibu.undertakings.told import LONGEST, Undertaken


@transaction.atomic
def undertake(
    actor: Actor,
    *,
    organisation: Organisation,
    what: Undertaken,
    now: datetime,
    party_group: Organisation | None = None,
) -> Undertaking:
    """Open an undertaking of a kind of the rulebook: its visibility and term are those of the rule on this day."""
    kind = policies.kinds().get(what.kind)
    if kind is None:
        raise Refused(
            Refusal("undertakings.no_such_kind", _("规则集里没有这类事项"), remedy=_("请重新选择类别"))
        )
    today = local_day(now)
    refuse_if(
        policies.may_undertake(actor, kind, party_group or organisation, what.owner),
        _of_a_branch(organisation, party_group),
        said(what.text, "undertakings.text_needed", _("请写明要办什么")),
        _answers(kind, what),
        _concerns(kind, what),
        _has_a_term(kind, what.due_on, today),
        _of_this_branch(organisation, what, today),
        alone(kind, what.helpers),
    )
    row = Undertaking.objects.create(
        organisation=organisation, party_group=party_group, kind=kind.id, visibility=kind.sight.value,
        text=what.text.strip()[:LONGEST], problem=what.problem.strip()[:300], resolution=what.resolution.strip(),
        owner_id=what.owner, about_id=what.about, whom=what.whom.strip()[:20], keeper_id=actor.person, source=what.source.kind,
        source_id=what.source.id, source_told=what.source.told[:200], opened_on=today, due_on=what.due_on,
        first_due_on=what.due_on, known_at=instant(now),
    )  # fmt: skip
    helpers = dict.fromkeys(each for each in what.helpers if each != what.owner)
    Helper.objects.bulk_create(Helper(undertaking=row, person_id=each) for each in helpers)
    Step.objects.create(undertaking=row, kind=StepKind.OPENED, taken_on=today, by_name=actor.name[:60])
    write(
        actor, "undertakings.undertake", row, organisation=organisation, now=now, kind=row.kind,
        due_on=row.due_on.isoformat() if row.due_on else None, source=row.source, source_id=row.source_id,
    )  # fmt: skip
    return row


def _of_a_branch(organisation: Organisation, party_group: Organisation | None) -> Refusal | None:
    fits = party_group is None or party_group.parent_id == organisation.pk
    if organisation.kind in BRANCH_KINDS and fits and organisation.closed_on is None:
        return None
    return Refusal(
        "undertakings.not_a_branch", _("“{name}”不是正在活动的党支部"), {"name": organisation.name},
        remedy=_("请选择党支部"),
    )  # fmt: skip


def _answers(kind: UndertakingKind, what: Undertaken) -> Refusal | None:
    if not kind.answers_problem or what.problem.strip() or what.source.kind:
        return None
    return Refusal(
        "undertakings.problem_needed",
        _("这类事项要写明是什么问题"),
        remedy=_("写一句：在哪里、是什么、有什么影响"),
    )


def _concerns(kind: UndertakingKind, what: Undertaken) -> Refusal | None:
    whom = what.whom.strip()
    if whom and (not kind.outside or what.about is not None):
        return Refusal(
            "undertakings.whom",
            _("这类事项的当事人从名册里选"),
            remedy=_("不在名册上的人，只有走访、帮扶、人才联系可以只写称呼"),
        )
    if kind.about_person and what.about is None and not whom:
        return Refusal(
            "undertakings.person_needed", _("这类事项要写明是谁的事"), remedy=_("请选择当事人，或写称呼")
        )
    if whom and NUMBERS_WITHIN.search(f"{whom} {what.text}"):
        return Refusal(
            "undertakings.numbers",
            _("内容里有身份证号或手机号码"),
            remedy=_("只写称呼和要办的事，请删去号码"),
        )
    return None


def _has_a_term(kind: UndertakingKind, due_on: date | None, today: date) -> Refusal | None:
    if due_on is None and kind.due_needed:
        return Refusal(
            "undertakings.due_needed", _("请写明何时办结"), remedy=_("选一个日期；办不完可以延期并说明")
        )
    if due_on is not None and due_on < today:
        return Refusal(
            "undertakings.due_past", _("办结期限 {day} 已经过去"), {"day": due_on.isoformat()},
            remedy=_("期限从今天起算；已经办完的，立项后直接报告办结"),
        )  # fmt: skip
    return None


def alone(kind: UndertakingKind | None, helpers: Sequence[int]) -> Refusal | None:
    """Some kinds have no helpers: the fewer know of it the better."""
    if kind is None or not kind.alone or not helpers:
        return None
    return Refusal("undertakings.alone", _("这类事项不设协办人"), remedy=_("知道的人越少越好；请删去协办人"))


def _of_this_branch(organisation: Organisation, what: Undertaken, today: date) -> Refusal | None:
    """Owner and helpers belong to the branch or hold a post in it; care may also be about someone of the register."""
    known = {person for person, *_rest in queries.people(organisation, today)}
    asked = {what.owner, *what.helpers, *([what.about] if what.about is not None else [])}
    if asked <= known:
        return None
    return Refusal(
        "undertakings.not_of_the_branch", _("责任人、协办人要是本支部的人"), remedy=_("请从名单里选择")
    )
