"""The year of one member on one page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.pledges import policies, queries
from zhibu.pledges.views.reading import here
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door(policies.VIEW)
def member_year(request: HttpRequest, person: int) -> HttpResponse:
    """Pledge, zones, tasks, marks, honours, attendance, the test: for the member, the committee and those above.

    The hours of study are on it for the member alone.
    """
    today, actor = clock.today(request), request.actor
    branch, name = queries.home_of(person)
    if branch is None or not policies.sees_year(actor, branch, person):
        raise Http404(person)
    asked = number(request, "year")
    year = asked if asked in (today.year - 1, today.year) else today.year
    context = here(request, branch) | {
        "person": person, "name": name, "own": actor.person == person, "this": today.year, "last": today.year - 1,
        "found": queries.year_of(actor, person, branch, year, today),
        "may_note": policies.may_mark_self(actor, branch, person) is None,
    }  # fmt: skip
    return render(request, "pledges/member_year.html", context)
