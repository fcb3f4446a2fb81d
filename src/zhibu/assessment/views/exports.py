"""The quarter as a spreadsheet and as a report in official layout."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.ui import clock
from zhibu.ui.document import document_response
from zhibu.ui.doors import door
from zhibu.ui.workbook import workbook_response

from .. import actions, queries, reports
from .periods import quarter_of

FORMATS = ("xlsx", "docx")


@door("assessment.export")
def export(request: HttpRequest, committee: int, quarter: str, format: str) -> HttpResponse:  # noqa: A002 - the address says so
    """The committee's quarter as .xlsx or .docx, with the same rows as the page."""
    organisation = queries.committee_for(request.actor, committee, "assessment.export")
    period = quarter_of(quarter)
    if format not in FORMATS:
        raise Http404
    actions.export(
        request.actor, organisation=organisation, quarter=period, format=format, now=clock.now(request)
    )
    found = queries.committee(request.actor, organisation, period)
    name = f"{organisation.name} {period.code}"
    if format == "docx":
        return document_response(f"{name}.docx", reports.document(found, clock.today(request)))
    lines = queries.filtered(found, request.GET, "place")
    return workbook_response(f"{name}.xlsx", reports.workbook(found, lines))
