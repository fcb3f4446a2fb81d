"""Acts on study plans and on whose turn it is to tutor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import actions as life
from zhibu.life.models import DocumentKind
from zhibu.life.queries import in_force
from zhibu.record.past import instant, take_back
from zhibu.record.writing import write
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Person
from zhibu.study import papers, policies, queries
from zhibu.study.models import PlanWay, StudyPlan, StudyPlanItem, TutorTurn
from zhibu.study.told import Planned

MOST_ITEMS = 120


@transaction.atomic
def draft_plan(
    actor: Actor,
    *,
    organisation: Organisation,
    year: int,
    items: Sequence[Planned],
    now: datetime,
    goal: str = "",
    party_group: Organisation | None = None,
    person: int | None = None,
) -> StudyPlan:
    """Begin the study plan of a year: of a branch, of one of its groups, or one's own."""
    place = party_group or organisation
    refuse_if(
        policies.may_act(actor, "study.draft_plan", place)
        if person is None
        else policies.for_oneself(actor, "study.draft_plan", person),
        _group_of(organisation, party_group),
        _member_of(organisation, person, timezone.localtime(now).date()),
        _once(organisation, year, party_group, person),
        *_lines(year, items),
    )
    plan = StudyPlan.objects.create(
        organisation=organisation,
        year=year,
        party_group=party_group,
        person_id=person,
        goal=goal.strip()[:300],
    )
    _put(plan, items, instant(now))
    write(actor, "study.draft_plan", plan, organisation=organisation, now=now, year=year, items=len(items))
    return plan


@transaction.atomic
def change_plan(
    actor: Actor, *, plan: StudyPlan, items: Sequence[Planned], version: int, now: datetime, goal: str = ""
) -> StudyPlan:
    """Change a plan; what has come of a line already stays with the line that says the same."""
    plan = _held(plan)
    refuse_if(
        _may(actor, "study.change_plan", plan),
        None
        if plan.version == version
        else Refusal("study.changed_meanwhile", _("您打开页面之后，计划已被别人修改"), remedy=_("请重新打开后再改")),
        *_lines(plan.year, items),
    )  # fmt: skip
    plan.goal, plan.version = goal.strip()[:300], plan.version + 1
    plan.save()
    _put(plan, items, instant(now))
    write(actor, "study.change_plan", plan, organisation=plan.organisation, now=now, items=len(items))
    return plan


@transaction.atomic
def adopt_plan(actor: Actor, *, plan: StudyPlan, now: datetime) -> StudyPlan:
    """Adopt a plan. That of a branch is filed as its study plan in the same act, so that nobody enters it twice."""
    plan = _held(plan)
    items = list(plan.items.order_by("month_on", "id"))
    refuse_if(
        _may(actor, "study.adopt_plan", plan),
        None if plan.adopted_on is None else Refusal("study.adopted", _("这份计划已经通过")),
        None
        if items
        else Refusal("study.plan_empty", _("计划里还没有内容"), remedy=_("先写明学什么、何时学")),
    )
    plan.adopted_on = timezone.localtime(now).date()
    plan.version += 1
    if plan.party_group_id is None and plan.person_id is None:
        leading = queries.leading_group(plan, plan.adopted_on)
        plan.document = life.file_document(
            actor, organisation=plan.organisation, kind=DocumentKind.STUDY_PLAN, covers_on=date(plan.year, 1, 1),
            title=papers.plan_title(plan), now=now, file=(f"{papers.plan_title(plan)}.docx", papers.plan_paper(plan, items, leading)),
        )  # fmt: skip
        # from here on its lines are evidence
        plan.items.update(organisation=plan.organisation, known_at=instant(now))
    plan.save()
    write(actor, "study.adopt_plan", plan, organisation=plan.organisation, now=now, year=plan.year)
    return plan


@transaction.atomic
def record_outcome(actor: Actor, *, item: StudyPlanItem, outcome: str, now: datetime) -> StudyPlanItem:
    """Say what came of a line of a plan: the third of content, time and effect."""
    item = StudyPlanItem.objects.select_for_update(of=("self",)).select_related("plan__organisation", "plan__party_group").get(pk=item.pk)  # fmt: skip
    refuse_if(
        _may(actor, "study.record_outcome", item.plan),
        None if item.plan.adopted_on else Refusal("study.not_adopted", _("计划通过之后再登记效果")),
        None if outcome.strip() else Refusal("study.outcome_needed", _("请写明效果")),
    )
    item.outcome, item.outcome_on = outcome.strip()[:300], item.outcome_on or timezone.localtime(now).date()
    item.known_at = instant(now)
    item.save()
    write(
        actor, "study.record_outcome", item, organisation=item.plan.organisation, now=now,
        month=item.month_on.isoformat()[:7],
    )  # fmt: skip
    return item


