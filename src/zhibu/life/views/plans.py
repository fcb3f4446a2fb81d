"""The plan of a year: the list of branches, one plan, its lines, the usual days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhibu.core.calendar import Quarter
from zhibu.life import actions, forms, kinds, plan_paper, policies, queries
from zhibu.life.models import SessionKind
from zhibu.life.planned import PlanState
from zhibu.life.views import reading
from zhibu.ui import clock, formats, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door

STATES = ("none", *PlanState.values)


@door("life.view")
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of a year; whoever has one branch only goes straight to its plan."""
    today = clock.today(request)
    year = number(request, "year") or today.year
    branches = queries.branches(request.actor, "life.view")
    wanted = number(request, "organisation")
    if wanted is None and len(branches) == 1:
        wanted = branches[0][0]
    if wanted is not None:
        organisation, _group = queries.place_for(request.actor, "life.view", wanted, None)
        found = queries.plan_of(organisation, year)
        if found is not None:
            return redirect("life:year_plan", found.pk)
        context = {
            "organisation": organisation, "year": year, "crumbs": [(organisation.name, None)],
            "may_draft": policies.may_act(request.actor, "life.draft_plan", organisation) is None
            and today.year <= year <= today.year + 1,
            "years": queries.years_with_plans(request.actor, today),
        }  # fmt: skip
        return render(request, "life/no_plan.html", context)
    asked = {"state": reading.word(request, "state", list(STATES)), "search": request.GET.get("q", "")[:60]}
    page = listing.page_of(request, queries.plans(request.actor, year, **asked))
    context = {
        "page": page,
        "rows": queries.with_plans(page, year),
        "year": year,
        "years": queries.years_with_plans(request.actor, today),
        "states": [("none", _("没有计划")), *PlanState.choices],
    }
    return render(request, "life/plans.html", context)


@door("life.draft_plan", once=True)
@require_POST
def draft_plan(request: HttpRequest) -> HttpResponse:
    """Draft the plan of a year from the rules."""
    year = number(request, "year") or clock.today(request).year
    organisation, _group = queries.place_for(
        request.actor, "life.draft_plan", number(request, "organisation"), None
    )
    plan = actions.draft_plan(request.actor, organisation=organisation, year=year, now=clock.now(request))
    messages.success(request, _("草案已按现行规则拟出，请逐项核对后提交支委会"))
    return redirect("life:year_plan", plan.pk)


@door("life.view")
def year_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: what is due, when, what stands against it, what became of it."""
    found, today = queries.plan_for(request.actor, pk), clock.today(request)
    quarter = reading.quarter(request)
    if quarter is not None and quarter.year != found.covers_on.year:
        quarter = None
    place, may = found.organisation, {}
    for verb in ("adjust_plan", "add_line", "adopt_plan", "refresh_plan", "plan", "set_recurring_day"):
        may[verb] = policies.may_act(request.actor, f"life.{verb}", place) is None
    context = {
        "plan": found,
        "sheet": queries.sheet(found, today, quarter),
        "quarter": quarter,
        "quarters": [Quarter(found.covers_on.year, number) for number in (1, 2, 3, 4)],
        "may": may,
        "may_adopt": may["adopt_plan"] and found.state == PlanState.DRAFT,
        "years": queries.years_with_plans(request.actor, today),
        "crumbs": [(place.name, None)],
    }
    return render(request, "life/year_plan.html", context)


@door("life.view")
def plan_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a document, of the year or of one quarter."""
    found, today = queries.plan_for(request.actor, pk), clock.today(request)
    quarter = reading.quarter(request)
    return plan_paper.document(queries.sheet(found, today, quarter), quarter)


@door("life.adjust_plan", once=True)
def adjust_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of a plan."""
    item = queries.item_for(request.actor, pk)
    form = forms.LineForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        actions.adjust_plan(request.actor, item=item, told=form.told(), now=clock.now(request))
        messages.success(request, _("计划已调整"))
        return redirect("life:year_plan", item.plan_id)
    clashes: list[Any] = []
    if item.kind and item.day and item.day >= clock.today(request):
        meant = queries.Meant(
            item.day, item.starts_at, item.kind, item.party_group_id, item.session_id, item.pk
        )
        clashes = queries.known(item.organisation, item.day, item.day).against(meant)
    context = {"form": form, "item": item, "clashes": clashes, "crumbs": [(item.organisation.name, None)]}
    return render(request, "life/adjust_plan.html", context)


@door("life.add_line", once=True)
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A line of the branch's own."""
    plan = queries.plan_for(request.actor, pk, "life.add_line")
    form = forms.NewLineForm(request.POST or None, kinds=queries.kind_choices())
    if request.method == "POST" and form.is_valid():
        actions.add_line(request.actor, plan=plan, now=clock.now(request), **form.line())
        messages.success(request, _("已列入计划"))
        return redirect("life:year_plan", plan.pk)
    context = {"form": form, "plan": plan, "crumbs": [(plan.organisation.name, None)]}
    return render(request, "life/add_line.html", context)


