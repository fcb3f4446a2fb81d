"""Papers made from the case, and the case handed out whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhibu.procedures import actions, forms, queries
from zhibu.ui import clock
from zhibu.ui.document import document_response
from zhibu.ui.doors import door
from zhibu.ui.workbook import attachment

ZIP = "application/zip"


@door("procedures.view")
def document(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A paper of the case as Word, filled in as far as things are known."""
    case = queries.case_for(request.actor, pk)
    made = queries.document(request.actor, case, name, clock.today(request))
    return document_response(made.name, made.content)


@door("procedures.export_case")
def export_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole case in one archive, with index and checksums."""
    case = queries.case_for(request.actor, pk)
    form = forms.ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.export_case(request.actor, case=case, now=clock.now(request), **form.cleaned_data)
        return attachment(f"{made.name}.zip", made.content, ZIP)
    context = {
        "form": form, "case": case, "title": _("导出案卷"), "button": _("导出"), "crumbs": [(case.organisation.name, None)],
    }  # fmt: skip
    return render(request, "procedures/change.html", context)