@transaction.atomic
def name_tutor(
    actor: Actor, *, organisation: Organisation, month_on: date, person: int, now: datetime, topic: str = ""
) -> TutorTurn:
    """Say who tutors the study of a month; the others follow in their order."""
    first = month_on.replace(day=1)
    refuse_if(
        policies.may_act(actor, "study.name_tutor", organisation),
        None
        if Membership.objects.filter(
            in_force(max(first, timezone.localtime(now).date())), organisation=organisation, person=person,
            stage__in=MEMBER_STAGES,
        ).exists()
        else Refusal("study.not_of_the_branch", _("此人不是本支部党员"), remedy=_("请在名册中选择")),
    )  # fmt: skip
    turn, _made = TutorTurn.objects.update_or_create(
        organisation=organisation,
        month_on=first,
        defaults={"person_id": person, "topic": topic.strip()[:120]},
    )
    name = Person.objects.values_list("name", flat=True).get(pk=person)
    write(
        actor,
        "study.name_tutor",
        turn,
        organisation=organisation,
        now=now,
        month=first.isoformat()[:7],
        name=name,
    )
    return turn


def _held(plan: StudyPlan) -> StudyPlan:
    return (
        StudyPlan.objects.select_for_update(of=("self",))
        .select_related("organisation", "party_group")
        .get(pk=plan.pk)
    )


def _may(actor: Actor, verb: str, plan: StudyPlan) -> Refusal | None:
    if plan.person_id is not None:
        return policies.for_oneself(actor, verb, plan.person_id)
    if plan.party_group is not None and may(actor, verb, plan.party_group.path):
        return None
    return policies.may_act(actor, verb, plan.organisation)


def _put(plan: StudyPlan, items: Sequence[Planned], known_at: int) -> None:
    """The lines anew; what came of a line stays with the one of the same month and content."""
    before = {(item.month_on, item.content): (item.outcome, item.outcome_on) for item in plan.items.all()}
    take_back(plan.items.all(), known_at)
    evidence = plan.adopted_on and plan.party_group_id is None and plan.person_id is None
    made = []
    for each in items:
        month_on, content = each.month_on.replace(day=1), each.content.strip()[:160]
        outcome, outcome_on = before.get((month_on, content), ("", None))
        made.append(
            StudyPlanItem(
                plan=plan,
                organisation_id=plan.organisation_id if evidence else None,
                known_at=known_at,
                month_on=month_on,
                content=content,
                way=PlanWay(each.way),
                minutes=each.minutes,
                effect=each.effect.strip()[:160],
                outcome=outcome,
                outcome_on=outcome_on,
            )
        )
    StudyPlanItem.objects.bulk_create(made)


def _lines(year: int, items: Sequence[Planned]) -> tuple[Refusal | None, ...]:
    wrong = next((item for item in items if item.month_on.year != year), None)
    return (
        None if len(items) <= MOST_ITEMS else Refusal("study.too_many", _("计划最多 {most} 条"), {"most": MOST_ITEMS}),
        None
        if wrong is None
        else Refusal("study.other_year", _("{month} 不在 {year} 年"), {"month": wrong.month_on.isoformat()[:7], "year": year}),
        None
        if all(item.content.strip() for item in items)
        else Refusal("study.what_needed", _("请写明学什么")),
    )  # fmt: skip


def _group_of(organisation: Organisation, group: Organisation | None) -> Refusal | None:
    if group is None or group.parent_id == organisation.pk:
        return None
    return Refusal("study.no_group_of_it", _("“{name}”不是本支部的党小组"), {"name": group.name})


def _member_of(organisation: Organisation, person: int | None, today: date) -> Refusal | None:
    rows = Membership.objects.filter(in_force(today), organisation=organisation, stage__in=MEMBER_STAGES)
    if person is None or rows.filter(person=person).exists():
        return None
    return Refusal("study.not_of_the_branch", _("此人不是本支部党员"), remedy=_("请在名册中选择"))


def _once(
    organisation: Organisation, year: int, group: Organisation | None, person: int | None
) -> Refusal | None:
    rows = StudyPlan.objects.filter(organisation=organisation, year=year, party_group=group)
    rows = rows.filter(person__isnull=True) if person is None else rows.filter(person_id=person)
    if not rows.exists():
        return None
    return Refusal(
        "study.planned", _("{year} 年的计划已经有了"), {"year": year}, remedy=_("请在原计划上修改")
    )
