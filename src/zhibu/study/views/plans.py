"""Study plans, and whose turn it is to tutor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.life.queries import groups, roll
from zhibu.register.models import Organisation
from zhibu.study import actions, forms, policies, queries
from zhibu.study.models import StudyPlan
from zhibu.study.views import asked
from zhibu.ui import clock, listing
from zhibu.ui.asked import version
from zhibu.ui.doors import door

CHANGE = "study.change_plan"


@door("study.view")
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of a year."""
    today, actor = clock.today(request), request.actor
    year = asked.year(request, today.year)
    own = actor.person is not None and queries.home_of(actor.person, today) is not None
    context = {
        "page": listing.page_of(request, queries.plans(actor, year)), "year": year,
        "years": [today.year + 1, today.year, today.year - 1],
        "may_draft": policies.holds_elsewhere(actor, "study.draft_plan"),
        "may_draft_own": own and policies.for_oneself(actor, "study.draft_plan", actor.person or 0) is None,
        "may_keep_hours": policies.holds_anywhere(actor, "study.record_training"),
    }  # fmt: skip
    return render(request, "study/plans.html", context)


@door("study.view")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: content, time, effect, month by month, beside what was held."""
    found = queries.plan_for(request.actor, pk)
    planned, needed = queries.hours_planned(found)
    context = {
        "plan": found, "leading": queries.leading_group(found, clock.today(request)), "months": queries.carried_out(found), "planned": planned, "needed": needed,
        "may_change": queries.may_change(request.actor, CHANGE, found),
        "this_month": clock.today(request).replace(day=1), "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "study/plan.html", context)


@door("study.draft_plan", once=True)
def draft_plan(request: HttpRequest) -> HttpResponse:
    """Begin a plan: proposed from the rules, changed at will."""
    today, actor = clock.today(request), request.actor
    year = asked.year(request, today.year)
    place = _place(request, today)
    goal, items = _forms(request, queries.proposed(year, alone=place["person"] is not None))
    if request.method == "POST" and goal.is_valid() and items.is_valid():
        made = actions.draft_plan(
            actor, year=year, goal=goal.cleaned_data["goal"], items=forms.items_of(items, year),
            now=clock.now(request), **place,
        )  # fmt: skip
        messages.success(request, _("计划已起草"))
        return redirect("study:plan", made.pk)
    context = {
        "goal": goal, "items": items, "year": year, "years": [today.year, today.year + 1],
        "title": _("起草学习计划"), "of": _whose(place), **_choices(request, place, today),
    }  # fmt: skip
    return render(request, "study/plan_form.html", context)


@door(CHANGE, once=True)
def change_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan."""
    found = queries.plan_for(request.actor, pk)
    goal, items = _forms(request, list(found.items.order_by("month_on", "id")), found.goal)
    if request.method == "POST" and goal.is_valid() and items.is_valid():
        actions.change_plan(
            request.actor, plan=found, goal=goal.cleaned_data["goal"],
            items=forms.items_of(items, found.year), now=clock.now(request),
            version=version(request) or found.version,
        )  # fmt: skip
        messages.success(request, _("计划已修改"))
        return redirect("study:plan", pk)
    context = {
        "goal": goal, "items": items, "plan": found, "year": found.year, "title": _("修改学习计划"),
        "of": whose(found),
    }  # fmt: skip
    return render(request, "study/plan_form.html", context)


@require_POST
@door("study.adopt_plan", once=True)
def adopt_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt a plan; that of a branch is filed."""
    found = queries.plan_for(request.actor, pk)
    found = actions.adopt_plan(request.actor, plan=found, now=clock.now(request))
    messages.success(request, _("计划已通过并归档") if found.document_id else _("计划已通过"))
    return redirect("study:plan", pk)


@door("study.record_outcome", once=True)
def record_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of a line."""
    item = queries.item_for(request.actor, pk)
    form = forms.OutcomeForm(request.POST or None, initial={"outcome": item.outcome})
    if request.method == "POST" and form.is_valid():
        actions.record_outcome(request.actor, item=item, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("效果已登记"))
        return redirect("study:plan", item.plan_id)
    context = {
        "form": form, "title": _("登记学习效果"), "note": item.content, "button": _("登记"),
        "back": "study:plan", "back_to": item.plan_id,
    }  # fmt: skip
    return render(request, "study/act.html", context)


@door("study.name_tutor", once=True)
def name_tutor(request: HttpRequest) -> HttpResponse:
    """Say who tutors in a month."""
    today, verb = clock.today(request), "study.name_tutor"
    organisation = queries.place_for(
        request.actor, verb, asked.number(request, "organisation"), branches=True
    )
    turns = queries.tutors(organisation, today)
    wanted = request.GET.get("month", "")
    turn = next((each for each in turns if each.month_on.isoformat()[:7] == wanted), turns[0])
    people = [each.choice for each in roll(organisation, "general_meeting", today)]
    initial = {"person": turn.person, "topic": turn.topic}
    form = forms.TutorForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.name_tutor(
            request.actor, organisation=organisation, month_on=turn.month_on, now=clock.now(request),
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("辅导人已安排"))
        return redirect("study:branch_hours")
    context = {
        "form": form, "title": _("安排辅导"), "button": _("确定"), "month": turn.month_on,
        "organisation": organisation, "back": "study:branch_hours", "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "study/act.html", context)


def whose(plan: StudyPlan) -> str:
    """Whose plan it is."""
    if plan.person is not None:
        return plan.person.name
    return plan.party_group.name if plan.party_group else plan.organisation.name


def _forms(request: HttpRequest, items: Any, goal: str = "") -> tuple[forms.GoalForm, Any]:
    data = request.POST or None
    return (
        forms.GoalForm(data, initial={"goal": goal}),
        forms.ItemForms(data, initial=forms.initial_of(items), prefix="items"),
    )


def _place(request: HttpRequest, today: date) -> dict[str, Any]:
    """Of whom the plan is: of oneself, of a Party group, of a branch."""
    actor = request.actor
    if request.GET.get("of") == "me":
        home = queries.home_of(actor.person, today)
        if home is None or policies.for_oneself(actor, "study.draft_plan", actor.person or 0):
            raise Http404
        return {"organisation": home, "party_group": None, "person": actor.person}
    group = asked.number(request, "group")
    branch = asked.number(request, "organisation")
    organisation, party_group = queries.branch_or_group(actor, "study.draft_plan", branch, group)
    return {"organisation": organisation, "party_group": party_group, "person": None}


def _choices(request: HttpRequest, place: dict[str, Any], today: date) -> dict[str, Any]:
    if place["person"] is not None:
        return {}
    organisation: Organisation = place["organisation"]
    return {
        "organisation": organisation,
        "party_group": place["party_group"],
        "groups": groups(organisation, today),
        "places": queries.places(request.actor, "study.draft_plan", branches=True),
    }


def _whose(place: dict[str, Any]) -> str:
    if place["person"] is not None:
        return str(_("我的个人计划"))
    return str((place["party_group"] or place["organisation"]).name)
