"""Opening, computing, publishing and freezing a quarter; what came too late for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.calendar import Quarter
from zhibu.ui import clock
from zhibu.ui.doors import door

from .. import actions, queries
from .periods import quarter_of, told


@door("assessment.open_run", once=True)
@require_POST
def open_run(request: HttpRequest, committee: int, quarter: str) -> HttpResponse:
    """Open a committee's quarter and show its table."""
    organisation = queries.committee_for(request.actor, committee, "assessment.open_run")
    period = quarter_of(quarter)
    _run, cautions = actions.open_run(
        request.actor,
        organisation=organisation,
        quarter=period,
        today=clock.today(request),
        now=clock.now(request),
    )
    messages.success(request, _("已开展本季度考核，各支部得分已算出"))
    told(request, cautions)
    return redirect("assessment:committee", committee, quarter)


@door("assessment.compute", once=True)
@require_POST
def compute(request: HttpRequest, run: int) -> HttpResponse:
    """Compute again from the records known now."""
    found = actions.compute(
        request.actor, run=queries.run_for(request.actor, run, "assessment.compute"), now=clock.now(request)
    )
    messages.success(request, _("已按最新记录重新计算"))
    return redirect("assessment:committee", found.organisation_id, Quarter.from_key(found.quarter).code)


@door("assessment.publish", once=True)
@require_POST
def publish(request: HttpRequest, run: int) -> HttpResponse:
    """Publish the places to the branches."""
    found, cautions = actions.publish(
        request.actor,
        run=queries.run_for(request.actor, run, "assessment.publish"),
        today=clock.today(request),
        now=clock.now(request),
    )
    messages.success(request, _("考核结果已公布，支部可以查看和申诉"))
    told(request, cautions)
    return redirect("assessment:committee", found.organisation_id, Quarter.from_key(found.quarter).code)


@door("assessment.freeze", once=True)
@require_POST
def freeze(request: HttpRequest, run: int) -> HttpResponse:
    """Freeze the quarter."""
    found = actions.freeze(
        request.actor, run=queries.run_for(request.actor, run, "assessment.freeze"), now=clock.now(request)
    )
    messages.success(request, _("本季度考核已定案"))
    return redirect("assessment:committee", found.organisation_id, Quarter.from_key(found.quarter).code)


@door("assessment.review")
def difference(request: HttpRequest, run: int) -> HttpResponse:
    """What records entered after the computation would change: shown, never mixed in."""
    found = queries.run_seen_by(request.actor, run, "assessment.review")
    context = {
        "run": found,
        "back": queries.home_in(request.actor, found),
        "quarter": Quarter.from_key(found.quarter),
        "lines": queries.difference(request.actor, found),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "assessment/difference.html", context)
