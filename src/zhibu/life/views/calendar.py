"""The calendar: a month and its agenda, of a branch or of everything within reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhibu.core.calendar import Month
from zhibu.core.days import parse_day
from zhibu.life import kinds, policies, queries
from zhibu.life.views import reading
from zhibu.ui import clock, listing, states
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.formats import near

AHEAD = timedelta(days=31)
"""How far from today the agenda looks unless a month or a day is asked for."""

HORIZON, NEXT = timedelta(days=366), 10
"""When nothing lies so near: how far ahead the next ones are looked for, and how many of them are shown."""


@door("life.view")
def calendar(request: HttpRequest) -> HttpResponse:
    """A month as a picture, and below it days as a list: those to come, those of the month, or one."""
    today = clock.today(request)
    month, day = _month(request, today), _day(request)
    scope = queries.Scope(
        today, number(request, "branch"), reading.word(request, "kind", list(kinds.known()))
    )
    search = request.GET.get("q", "")[:60]
    narrow, only_list = queries.is_narrow(request.actor, scope), request.GET.get("view") == "agenda"
    whole = request.GET.get("whole") == "1" or Month.of(today) != month
    first, last = queries.bounds(month)
    counted = None if narrow else queries.counts(request.actor, first, max(last, today + AHEAD), scope)
    span = (day, day) if day else (month.first, month.last) if whole else (today, today + AHEAD)
    page = listing.page_of(request, queries.Agenda(request.actor, *span, scope, counted))
    later = (
        () if page or day or whole else queries.Agenda(request.actor, span[1], today + HORIZON, scope)[:NEXT]
    )
    context = {
        "month": month, "day": day, "narrow": narrow, "page": page, "today": today, "whole": whole,
        "weeks": [] if only_list else queries.month_of(month, _found(request, month, scope, counted)),
        "lines": list(_lines(page.rows or later, named=scope.branch is None and not narrow)), "is_later": bool(later),
        "earlier": month.previous().code, "later": month.next().code, "kinds": queries.kind_choices(),
        "only_list": only_list, "of_day": _of_day(request), "search": search,
        "found": queries.branches_named(request.actor, search),
        "branch": queries.branch_name(request.actor, scope.branch),
        "may_plan": policies.holds_anywhere(request.actor, "life.plan"),
    }  # fmt: skip
    return render(request, "life/calendar.html", context)


def _found(request: HttpRequest, month: Month, scope: queries.Scope, counted: Any) -> Any:
    """What a month's picture shows: titles of a few branches, numbers of many."""
    if counted is not None:
        return counted
    return queries.told(queries.entries(request.actor, *queries.bounds(month), scope))


def _lines(rows: Sequence[Any], *, named: bool) -> Iterator[tuple[Any, ...]]:
    """Entries as a page writes them: when, the key of its meeting or of its line, what, whose, its standing, where."""
    marks = _marks()
    days: dict[date, str] = {}
    for each in queries.told(rows):
        when = days.get(each.day) or days.setdefault(each.day, near(each.day))
        line = each.state == queries.LINE
        where = " · ".join(filter(None, (each.branch if named else "", each.place)))
        keys = (None, each.key) if line else (each.key, None)
        yield when, each.hour, *keys, each.title, each.group, marks.get(each.state, marks["held"]), where


def _of_day(request: HttpRequest) -> str:
    """The address of a day up to the day itself: written once, not once for each of forty cells."""
    kept = request.GET.copy()
    for name in ("day", "month", "page", "whole"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}&day=" if kept else "?day="


def _marks() -> dict[str, Any]:
    """The four standings in words, drawn once."""
    return {
        queries.LINE: states.mark(_("计划"), "idle"),
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
