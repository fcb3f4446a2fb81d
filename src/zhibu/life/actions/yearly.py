"""The plan of a year: drafted from the rules, adjusted, adopted by the committee; and the usual days it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.refusal import Caution, Refusal, refuse_if
from zhibu.life import kinds, policies, queries
from zhibu.life.actions import checks
from zhibu.life.planned import Plan, PlanItem, PlanState, RecurringDay
from zhibu.life.told import Arranged
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def draft_plan(actor: Actor, *, organisation: Organisation, year: int, now: datetime) -> Plan:
    """Draft the plan of a year: what the rules in force ask of the branch from today on, on its usual days."""
    today = checks.local_day(now)
    first, last = date(year, 1, 1), date(year, 12, 31)
    refuse_if(
        policies.may_act(actor, "life.draft_plan", organisation),
        checks.is_a_branch(organisation),
        _year_is_plannable(year, today),
        _only_one(organisation, year),
    )
    known_at = instant(now)
    plan = Plan.objects.create(
        organisation=organisation, covers_on=first, title=f"{year}年支部工作计划", drafted_on=today,
        rules=rulebook.load().digest, known_at=known_at,
    )  # fmt: skip
    begins = max(first, today, organisation.founded_on or first)
    lines = _add(plan, queries.proposed(organisation, begins, last))
    write(actor, "life.draft_plan", plan, organisation=organisation, now=now, year=year, lines=lines)
    return plan


def _year_is_plannable(year: int, today: date) -> Refusal | None:
    if today.year <= year <= today.year + 1:
        return None
    return Refusal(
        code="life.year_not_plannable",
        message=_("只能制定本年或下一年的计划"),
        remedy=_("往年的计划请在“材料”中归档"),
    )


def _only_one(organisation: Organisation, year: int) -> Refusal | None:
    if queries.plan_of(organisation, year) is None:
        return None
    return Refusal(
        code="life.plan_exists",
        message=_("{year} 年的计划已经有了"),
        params={"year": year},
        remedy=_("请打开它调整；规则变化后用“按现行规则补充”"),
    )


def _add(plan: Plan, lines: Iterable[queries.Proposed]) -> int:
    made = PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan, organisation_id=plan.organisation_id, party_group=each.party_group, kind=each.kind,
            title=each.title[:160], standard=each.standard, part=each.part, cadence=each.cadence, must=int(each.must),
            from_on=each.from_on, until_on=each.until_on, day=each.day, starts_at=each.starts_at, place=each.place,
            session_id=each.session,
        )
        for each in lines
    )  # fmt: skip
    return len(made)


@transaction.atomic
def refresh_plan(actor: Actor, *, plan: Plan, first: date, last: date, now: datetime) -> int:
    """Add what the rules in force today ask for within some days (a quarter) and the plan does not hold yet.

    Lines that stand are left as they are, dropped ones too. Returns how many were added.
    """
    plan = _locked(plan)
    today, end = checks.local_day(now), date(plan.covers_on.year, 12, 31)
    refuse_if(policies.may_act(actor, "life.refresh_plan", plan.organisation))
    asked = queries.proposed(plan.organisation, max(plan.covers_on, today), end)
    standing = [_place(each) for each in plan.items.all()]
    missing = []
    for each in asked:
        group = each.party_group.pk if each.party_group else None
        key = (each.kind, group, "" if each.kind else each.standard, "" if each.kind else each.part)
        # a line begun earlier reaches into the same window
        same = next(
            (one for one in standing if one[0] == key and (not each.kind or one[1] == each.until_on)), None
        )
        if same is not None:
            standing.remove(same)
        elif each.until_on >= first and each.from_on <= last:
            missing.append(each)
    added = _add(plan, missing)
    plan.rules = rulebook.load().digest
    _bump(plan)
    write(actor, "life.refresh_plan", plan, organisation=plan.organisation, now=now, added=added)
    return added


def _place(item: PlanItem) -> tuple[tuple[str, int | None, str, str], date]:
    named = ("", "") if item.kind else (item.standard, item.part)
    return (item.kind, item.party_group_id, *named), item.until_on


@transaction.atomic
def adjust_plan(actor: Actor, *, item: PlanItem, told: Arranged, now: datetime) -> PlanItem:
    """Change a line of a plan: its day, hour, place, words; or drop it with a reason. Adopted plans, too."""
    plan = _locked(item.plan)
    item = PlanItem.objects.select_related("party_group").get(pk=item.pk)
    refuse_if(
        policies.may_act(actor, "life.adjust_plan", item.party_group or plan.organisation),
        _within(item, told.day),
        _reason_for(item, told),
    )
    before = (item.day, item.dropped)
    item.title, item.day, item.starts_at = told.title.strip()[:160] or item.title, told.day, told.starts_at
    item.place, item.dropped = told.place.strip()[:80], int(told.dropped)
    item.reason = told.reason.strip()[:200] if told.dropped else ""
    item.save()
    _bump(plan)
    write(
        actor, "life.adjust_plan", plan, organisation=plan.organisation, now=now, line=item.title,
        day=item.day.isoformat() if item.day else None, before=before[0].isoformat() if before[0] else None,
        dropped=bool(item.dropped), reason=item.reason,
    )  # fmt: skip
    return item


def _within(item: PlanItem, day: date | None) -> Refusal | None:
    if day is None or item.from_on <= day <= item.until_on:
        return None
    return Refusal(
        code="life.outside_its_time",
        message=_("{day} 不在应开的期间内（{first} 至 {last}）"),
        params={"day": day.isoformat(), "first": item.from_on.isoformat(), "last": item.until_on.isoformat()},
        remedy=_("换一个期间内的日子；不开的请选“不安排”并写明原因"),
    )


def _reason_for(item: PlanItem, told: Arranged) -> Refusal | None:
    if not told.dropped or told.reason.strip():
        return None
    return Refusal(code="life.reason_needed", message=_("不安排要写明原因"))


@transaction.atomic
def add_line(
    actor: Actor,
    *,
    plan: Plan,
    told: Arranged,
    kind: str,
    party_group: Organisation | None,
    until_on: date,
    now: datetime,
) -> PlanItem:
    """Add a line of the branch's own to a plan: a meeting of a kind, or work (no kind) to be done by a day."""
    plan = _locked(plan)
    last = date(plan.covers_on.year, 12, 31)
    day = told.day
    refuse_if(
        policies.may_act(actor, "life.add_line", party_group or plan.organisation),
        None if plan.covers_on <= until_on <= last else Refusal(
            code="life.outside_its_time",
            message=_("{day} 不在计划的年度内"),
            params={"day": until_on.isoformat()},
        ),
    )  # fmt: skip
    item = PlanItem.objects.create(
        plan=plan, organisation_id=plan.organisation_id, party_group=party_group, kind=kind,
        title=told.title.strip()[:160] or kinds.title_zh(kind), from_on=plan.covers_on,
        until_on=until_on, day=day, starts_at=told.starts_at, place=told.place.strip()[:80],
    )  # fmt: skip
    _bump(plan)
    write(
        actor, "life.add_line", plan, organisation=plan.organisation, now=now, line=item.title,
        day=day.isoformat() if day else None,
    )  # fmt: skip
    return item


