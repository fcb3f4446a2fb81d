"""Papers of meetings as files: minutes, attendance sheet, the book of a quarter; Word or PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.core.calendar import Quarter
from zhibu.life import actions, queries, sheets
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.document import Document, document_response
from zhibu.ui.doors import door
from zhibu.ui.typeset import Typeset, pdf_response

QUARTERS = 8


@door("life.view")
def minutes_paper(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002 - the address says so
    """The minutes of a meeting."""
    paper = queries.paper_of(queries.session_for(request.actor, pk))
    sheet = _sheet(request, format, paper.heading)
    sheets.put_minutes(sheet, paper)
    return _file(format, f"{paper.heading} {paper.day.isoformat()}", sheet)


@door("life.view")
def attendance_paper(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002 - the address says so
    """The attendance sheet of a meeting."""
    paper = queries.paper_of(queries.session_for(request.actor, pk))
    sheet = _sheet(request, format, f"{paper.called}签到表")
    sheets.put_attendance(sheet, paper)
    return _file(format, f"{paper.called}签到表 {paper.day.isoformat()}", sheet)


@door("life.export_book", once=True)
def export_book(request: HttpRequest) -> HttpResponse:
    """Which quarter, and as what; then the book."""
    organisation, _group = queries.place_for(
        request.actor, "life.export_book", number(request, "organisation"), None
    )
    today = clock.today(request)
    if request.method == "POST":
        form = "pdf" if request.POST.get("form") == "pdf" else "docx"
        quarter = _quarter(request.POST.get("quarter", ""), today)
        title = f"{organisation.name}{quarter.code}会议记录簿"
        sheet = _sheet(request, form, title)
        actions.export_book(
            request.actor,
            organisation=organisation,
            quarter=quarter,
            sheet=sheet,
            form=form,
            now=clock.now(request),
        )
        return _file(form, title, sheet)
    this = Quarter.of(today).key
    context = {
        "organisation": organisation, "crumbs": [(organisation.name, None)],
        "quarters": [Quarter.from_key(this - back) for back in range(QUARTERS)],
        "branches": queries.branches(request.actor, "life.export_book"),
    }  # fmt: skip
    return render(request, "life/export_book.html", context)


def _quarter(text: str, today: Any) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError:
        return Quarter.of(today)


def _sheet(request: HttpRequest, form: str, title: str) -> Any:
    if form not in {"pdf", "docx"}:
        raise Http404(form)
    made = Typeset(made=clock.today(request)) if form == "pdf" else Document()
    return made.named(title)


def _file(form: str, name: str, sheet: Any) -> HttpResponse:
    content = sheet.bytes()
    return pdf_response(name, content) if form == "pdf" else document_response(name, content)
