"""The quarter on one page, the figures behind it, all branches at a glance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may, reaches
from zhibu.core.calendar import Quarter
from zhibu.production import actions, forms, queries
from zhibu.register.models import Organisation
from zhibu.ui import clock, listing
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door

SHOWN_QUARTERS, NEAR = 4, 5


def here(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "organisation": branch,
        "branches": queries.branches(request.actor),
        "may_act": may(request.actor, "production.enter_figures", branch.path),
        "to_enter": queries.to_enter(branch, clock.today(request)),
        "oversees": bool(reaches(request.actor, "production.oversee")),
        "crumbs": [(branch.name, None)],
    }


@door("production.view")
def quarter(request: HttpRequest) -> HttpResponse:
    """What links the branch to production in a quarter."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    today = clock.today(request)
    found, near = _quarter(request, today)
    page = queries.quarter_page(request.actor, branch, found, today)
    context = here(request, branch) | {"quarter": found, "quarters": near, "page": page}
    context["may_open"] = may(request.actor, "production.open_campaign", branch.path)
    context["may_undertake"] = may(request.actor, "undertakings.undertake", branch.path)
    return render(request, "production/quarter.html", context)


def _quarter(request: HttpRequest, today: date) -> tuple[Quarter, list[Quarter]]:
    """The quarter asked for, or this one; and those one may change over to."""
    near = [Quarter.of(today)]
    for _each in range(SHOWN_QUARTERS - 1):
        near.append(near[-1].previous())
    try:
        found = Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        found = near[0]
    return (found if found.first <= today else near[0]), near


@door("production.view")
def months(request: HttpRequest) -> HttpResponse:
    """The unit's figures, the newest month first."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    today = clock.today(request)
    rows = queries.months(branch, date(today.year - 1, today.month, 1), today)
    return render(request, "production/months.html", here(request, branch) | {"rows": rows[::-1]})


@door("production.view")
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """One month's figures, as a record to refer to."""
    found = queries.figures_for(request.actor, pk)
    context = here(request, found.organisation) | {"month": queries.Month(found.month_on, found)}
    context["earlier"] = queries.earlier(found)
    return render(request, "production/month.html", context)


@door("production.enter_figures", once=True)
def enter_figures(request: HttpRequest) -> HttpResponse:
    """Enter a month's figures, or put them right."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "production.enter_figures")
    month_on = _month(request)
    found = queries.month_of(branch, month_on)
    before = found or queries.month_of(branch, queries.before(month_on))
    names = forms.FiguresForm.base_fields if found else ("measure", "planned", "cost_plan_fen")
    initial = {name: getattr(before, name) for name in names} if before else {}
    form = forms.FiguresForm(
        request.POST or None, initial=initial | {"version": found.version if found else 0}
    )
    if request.method == "POST" and form.is_valid():
        actions.enter_figures(
            request.actor, organisation=branch, month_on=month_on, figures=form.told(), now=clock.now(request),
            version=form.cleaned_data["version"] or 0,
        )  # fmt: skip
        messages.success(request, _("已更正，原来的数字保留") if found else _("数字已填报"))
        return redirect(of_branch("production:quarter", branch.pk, quarter=Quarter.of(month_on).code))
    context = here(request, branch) | {"form": form, "month_on": month_on, "found": found, "before": before}
    context["near"] = queries.months(branch, queries.before(queries.before(month_on)), clock.today(request))[
        :NEAR
    ]
    return render(request, "production/enter_figures.html", context)


def _month(request: HttpRequest) -> date:
    """The month asked for as 2026-07, or the one before this."""
    text = request.GET.get("month", "")
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return queries.before(clock.today(request).replace(day=1))


@door("production.oversee")
def overview(request: HttpRequest) -> HttpResponse:
    """Every branch in a quarter."""
    today = clock.today(request)
    found, near = _quarter(request, today)
    rows = queries.overview(request.actor, found, today)
    if request.GET.get("only") == "empty":
        rows = [row for row in rows if not row.entered]
    page = listing.page_of(request, rows, total=len(rows))
    return render(request, "production/overview.html", {"page": page, "quarter": found, "quarters": near})
