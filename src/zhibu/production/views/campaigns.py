"""Competitions and shock tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.production import actions, forms, queries
from zhibu.production.views.figures import here
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door

USUAL_DAYS = 30


@door("production.view")
def campaigns(request: HttpRequest) -> HttpResponse:
    """Campaigns of a branch, newest first."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    context = here(request, branch) | {"rows": queries.campaigns(branch), "today": clock.today(request)}
    return render(request, "production/campaigns.html", context)


@door("production.view")
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign with its rules, teams and results."""
    found = queries.campaign_for(request.actor, pk)
    runs = not found.cancelled and found.ended_on is None
    path, today = found.organisation.path, clock.today(request)
    context: dict[str, Any] = {
        "campaign": found,
        "teams": sorted(found.teams, key=lambda team: (team[2] or 99, team[0])),
        "may_end": not found.cancelled
        and found.opens_on <= today
        and may(request.actor, "production.enter_results", path),
        "may_edit": runs and may(request.actor, "production.edit_campaign", path),
        "may_cancel": runs and may(request.actor, "production.cancel_campaign", path),
        "today": today,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "production/campaign.html", context)


@door("production.open_campaign", once=True)
def open_campaign(request: HttpRequest) -> HttpResponse:
    """Open one."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "production.open_campaign")
    today = clock.today(request)
    initial = {"opens_on": today, "closes_on": today + timedelta(days=USUAL_DAYS)}
    form = forms.CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.open_campaign(
            request.actor, organisation=branch, now=clock.now(request), announced=form.announced()
        )
        messages.success(request, _("活动已登记"))
        return redirect("production:campaign", made.pk)
    return render(request, "production/open_campaign.html", here(request, branch) | {"form": form})


@door("production.edit_campaign", once=True)
def edit_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one that runs."""
    found = queries.campaign_for(request.actor, pk, "production.edit_campaign")
    initial = {name: getattr(found, name) for name in forms.CampaignForm.base_fields}
    initial["teams"] = "\n".join(str(team[0]) for team in found.teams)
    form = forms.CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.edit_campaign(
            request.actor, campaign=found, now=clock.now(request), version=form.cleaned_data["version"] or 0,
            announced=form.announced(),
        )  # fmt: skip
        messages.success(request, _("已修改，原来的写法保留在留痕里"))
        return redirect("production:campaign", pk)
    context = {"form": form, "campaign": found, "crumbs": [(found.organisation.name, None)]}
    return render(request, "production/edit_campaign.html", context)


@door("production.enter_results", once=True)
def enter_results(request: HttpRequest, pk: int) -> HttpResponse:
    """End one with its results."""
    found = queries.campaign_for(request.actor, pk, "production.enter_results")
    initial = {"outcome": found.outcome, "version": found.version}
    form = forms.ResultsForm(request.POST or None, teams=found.teams, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.enter_results(
            request.actor, campaign=found, teams=form.told(), outcome=form.cleaned_data["outcome"],
            now=clock.now(request), version=form.cleaned_data["version"] or 0,
        )  # fmt: skip
        messages.success(request, _("结果已更正") if found.ended_on else _("结果已登记"))
        return redirect("production:campaign", pk)
    context = {"form": form, "campaign": found, "crumbs": [(found.organisation.name, None)]}
    return render(request, "production/enter_results.html", context)


@door("production.cancel_campaign", once=True)
def cancel_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Call one off."""
    found = queries.campaign_for(request.actor, pk, "production.cancel_campaign")
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_campaign(request.actor, campaign=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已取消，原因保留"))
        return redirect("production:campaign", pk)
    context = {"form": form, "campaign": found, "crumbs": [(found.organisation.name, None)]}
    return render(request, "production/cancel_campaign.html", context)
