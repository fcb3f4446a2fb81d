"""All branches at a glance, for the committees above."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhibu.premises import queries
from zhibu.premises.models import FixtureState
from zhibu.ui import clock, formats, listing
from zhibu.ui.doors import door
from zhibu.ui.language import pick
from zhibu.ui.workbook import Column, workbook_response, write_workbook


@door("premises.oversee")
def overview(request: HttpRequest) -> HttpResponse:
    """What each branch has, what is missing, what it would cost."""
    found = _overview(request)
    page = listing.page_of(request, found.rows, total=len(found.rows))
    context = {"overview": found, "page": page, "lacks": request.GET.get("lacks", "")}
    return render(request, "premises/overview.html", context)


@door("premises.export")
def export(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    found = _overview(request)
    words = {**{value: str(label) for value, label in FixtureState.choices}, "unknown": _("未登记")}
    columns = [
        Column(_("党支部"), width=30), Column(_("上级"), width=24), *(Column(pick(gap.item.title)) for gap in found.gaps),
        Column(_("已有"), "number"), Column(_("约需（元）"), "fen"), Column(_("最早查看"), "day"),
    ]  # fmt: skip
    rows = (
        [row.name, row.above, *(words[state] for state in row.states), row.present, row.cost_fen, row.seen_on]
        for row in found.rows
    )
    day = formats.day(clock.today(request))
    content = write_workbook(columns, rows, title=_("阵地一览"), note=_("截至 %(day)s") % {"day": day})
    return workbook_response(f"{_('阵地一览')} {day}.xlsx", content)


def _overview(request: HttpRequest) -> queries.Overview:
    sort = listing.sort_of(request, {"place", "present", "cost"}, "place")
    return queries.overview(
        request.actor, clock.today(request), lacks=request.GET.get("lacks", ""), sort=sort
    )
