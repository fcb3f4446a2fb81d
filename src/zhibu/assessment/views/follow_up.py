"""Appeals and rectifications."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.calendar import Quarter
from zhibu.ui import clock, listing
from zhibu.ui.doors import door
from zhibu.ui.doors import holds as door_holds

from .. import actions, queries
from ..forms import AnswerForm, OutcomeForm, RectificationForm
from .periods import quarter_of


@door("assessment.view")
def appeals(request: HttpRequest, run: int) -> HttpResponse:
    """The appeals of a quarter, the open ones first."""
    found = queries.run_seen_by(request.actor, run)
    context = {
        "run": found,
        "back": queries.home_in(request.actor, found),
        "quarter": Quarter.from_key(found.quarter),
        "page": listing.page_of(request, queries.appeals_for(request.actor, found)),
        "may_answer": door_holds(request.actor, "assessment.answer_appeal"),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "assessment/appeals.html", context)


@door("assessment.answer_appeal", once=True)
def answer_appeal(request: HttpRequest, appeal: int) -> HttpResponse:
    """Answer one appeal."""
    found = queries.appeal_for(request.actor, appeal, "assessment.answer_appeal")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_appeal(request.actor, appeal=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("申诉已答复"))
        return redirect("assessment:appeals", found.run_id)
    quarter = Quarter.from_key(found.run.quarter)
    context = {"appeal": found, "quarter": quarter, "form": form, "crumbs": [(found.branch.name, None)]}
    return render(request, "assessment/answer_appeal.html", context)


@door("assessment.view")
def rectifications(request: HttpRequest) -> HttpResponse:
    """Rectifications within one's part of the tree."""
    page = listing.page_of(request, queries.rectifications_for(request.actor))
    may_close = door_holds(request.actor, "assessment.close_rectification")
    return render(request, "assessment/rectifications.html", {"page": page, "may_close": may_close})


@door("assessment.open_rectification", once=True)
def open_rectification(request: HttpRequest, branch: int, quarter: str) -> HttpResponse:
    """Open the rectification of a branch: a proposal of the system, a decision of the committee."""
    organisation = queries.branch_for(request.actor, branch, "assessment.open_rectification")
    period = quarter_of(quarter)
    form = RectificationForm(
        request.POST or None,
        people=queries.people_for_rectification(request.actor, organisation),
        initial={"reason": queries.reason_for_rectification(organisation, period)},
    )
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data.pop("owner")
        actions.open_rectification(
            request.actor,
            organisation=organisation.parent or organisation,
            branch=organisation,
            quarter=period,
            owner=queries.person(request.actor, organisation, owner),
            today=clock.today(request),
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("整改已立项"))
        return redirect("assessment:rectifications")
    context = {"branch": organisation, "quarter": period, "form": form, "crumbs": [(organisation.name, None)]}
    return render(request, "assessment/open_rectification.html", context)


@door("assessment.close_rectification", once=True)
def close_rectification(request: HttpRequest, rectification: int) -> HttpResponse:
    """Close a rectification with its outcome."""
    found = queries.rectification_for(request.actor, rectification, "assessment.close_rectification")
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.close_rectification(
            request.actor,
            rectification=found,
            today=clock.today(request),
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("整改已销号"))
        return redirect("assessment:rectifications")
    context = {"rectification": found, "form": form, "crumbs": [(found.branch.name, None)]}
    return render(request, "assessment/close_rectification.html", context)
