"""Procedures themselves: which there are, and what each asks on a day."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.core.authority import reaches
from zhibu.procedures import entries as tables
from zhibu.procedures import queries
from zhibu.procedures.views import reading
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.language import pick
from zhibu.ui.workbook import workbook_response


@door("procedures.view")
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure of the rulebook."""
    context = {
        "groups": queries.by_group(), "piped": queries.of_people(),
        "may_reply": bool(reaches(request.actor, "procedures.reply")),
    }  # fmt: skip
    return render(request, "procedures/procedures.html", context)


@door("procedures.view")
def procedure(request: HttpRequest, name: str) -> HttpResponse:
    """The steps, terms and articles of one, as of a day."""
    found = reading.procedure(name)
    day = reading.day(request, "day", clock.today(request))
    steps = queries.rules_of(found, day)
    changes = sorted({each for step in steps for each in step.changes})
    context = {
        "procedure": found, "steps": steps, "day": day, "changes": changes,
        "sources": [(each.document, each.article) for each in found.sources],
    }  # fmt: skip
    return render(request, "procedures/procedure.html", context)


@door("procedures.view")
def entries(request: HttpRequest, name: str, step: str) -> HttpResponse:
    """What was entered at a step of all cases in reach, as a table: scores with reasons, spending with vouchers."""
    found = reading.procedure(name)
    asked = next((each for each in tables.tables_of(found) if each.id == step), None)
    if asked is None:
        raise Http404(step)
    branch = number(request, "organisation")
    place = queries.organisation_for(request.actor, branch, "procedures.view") if branch else None
    return workbook_response(
        f"{pick(found.title)} {pick(asked.title)}", tables.workbook(request.actor, found, asked, place)
    )
