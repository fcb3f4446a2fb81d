"""Study plans as they are proposed, read, and carried out; and whose turn it is to tutor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhibu.core.authority import Actor, may, may_for_self, ranges
from zhibu.core.calendar import Month
from zhibu.life.models import Session, SessionState
from zhibu.life.queries import in_force, roll
from zhibu.register.models import Organisation, Post, PostKind
from zhibu.study import limits
from zhibu.study.models import PlanWay, StudyPlan, StudyPlanItem, TutorTurn
from zhibu.study.told import Planned

MONTHS_AHEAD = 6
# what a month of study usually is: proposed, and changed at will
TOGETHER, LESSON, THEMED, ALONE = 120, 90, 60, 60
_CONTENT = {
    PlanWay.TOGETHER: _("学习党的创新理论和上级会议精神"),
    PlanWay.LESSON: _("党课"),
    PlanWay.THEMED_DAY: _("主题党日：联系岗位学用结合"),
    PlanWay.SELF_STUDY: _("自学党章党规和岗位业务"),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A month of a plan beside what was held: minutes planned together, minutes of study recorded in meetings."""

    month_on: date
    items: tuple[StudyPlanItem, ...]
    planned: int
    held: int


@dataclass(frozen=True, slots=True)
class LeadingGroup:
    """Who leads the study of a branch (requirements G6-02): the secretary, the deputy, the rest of the committee."""

    leader: str
    deputies: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who tutors in a month; `named` when somebody said so, else the next in order."""

    month_on: date
    person: int | None
    name: str
    topic: str
    named: bool


def proposed(year: int, *, alone: bool = False) -> list[Planned]:
    """A year of study that meets the hours of the rule: every month together, a lesson a quarter, themed days."""
    items = []
    for number in range(1, 13):
        month = date(year, number, 1)
        if alone:
            items.append(Planned(month, str(_CONTENT[PlanWay.SELF_STUDY]), PlanWay.SELF_STUDY, ALONE))
            continue
        items.append(Planned(month, str(_CONTENT[PlanWay.TOGETHER]), PlanWay.TOGETHER, TOGETHER))
        items.append(Planned(month, str(_CONTENT[PlanWay.THEMED_DAY]), PlanWay.THEMED_DAY, THEMED))
        if number % 3 == 2:
            items.append(Planned(month, str(_CONTENT[PlanWay.LESSON]), PlanWay.LESSON, LESSON))
    return items


def plans(actor: Actor, year: int) -> QuerySet[StudyPlan]:
    """Plans of a year one may see: of branches and groups in reach; personal ones only one's own and the agreed ones."""
    own = Q(person_id=actor.person) if actor.person is not None else Q(pk__in=())
    seen = Q(pk__in=())
    for low, end in ranges(actor, "study.view"):
        seen |= Q(person__isnull=True, organisation__path__gte=low, organisation__path__lt=end)
        seen |= Q(party_group__path__gte=low, party_group__path__lt=end)
    rows = StudyPlan.objects.filter(own | seen, year=year).select_related(
        "organisation", "party_group", "person"
    )
    return rows.order_by("organisation__path", "party_group__path", "person_id", "id")


def plan_for(actor: Actor, pk: int) -> StudyPlan:
    """One plan one may see, or 404."""
    year = StudyPlan.objects.filter(pk=pk).values_list("year", flat=True).first()
    found = plans(actor, year).filter(pk=pk).first() if year is not None else None
    if found is None:
        raise Http404(pk)
    return found


def item_for(actor: Actor, pk: int) -> StudyPlanItem:
    """One line of a plan one may see, or 404."""
    found = StudyPlanItem.objects.select_related("plan").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    plan_for(actor, found.plan_id)
    return found


def may_change(actor: Actor, verb: str, plan: StudyPlan) -> bool:
    """Whether the buttons of a plan are worth showing."""
    if plan.person_id is not None and plan.person_id == actor.person and may_for_self(actor, verb):
        return True
    if plan.party_group is not None and may(actor, verb, plan.party_group.path):
        return True
    return may(actor, verb, plan.organisation.path)


