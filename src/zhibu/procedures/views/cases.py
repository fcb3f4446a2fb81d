"""Cases in lists, one of them opened, and a new one begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may, reaches
from zhibu.core.norms.procedures import FieldKind, Subject
from zhibu.procedures import actions, forms, queries
from zhibu.procedures.entries import tables_of
from zhibu.procedures.models import CaseState
from zhibu.procedures.views import reading, stepping
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door

VIEW = "procedures.view"


@door(VIEW)
def cases(request: HttpRequest) -> HttpResponse:
    """Cases in reach: what runs, what is due, what waits above, what has ended."""
    today, actor = clock.today(request), request.actor
    known = queries.procedures()
    organisation = number(request, "organisation")
    place = queries.organisation_for(actor, organisation, VIEW) if organisation else None
    filters = queries.Filters(
        procedure=reading.word(request, "procedure", {each.id for each in known}),
        show=reading.word(request, "show", queries.SHOWS), organisation=place,
        person=number(request, "person"), stage=request.GET.get("stage", "")[:60],
    )  # fmt: skip
    page = listing.page_of(request, queries.listed(actor, filters, today))
    context = {
        "page": page, "rows": queries.lines(page, today), "procedures": queries.in_use(actor, filters.procedure), "filters": filters, "place": place,
        "may_open": bool(reaches(actor, "procedures.open_case")), "may_reply": bool(reaches(actor, "procedures.reply")),
        "piped": queries.of_people(), "today": today,
        "tables": tables_of(reading.procedure(filters.procedure)) if filters.procedure else [],
    }  # fmt: skip
    return render(request, "procedures/cases.html", context)


@door(VIEW)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: its picture, what may be done now, its papers and its history."""
    found, today, actor = queries.case_for(request.actor, pk), clock.today(request), request.actor
    opened = queries.sheet(actor, found, today)
    path = found.organisation.path
    running = found.state != CaseState.ENDED
    context: dict[str, Any] = {
        "case": found, "sheet": opened, "procedure": opened.procedure, "running": running,
        "suspended": found.state == CaseState.SUSPENDED,
        "may": {verb: may(actor, f"procedures.{verb}", path) for verb in (
            "suspend", "resume", "end_case", "transfer_case", "attach_paper", "reverse_step", "extend", "publish",
            "export_case",
        )},
        "crumbs": [(found.organisation.name, None)],
        **stepping.first_form(request, found, opened, today),
    }  # fmt: skip
    return render(request, "procedures/case.html", context)


@door("procedures.open_case")
def openings(request: HttpRequest) -> HttpResponse:
    """What can be opened, and what should be."""
    organisation = queries.organisation_for(request.actor, number(request, "organisation"))
    groups = [
        (title, [(each, not each.applies_to or organisation.kind in each.applies_to) for each in some])
        for title, some in queries.by_group()
    ]
    context = {
        "organisation": organisation, "groups": groups, "branches": queries.branches_for(request.actor),
        "prompts": queries.prompts(organisation, clock.today(request)) if organisation.is_branch else [],
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "procedures/openings.html", context)


@door("procedures.open_case", once=True)
def open_case(request: HttpRequest, name: str) -> HttpResponse:
    """Open a case of one procedure."""
    procedure, today = reading.procedure(name), clock.today(request)
    asked = number(request, "organisation")
    organisation = queries.organisation_for(request.actor, asked, kinds=procedure.applies_to)
    kinds = {each.kind for each in procedure.fields}
    named = procedure.subject is Subject.PERSON or FieldKind.PERSON in kinds
    called = queries.called_for(organisation, procedure)
    form = forms.CaseForm(
        request.POST or None, called=called, procedure=procedure, today=today, initial={"person": number(request, "person"), **forms.asked_for(procedure, request.GET)},
        people=queries.people_of(organisation) if named else [],
        organisations=[row[:2] for row in queries.branches_for(request.actor, VIEW)]
        if FieldKind.ORGANISATION in kinds else [],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = actions.open_case(
            request.actor,
            organisation=organisation,
            procedure=procedure.id,
            now=clock.now(request),
            **form.told(),
        )
        messages.success(request, _("已立项，按图上的步骤办理"))
        return redirect("procedures:case", made.pk)
    context = {
        "form": form, "procedure": procedure, "organisation": organisation, "crumbs": [(organisation.name, None)],
        "branches": queries.branches_for(request.actor),
    }  # fmt: skip
    return render(request, "procedures/open_case.html", context)
