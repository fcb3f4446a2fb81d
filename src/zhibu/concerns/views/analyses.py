"""The quarter on one page, its analysis and measures, all branches at a glance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.concerns import actions, forms, queries
from zhibu.concerns.actions.analysing import Measure
from zhibu.concerns.models import SurveyState
from zhibu.core.authority import may, reaches
from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.undertakings import queries as undertakings

SHOWN_QUARTERS = 4


def _quarter(request: HttpRequest) -> tuple[Quarter, list[Quarter]]:
    """The quarter asked for, or this one; and those one may change over to."""
    near = [Quarter.of(clock.today(request))]
    for _each in range(SHOWN_QUARTERS - 1):
        near.append(near[-1].previous())
    try:
        found = Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        found = near[0]
    return (found if found.first <= near[0].first else near[0]), near


@door("concerns.view")
def quarter(request: HttpRequest) -> HttpResponse:
    """Survey, results, analysis and measures of a quarter."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    return _page(request, branch, *_quarter(request))


@door("concerns.view")
def analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page, found from a measure or from the filed paper."""
    found = queries.analysis_for(request.actor, pk)
    return _page(request, found.organisation, Quarter.of(found.covers_on), _quarter(request)[1])


def _page(request: HttpRequest, branch: Organisation, found: Quarter, near: list[Quarter]) -> HttpResponse:
    today = clock.today(request)
    told = queries.quarter_page(branch, found, today)
    survey = told.survey
    running = survey is not None and survey.state == SurveyState.OPEN
    context = here(request, branch) | {
        "quarter": found, "quarters": near, "told": told, "is_this_quarter": found == near[0],
        "over": running and survey is not None and today > survey.closes_on,
        "running": running,
    }  # fmt: skip
    return render(request, "concerns/quarter.html", context)


def here(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "organisation": branch,
        "branches": queries.branches(request.actor),
        "may_act": may(request.actor, "concerns.write_analysis", branch.path),
        "oversees": bool(reaches(request.actor, "concerns.oversee")),
        "crumbs": [(branch.name, None)],
    }


@door("concerns.write_analysis", once=True)
def write_analysis(request: HttpRequest) -> HttpResponse:
    """How things stand in a quarter."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "concerns.write_analysis")
    found, _near = _quarter(request)
    told = queries.quarter_page(branch, found, clock.today(request))
    row = told.analysis
    initial = {"findings": row.findings if row else "", "version": row.version if row else 0}
    form = forms.AnalysisForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": form.cleaned_data["version"] or 0}
        made = actions.write_analysis(
            request.actor, organisation=branch, quarter=found, now=clock.now(request), **values
        )
        messages.success(request, _("已保存"))
        return redirect("concerns:analysis", made.pk)
    context = here(request, branch) | {"form": form, "quarter": found, "told": told}
    return render(request, "concerns/write_analysis.html", context)


@door("concerns.add_measure", once=True)
def add_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """A cause, a measure, an owner, a term."""
    found = queries.analysis_for(request.actor, pk, "concerns.add_measure")
    today = clock.today(request)
    people = undertakings.people(found.organisation, today)
    form = forms.MeasureForm(request.POST or None, people=people, today=today)
    if request.method == "POST" and form.is_valid():
        actions.add_measure(
            request.actor, analysis=found, measure=Measure(**form.cleaned_data), now=clock.now(request)
        )
        messages.success(request, _("措施已立项，责任人的工作台上会提醒"))
        return redirect("concerns:analysis", pk)
    context = here(request, found.organisation) | {
        "form": form, "title": _("加一条原因和措施"), "button": _("立项"), "analysis": found,
        "quarter": Quarter.of(found.covers_on),
    }  # fmt: skip
    return render(request, "concerns/act.html", context)


@door("concerns.file_analysis", once=True)
def file_analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """File it."""
    found = queries.analysis_for(request.actor, pk, "concerns.file_analysis")
    if request.method == "POST":
        actions.file_analysis(request.actor, analysis=found, now=clock.now(request))
        messages.success(request, _("已归档，上级考核看得到这份分析"))
    return redirect("concerns:analysis", pk)


@door("concerns.oversee")
def overview(request: HttpRequest) -> HttpResponse:
    """Every branch in a quarter."""
    found, near = _quarter(request)
    rows = queries.overview(request.actor, found, clock.today(request))
    if request.GET.get("only") == "missing":
        rows = [row for row in rows if row.filed_on is None]
    page = listing.page_of(request, rows, total=len(rows))
    return render(request, "concerns/overview.html", {"page": page, "quarter": found, "quarters": near})