def carried_out(plan: StudyPlan) -> list[Carried]:
    """The plan month by month, beside the study that the meetings of its branch or group record."""
    by_month: dict[date, list[StudyPlanItem]] = defaultdict(list)
    for item in plan.items.order_by("month_on", "id"):
        by_month[item.month_on].append(item)
    held: dict[date, int] = defaultdict(int)
    if plan.person_id is None:
        rows = Session.objects.filter(
            organisation=plan.organisation_id, state=SessionState.CLOSED, study_minutes__gt=0,
            held_on__gte=date(plan.year, 1, 1), held_on__lte=date(plan.year, 12, 31),
        )  # fmt: skip
        if plan.party_group_id is not None:
            rows = rows.filter(party_group=plan.party_group_id)
        for day, minutes in rows.values_list("held_on", "study_minutes"):
            held[day.replace(day=1)] += minutes  # type: ignore[union-attr]
    alone = PlanWay.SELF_STUDY
    return [
        Carried(month, tuple(items), sum(item.minutes for item in items if item.way != alone), held[month])
        for month, items in sorted(by_month.items())
    ]


def of_this_month(organisation: Organisation, today: date) -> list[StudyPlanItem]:
    """What the adopted plan of a branch has for this month."""
    rows = StudyPlanItem.objects.filter(
        plan__organisation=organisation, plan__person__isnull=True, plan__party_group__isnull=True,
        plan__adopted_on__isnull=False, month_on=Month.of(today).first,
    )  # fmt: skip
    return list(rows.order_by("id"))


def tutors(organisation: Organisation, today: date, months: int = MONTHS_AHEAD) -> list[Turn]:
    """Who tutors in the months to come: who was named, else the committee in its order after whoever came last."""
    people = {each.person: each.name for each in roll(organisation, "committee_study", today)}
    first = Month.of(today)
    turns = {
        turn.month_on: turn
        for turn in TutorTurn.objects.filter(organisation=organisation, month_on__gte=first.first).select_related("person")
    }  # fmt: skip
    order = list(people)
    last = (
        TutorTurn.objects.filter(organisation=organisation, month_on__lt=first.first)
        .order_by("-month_on")
        .values_list("person_id", flat=True)
        .first()
    )
    at = order.index(last) if last in people else -1
    found, month = [], first
    for _each in range(months):
        turn = turns.get(month.first)
        if turn is not None:
            at = order.index(turn.person_id) if turn.person_id in people else at
            found.append(Turn(month.first, turn.person_id, turn.person.name, turn.topic, named=True))
        elif order:
            at = (at + 1) % len(order)
            found.append(Turn(month.first, order[at], people[order[at]], "", named=False))
        else:
            found.append(Turn(month.first, None, "", "", named=False))
        month = month.next()
    return found


def hours_planned(plan: StudyPlan) -> tuple[int, int]:
    """(minutes planned, minutes the rule asks of a member) of a plan's year."""
    day = date(plan.year, 12, 31)
    needed = limits.number("member_hours", day) * limits.number("minutes_per_hour", day)
    return sum(plan.items.exclude(way=PlanWay.SELF_STUDY).values_list("minutes", flat=True)), needed


def leading_group(plan: StudyPlan, today: date) -> LeadingGroup | None:
    """The group that leads the study of a branch, by the posts of a day: nobody appoints it anew when posts change.

    Of the plan of a Party group or of a person it is none, nor of a branch without a secretary.
    """
    if plan.person_id is not None or plan.party_group_id is not None:
        return None
    day = min(today, date(plan.year, 12, 31))
    rows = Post.objects.filter(in_force(day), organisation=plan.organisation_id, in_committee=1)
    names: dict[int, str] = {}
    kinds: dict[int, set[str]] = {}
    for person, name, kind in rows.order_by("person__initials", "person_id").values_list(
        "person_id", "person__name", "kind"
    ):
        names[person] = name
        kinds.setdefault(person, set()).add(kind)
    leader = next((each for each, held in kinds.items() if PostKind.SECRETARY in held), None)
    if leader is None:
        return None
    others = [each for each in names if each != leader]
    deputies = [each for each in others if PostKind.DEPUTY_SECRETARY in kinds[each]]
    return LeadingGroup(
        names[leader], tuple(names[each] for each in deputies),
        tuple(names[each] for each in others if each not in deputies),
    )  # fmt: skip
