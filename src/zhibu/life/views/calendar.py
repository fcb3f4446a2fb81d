"""The calendar: a month and its agenda, of a branch or of everything within reach."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhibu.core.calendar import Month
from zhibu.core.days import parse_day
from zhibu.life import kinds, policies, queries
from zhibu.life.views import reading
from zhibu.ui import clock, listing, states
from zhibu.ui.doors import door


@door("life.view")
def calendar(request: HttpRequest) -> HttpResponse:
    """A month as a picture, and below it the same days as a list: fifty at a time, or those of one day."""
    today = clock.today(request)
    month, day = _month(request, today), _day(request)
    scope = queries.Scope(
        today, reading.number(request, "branch"), reading.word(request, "kind", list(kinds.known()))
    )
    search = request.GET.get("q", "")[:60]
    narrow, only_list = queries.is_narrow(request.actor, scope), request.GET.get("view") == "agenda"
    found = {} if only_list else _found(request, month, scope, narrow=narrow)
    whole = request.GET.get("whole") == "1" or not month.first < today <= month.last
    span = (day, day) if day else (month.first if whole else today, month.last)
    page = listing.page_of(request, queries.entries(request.actor, *span, scope))
    context = {
        "month": month, "day": day, "weeks": queries.month_of(month, found), "narrow": narrow, "page": page,
        "entries": queries.told(page.rows), "scope": scope, "today": today, "earlier": month.previous().code,
        "later": month.next().code, "kinds": queries.kind_choices(), "whole": whole, "only_list": only_list,
        "of_day": _of_day(request), "marks": _marks(), "search": search,
        "found": queries.branches_named(request.actor, search),
        "branch": queries.branch_name(request.actor, scope.branch),
        "may_plan": policies.holds_anywhere(request.actor, "life.plan"),
    }  # fmt: skip
    return render(request, "life/calendar.html", context)


def _found(request: HttpRequest, month: Month, scope: queries.Scope, *, narrow: bool) -> Any:
    """What a month's picture shows: titles of a few branches, numbers of many."""
    first, last = queries.bounds(month)
    if narrow:
        return queries.told(queries.entries(request.actor, first, last, scope))
    return queries.counts(request.actor, first, last, scope)


def _of_day(request: HttpRequest) -> str:
    """The address of a day up to the day itself: written once, not once for each of forty cells."""
    kept = request.GET.copy()
    for name in ("day", "month", "page", "whole"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}&day=" if kept else "?day="


def _marks() -> dict[str, Any]:
    """The four standings in words, drawn once."""
    return {
        "line": states.mark(_("计划"), "idle"),
        "planned": states.mark(_("已计划"), "open"),
        "convened": states.mark(_("已通知"), "open"),
        "held": states.mark(_("已召开"), "done"),
    }


def _month(request: HttpRequest, today: date) -> Month:
    day = _day(request)
    if day is not None:
        return Month.of(day)
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(today)


def _day(request: HttpRequest) -> date | None:
    try:
        found = parse_day(request.GET.get("day", ""))
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None
