"""The register of difficult questions and conflicts; care."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.concerns import queries
from zhibu.concerns.views.analyses import here
from zhibu.core.authority import may
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.language import pick
from zhibu.undertakings import policies as undertaken


@door("concerns.view")
def matters(request: HttpRequest) -> HttpResponse:
    """What is being dealt with, and for how many days."""
    branch, today = queries.branch_for(request.actor, number(request, "organisation")), clock.today(request)
    state = "ended" if request.GET.get("state") == "ended" else ""
    rows = queries.matters(request.actor, branch, state=state, kind=request.GET.get("kind", ""))
    page = listing.page_of(request, rows)
    kinds = undertaken.kinds()
    context = here(request, branch) | {
        "page": page, "rows": queries.lines(page, today), "handling": queries.handling(request.actor, branch, today),
        "kinds": [(name, pick(kinds[name].title), kinds[name].days_on(today)) for name in queries.KINDS if name in kinds],
        "may_undertake": may(request.actor, undertaken.UNDERTAKE, branch.path),
    }  # fmt: skip
    return render(request, "concerns/matters.html", context)


@door("concerns.view")
def care(request: HttpRequest) -> HttpResponse:
    """Who is to be visited, visits, contacts with experts, help plans."""
    branch, today = queries.branch_for(request.actor, number(request, "organisation")), clock.today(request)
    context = here(request, branch) | {
        "care": queries.care(request.actor, branch, today),
        "may_undertake": may(request.actor, undertaken.UNDERTAKE, branch.path),
    }
    return render(request, "concerns/care.html", context)
