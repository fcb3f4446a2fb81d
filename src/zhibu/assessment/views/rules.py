"""The standards themselves: what they ask, since when, by which source."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu import rulebook
from zhibu.ui import clock
from zhibu.ui.doors import door

from .. import queries


@door("assessment.view_standards")
def standards(request: HttpRequest) -> HttpResponse:
    """All standards by group, with their weights today."""
    book, today = rulebook.load(), clock.today(request)
    return render(
        request,
        "assessment/standards.html",
        {"book": book, "groups": queries.standards_by_group(book, today)},
    )


@door("assessment.view_standards")
def standard(request: HttpRequest, standard: str) -> HttpResponse:
    """One standard: what it asks, its numbers over time, its parts, sources and worked examples."""
    book = rulebook.load()
    try:
        found = book.standard(standard)
    except KeyError as error:
        raise Http404 from error
    context = {
        "book": book,
        "standard": found,
        "parts": queries.parts_shown(book, found, clock.today(request)),
        "sources": queries.sources_shown(book, found),
        "terms": queries.terms_shown(book, found),
    }
    return render(request, "assessment/standard.html", context)