@transaction.atomic
def adopt_plan(
    actor: Actor, *, plan: Plan, adopted_on: date, aims: str, now: datetime
) -> tuple[Plan, tuple[Refusal, ...]]:
    """The committee adopted the plan on a day: from now on it is the branch's plan of the year, and counts as it.

    Returns cautions, too: what a rule says must be held and the plan drops.
    """
    plan = _locked(plan)
    today = checks.local_day(now)
    cautions = refuse_if(
        policies.may_act(actor, "life.adopt_plan", plan.organisation),
        None if plan.state == PlanState.DRAFT else Refusal(
            code="life.plan_adopted", message=_("计划已经通过"), remedy=_("之后的变动用“调整”，会留下记录")
        ),
        None if plan.items.filter(dropped=0).exists() else Refusal(
            code="life.plan_empty", message=_("计划里还没有任何安排")
        ),
        None if adopted_on <= today else Refusal(
            code="life.in_the_future", message=_("{day} 还没有到"), params={"day": adopted_on.isoformat()},
            remedy=_("支委会通过之后再登记"),
        ),
        _dropped_against_a_rule(plan),
    )  # fmt: skip
    plan.state, plan.adopted_on, plan.adopted_by = PlanState.ADOPTED, adopted_on, actor.name[:60]
    plan.aims = aims.strip()
    plan.known_at = instant(now)
    _bump(plan)
    write(
        actor, "life.adopt_plan", plan, organisation=plan.organisation, now=now,
        adopted_on=adopted_on.isoformat(), lines=plan.items.filter(dropped=0).count(),
        cautions=[each.code for each in cautions],
    )  # fmt: skip
    return plan, cautions


def _dropped_against_a_rule(plan: Plan) -> Refusal | None:
    dropped = plan.items.filter(dropped=1, must=1).count()
    if not dropped:
        return None
    return Caution(
        code="life.dropped_against_a_rule",
        message=_("有 {count} 项规定必须做的没有安排"),
        params={"count": dropped},
        remedy=_("原因已写在计划里，考核仍按规定计算"),
    )


@transaction.atomic
def set_recurring_day(
    actor: Actor, *, organisation: Organisation, kind: str, week: int | None, weekday: int, now: datetime,
    party_group: Organisation | None = None, starts_at: time | None = None, place: str = "",
) -> int:  # fmt: skip
    """Set the usual day of a kind of meeting (none with `week` None), and move the plan's lines that are still open.

    Returns how many lines were moved: those of this year's and the next year's plan from tomorrow on that no meeting
    was made of.
    """
    refuse_if(
        policies.may_act(actor, "life.set_recurring_day", party_group or organisation),
        checks.is_a_branch(organisation),
    )
    mine = {"organisation": organisation, "party_group": party_group, "kind": kind}
    RecurringDay.objects.filter(**mine).delete()
    moved = 0
    if week is not None:
        RecurringDay.objects.create(
            **mine, week=week, weekday=weekday, starts_at=starts_at, place=place.strip()[:80]
        )
        moved = _move(organisation, kind, party_group, checks.local_day(now), starts_at, place.strip()[:80])
    write(
        actor, "life.set_recurring_day", ("zb_organisation", organisation.pk), organisation=organisation, now=now,
        kind=kind, week=week, weekday=weekday, hour=starts_at.isoformat("minutes") if starts_at else None, moved=moved,
    )  # fmt: skip
    return moved


def _move(
    organisation: Organisation,
    kind: str,
    group: Organisation | None,
    today: date,
    starts_at: time | None,
    place: str,
) -> int:
    tomorrow = today + timedelta(days=1)
    lines = PlanItem.objects.filter(
        organisation=organisation, kind=kind, party_group=group, session__isnull=True, dropped=0,
        until_on__gte=tomorrow,
    )  # fmt: skip
    moved = 0
    for line in lines:
        first = max(line.from_on, tomorrow)
        day = queries.placed(organisation, kind, group.pk if group else None, first, line.until_on)
        if day is not None and (line.day is None or line.day >= tomorrow):
            line.day, line.starts_at, line.place = day, starts_at, place or line.place
            moved += 1
            line.save(update_fields=["day", "starts_at", "place"])
    return moved


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)


def _bump(plan: Plan) -> None:
    plan.version += 1
    plan.save()
