"""The plan is given, a zone drawn, looked at, ended, shown: each page one form, one act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.pledges import actions, forms, policies, queries
from zhibu.pledges.models import Zone
from zhibu.pledges.views.reading import here
from zhibu.pledges.views.zones import of_zones
from zhibu.record.models import Attachment
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door
from zhibu.undertakings import queries as undertakings


@door(policies.SET_PLAN, once=True)
def set_plan(request: HttpRequest) -> HttpResponse:
    """One plan more; with `plan` another picture of that one."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.SET_PLAN)
    plans = queries.plans_of(branch)
    before = next((each for each in plans if each.pk == number(request, "plan")), None)
    initial = {"title": queries.title_of(before) if before else "" if plans else _("平面图")}
    form = forms.PlanForm(
        request.POST or None, request.FILES or None, replaces=before is not None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        actions.set_plan(
            request.actor, organisation=branch, title=initial["title"] if before else values["title"],
            content=values["file"].read(), now=clock.now(request), keep=values.get("keep", False),
        )  # fmt: skip
        messages.success(request, _("平面图已上传"))
        return redirect(of_branch("pledges:zones", branch.pk))
    context = here(request, branch) | {"form": form, "before": before, "title": initial["title"]}
    return render(request, "pledges/set_plan.html", context)


@door(policies.REMOVE_PLAN, once=True)
@require_POST
def remove_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan is used no more."""
    branch, plan = queries.plan_for(request.actor, pk, policies.REMOVE_PLAN)
    actions.remove_plan(request.actor, organisation=branch, plan=plan.pk, now=clock.now(request))
    messages.success(request, _("平面图已撤下，上面的责任区保留，位置待重新划"))
    return redirect(of_branch("pledges:zones", branch.pk))


@door(policies.DRAW_ZONE, once=True)
def draw_zone(request: HttpRequest) -> HttpResponse:
    """Name one and draw it."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.DRAW_ZONE)
    return _draw(request, branch, None)


@door(policies.DRAW_ZONE, once=True)
def redraw_zone(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one: where it lies, what is asked, whose it is."""
    zone = queries.zone_for(request.actor, pk, policies.DRAW_ZONE)
    return _draw(request, zone.organisation, zone)


def _draw(request: HttpRequest, branch: Organisation, zone: Zone | None) -> HttpResponse:
    today = clock.today(request)
    members = {each.person for each in queries.promises(branch, today.year, today)}
    people = [each for each in undertakings.people(branch, today) if each[0] in members]
    plans = queries.plans_of(branch)
    plan = _chosen(request, plans, zone)
    form = forms.ZoneForm(
        request.POST or None,
        people=people,
        kinds=None if zone else queries.zone_kinds(),
        initial=_of(zone, plan),
    )
    if request.method == "POST" and form.is_valid():
        values = {"kind": zone.undertaking.kind if zone else "", **form.cleaned_data}
        row = actions.draw_zone(
            request.actor, organisation=branch, zone=zone, plan=plan.pk if plan else None, now=clock.now(request),
            **values,
        )  # fmt: skip
        messages.success(request, _("已划定"))
        return redirect("pledges:zone", row.pk)
    context = of_zones(request, branch)
    context |= {
        "form": form, "zone": zone, "plan": plan, "plans": [(each, queries.title_of(each)) for each in plans],
        "others": [each for each in context["zones"] if plan and each.zone.plan_id == plan.pk],
    }  # fmt: skip
    return render(request, "pledges/draw_zone.html", context)


def _chosen(request: HttpRequest, plans: list[Attachment], zone: Zone | None) -> Attachment | None:
    """The plan asked for, or the one it lies on, or the first."""
    wanted = number(request, "plan") or (zone.plan_id if zone else None)
    return next((each for each in plans if each.pk == wanted), plans[0] if plans else None)


def _of(zone: Zone | None, plan: Attachment | None) -> dict[str, Any]:
    if zone is None:
        return {"kind": next(iter(queries.zone_kinds()), ("", ""))[0]}
    drawn = zone.shape if plan is not None and zone.plan_id == plan.pk else ""
    return {"title": zone.title, "asks": zone.asks, "shape": drawn, "holder": zone.undertaking.owner_id}


@door(policies.CHECK_ZONE, once=True)
def check_zone(request: HttpRequest, pk: int) -> HttpResponse:
    """How it was found."""
    zone, today = queries.zone_for(request.actor, pk, policies.CHECK_ZONE), clock.today(request)
    initial = {"checked_on": today, "fix_by": queries.fix_by(today)}
    form = forms.CheckForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        found = actions.check_zone(request.actor, zone=zone, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("问题已交责任人整改") if found else _("检查已记下"))
        return redirect("pledges:zone", pk)
    return render(
        request, "pledges/check_zone.html", here(request, zone.organisation) | {"form": form, "zone": zone}
    )


@door(policies.END_ZONE, once=True)
def end_zone(request: HttpRequest, pk: int) -> HttpResponse:
    """It is none any more."""
    zone = queries.zone_for(request.actor, pk, policies.END_ZONE)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_zone(request.actor, zone=zone, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已撤销，检查记录保留"))
        return redirect(of_branch("pledges:zones", zone.organisation.pk))
    return render(
        request, "pledges/end_zone.html", here(request, zone.organisation) | {"form": form, "zone": zone}
    )


@door(policies.PUBLISH_ZONES, once=True)
@require_POST
def publish_zones(request: HttpRequest) -> HttpResponse:
    """Show the plan on the public board."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.PUBLISH_ZONES)
    actions.publish_zones(request.actor, organisation=branch, now=clock.now(request))
    messages.success(request, _("已上公示栏"))
    return redirect(of_branch("pledges:zones", branch.pk))
