"""Twelve months of dues, and one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.core.calendar import Month
from zhibu.dues import actions, forms, queries
from zhibu.ui import clock
from zhibu.ui.doors import door


@door("dues.view")
def months(request: HttpRequest) -> HttpResponse:
    """A branch's year: due, received, in time, month by month."""
    today = clock.today(request)
    organisation = queries.branch_for(request.actor, _number(request, "organisation"))
    year = _number(request, "year") or today.year
    year = year if 1921 <= year <= today.year else today.year
    rows, totals = queries.year(organisation, year, today)
    context = {
        "organisation": organisation, "rows": rows, "totals": totals, "year": year,
        "years": list(range(today.year, today.year - 4, -1)),
        "branches": queries.branches(request.actor),
        "may_enter": may(request.actor, "dues.enter_month", organisation.path),
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "dues/months.html", context)


@door("dues.view")
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """One entered month."""
    row = queries.month_for(request.actor, pk)
    context = {
        "row": row,
        "late_fen": row.received_fen - row.in_time_fen,
        "owed_fen": max(0, row.due_fen - row.received_fen),
        "may_enter": may(request.actor, "dues.enter_month", row.organisation.path),
        "crumbs": [(row.organisation.name, None)],
    }
    return render(request, "dues/month.html", context)


@door("dues.enter_month", once=True)
def enter_month(request: HttpRequest) -> HttpResponse:
    """Enter or change a month."""
    current = Month.of(clock.today(request))
    organisation = queries.branch_for(request.actor, _number(request, "organisation"), "dues.enter_month")
    asked = forms.month_asked(request.GET.get("month", ""), current)
    row = queries.entered(organisation, asked)
    members, due = queries.suggestion(organisation, asked)
    offered = forms.initial(row, members, due, queries.previous(organisation, asked))
    form = forms.MonthForm(request.POST or None, initial=offered)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.pop("version")
        actions.enter_month(
            request.actor, organisation=organisation, month=asked, amounts=actions.Amounts(**form.cleaned_data),
            now=clock.now(request), version=version,
        )  # fmt: skip
        messages.success(request, _("党费已登记"))
        return redirect(reverse("dues:months") + f"?organisation={organisation.pk}&year={asked.year}")
    recent = [Month.from_key(current.key - back) for back in range(12)]
    context = {"form": form, "organisation": organisation, "month": asked, "row": row, "recent": recent}
    return render(request, "dues/enter_month.html", {**context, "crumbs": [(organisation.name, None)]})


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
