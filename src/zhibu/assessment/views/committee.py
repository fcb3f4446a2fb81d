"""All branches of a committee: table, heat map, overview, year."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui import clock, formats, language, listing
from zhibu.ui.doors import door

from .. import queries
from .periods import around, quarter_of

SORTS = ("place", "name", "points", "change", "self_points")


@door("assessment.view")
def home(request: HttpRequest) -> HttpResponse:
    """To the table of the committee, or to the sheet of the branch, of the running quarter."""
    today = clock.today(request)
    quarter = queries.quarter_to_show(request.actor, today)
    committee = queries.own_committee(request.actor)
    if committee is not None:
        return redirect("assessment:committee", committee.pk, quarter.code)
    branch = queries.own_branch(request.actor)
    if branch is not None:
        return redirect("assessment:sheet", branch.pk, Quarter.of(today).code)
    return render(request, "assessment/nothing.html", {})


@door("assessment.view")
def committee(request: HttpRequest, committee: int, quarter: str) -> HttpResponse:
    """Every branch in one sortable, filterable table."""
    organisation, period = queries.committee_for(request.actor, committee), quarter_of(quarter)
    found = queries.committee(request.actor, organisation, period)
    sort = listing.sort_of(request, SORTS, default="place")
    lines = queries.filtered(found, request.GET, sort)
    page = listing.page_of(request, lines, total=len(lines))
    context = {
        **_frame(request, organisation, period, found, "table"),
        "page": page,
        "rows": _rows(request, found, page, sort),
        "groups": queries.groups(found),
        "counts": queries.counts(found),
        "sort": sort,
        "committees": queries.committees(request.actor, organisation),
    }
    return render(request, "assessment/committee.html", context)


def _rows(request: HttpRequest, found: queries.Committee, page: listing.Page, sort: str) -> SafeString:
    """The rows of a page of the table, put together once for all who see the same until the next act."""

    def render_rows() -> SafeString:
        return render_to_string(
            "assessment/_committee_rows.html", {"rows": queries.with_marks(found, page.rows)}
        )

    got = request.GET
    if got.get("q"):
        return render_rows()
    seen = authority.ranges(request.actor, "assessment.view")
    key = (
        found.organisation.pk,
        found.quarter.key,
        found.run and found.run.pk,
        found.pending,
        found.book.digest,
    )
    chosen = (sort, got.get("show", ""), got.get("unit", ""), page.number, language.current())
    return record.kept(("committee rows", *key, seen, *chosen), render_rows, within=found.within)


@door("assessment.view")
def heat(request: HttpRequest, committee: int, quarter: str) -> HttpResponse:
    """Branches × standards as a picture, with its table behind it."""
    organisation, period = queries.committee_for(request.actor, committee), quarter_of(quarter)
    found = queries.committee(request.actor, organisation, period)
    order = "tree" if request.GET.get("order") == "tree" else "place"
    context = {
        **_frame(request, organisation, period, found, "heat"),
        "heat": queries.heat(found, order),
        "means": queries.means(found),
        "order": order,
    }
    return render(request, "assessment/heat.html", context)


@door("assessment.view")
def overview(request: HttpRequest, committee: int, quarter: str) -> HttpResponse:
    """Trend, distribution, the best and the weakest with their reasons."""
    organisation, period = queries.committee_for(request.actor, committee), quarter_of(quarter)
    found = queries.committee(request.actor, organisation, period)
    context = {
        **_frame(request, organisation, period, found, "overview"),
        "trend": queries.trend_chart(request.actor, organisation, period),
        "distribution": queries.distribution(found),
        "ends": queries.ends(found),
        "means": queries.means(found),
    }
    return render(request, "assessment/overview.html", context)


@door("assessment.view")
def year(request: HttpRequest, committee: int, year: int) -> HttpResponse:
    """The year's list: averages, eligibility, last places. The naming is a decision of people."""
    organisation = queries.committee_for(request.actor, committee)
    if not 2000 <= year <= 2100:
        raise Http404
    period = min(Quarter(year, 4), Quarter.of(clock.today(request)))
    context: dict[str, Any] = {
        **_frame(request, organisation, period, None, "year"),
        "year": year,
        "note": _("%(year)d 年") % {"year": year},
        "years": (year - 1, year + 1 if year < clock.today(request).year else None),
        "page": listing.page_of(
            request, lines := queries.year_list(request.actor, organisation, year), total=len(lines)
        ),
        "five_good": sum(line.five_good for line in lines),
        "alerts": [line for line in lines if line.alert],
        "weighings": queries.weighings(year),
    }
    context["rights"]["commend"] = authority.may(request.actor, "procedures.open_case", organisation.path)
    return render(request, "assessment/year.html", context)


def _frame(
    request: HttpRequest,
    organisation: Organisation,
    period: Quarter,
    found: queries.Committee | None,
    tab: str,
) -> dict[str, object]:
    """What every page of a committee's quarter shows around its own matter."""
    today = clock.today(request)
    verbs = ("open_run", "compute", "publish", "freeze", "review", "open_rectification", "export")
    return {
        "organisation": organisation,
        "quarter": period,
        "note": formats.quarter(period),
        "found": found,
        "tab": tab,
        "rights": {
            verb: authority.may(request.actor, f"assessment.{verb}", organisation.path) for verb in verbs
        },
        "quarter_over": today > period.last,
        "upheld": bool(
            found and found.run and found.run.state == "published" and queries.upheld_since(found.run)
        ),
        "weak_told": queries.scheme_told("weak_below", period),
        "good_told": queries.scheme_told("five_good_average", period),
        "open_appeals": queries.open_appeals(request.actor, found.run) if found and found.run else 0,
        "crumbs": [(organisation.name, None)],
        **around(period, today),
    }