@door("life.refresh_plan", once=True)
@require_POST
def refresh_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what the rules ask today; of one quarter when the address names one."""
    plan = queries.plan_for(request.actor, pk, "life.refresh_plan")
    quarter = reading.quarter(request)
    first, last = (
        (quarter.first, quarter.last) if quarter else (plan.covers_on, date(plan.covers_on.year, 12, 31))
    )
    added = actions.refresh_plan(request.actor, plan=plan, first=first, last=last, now=clock.now(request))
    words = ngettext("补充了 %(n)d 项", "补充了 %(n)d 项", added) % {"n": added}
    messages.success(request, words if added else _("计划已经齐全，没有要补充的"))
    return redirect("life:year_plan", plan.pk)


@door("life.adopt_plan", once=True)
def adopt_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """That the committee adopted the plan."""
    plan = queries.plan_for(request.actor, pk, "life.adopt_plan")
    today = clock.today(request)
    form = forms.AdoptForm(request.POST or None, initial={"adopted_on": today, "aims": plan.aims})
    if request.method == "POST" and form.is_valid():
        _plan, cautions = actions.adopt_plan(
            request.actor, plan=plan, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("计划已通过，即为本年度工作计划"))
        for each in cautions:
            messages.warning(request, each.told())
        return redirect("life:year_plan", plan.pk)
    context = {
        "form": form,
        "plan": plan,
        "sheet": queries.sheet(plan, today),
        "crumbs": [(plan.organisation.name, None)],
    }
    return render(request, "life/adopt_plan.html", context)


@door("life.set_recurring_day", once=True)
def set_recurring_day(request: HttpRequest) -> HttpResponse:
    """The usual days of a branch; one of them at a time is changed."""
    organisation, group = queries.place_for(
        request.actor, "life.set_recurring_day", number(request, "organisation"), number(request, "group")
    )  # fmt: skip
    kind = SessionKind.GROUP_MEETING.value if group else reading.kind(request)
    usual = queries.usual_days(organisation)
    known = usual.get((kind, group.pk if group else None))
    initial = {} if known is None else {
        "week": known.recurring.week, "weekday": known.recurring.weekday, "starts_at": known.starts_at,
        "place": known.place,
    }  # fmt: skip
    form = forms.RecurringForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        moved = actions.set_recurring_day(
            request.actor, organisation=organisation, party_group=group, kind=kind, now=clock.now(request),
            **form.cleaned_data,
        )  # fmt: skip
        words = ngettext(
            "固定日已设定，计划中 %(n)d 次会议随之调整", "固定日已设定，计划中 %(n)d 次会议随之调整", moved
        )
        messages.success(request, words % {"n": moved})
        answer = redirect("life:set_recurring_day")
        answer["Location"] += f"?organisation={organisation.pk}&kind={kind}" + (
            f"&group={group.pk}" if group else ""
        )
        return answer
    context = {
        "form": form, "organisation": organisation, "party_group": group, "kind": kind, "known": known,
        "kind_label": kinds.title(kind), "rows": _usual_rows(request, organisation, usual),
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/set_recurring_day.html", context)


def _usual_rows(request: HttpRequest, organisation: Any, usual: Any) -> list[dict[str, Any]]:
    """Every kind, and each Party group for its meetings, with the usual day in words and the next one."""
    today = clock.today(request)
    branch = policies.may_act(request.actor, "life.set_recurring_day", organisation) is None
    places: list[tuple[str, str, Any]] = [
        (kind, label, None) for kind, label in queries.kind_choices() if kind not in queries.of_group()
    ]
    places = places if branch else []
    places += [
        (SessionKind.GROUP_MEETING.value, f"{kinds.title(SessionKind.GROUP_MEETING)} · {each.name}", each)
        for each in queries.group_choices(organisation, today)
        if branch or policies.may_act(request.actor, "life.set_recurring_day", each) is None
    ]
    rows = []
    for kind, label, group in places:
        found = usual.get((kind, group.pk if group else None))
        ahead = (
            None if found is None else next(found.recurring.between(today, today + timedelta(days=62)), None)
        )
        rows.append({
            "kind": kind, "label": label, "group": group.pk if group else "", "known": found, "next": ahead,
            "words": "" if found is None else formats.recurring(found.recurring.week, found.recurring.weekday),
        })  # fmt: skip
    return rows
