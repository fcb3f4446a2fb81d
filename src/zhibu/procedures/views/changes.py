"""What happens to a case apart from its steps, and its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhibu.procedures import actions, forms, queries
from zhibu.procedures.views import reading
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.ui import clock
from zhibu.ui.doors import door
from zhibu.ui.language import pick

Done = Callable[..., Any]


@door("procedures.suspend", once=True)
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a case rest."""
    return _change(request, pk, actions.suspend, _("中止办理"), _("中止"), _("已中止"))


@door("procedures.resume", once=True)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go on."""
    return _change(request, pk, actions.resume, _("恢复办理"), _("恢复"), _("已恢复"))


@door("procedures.extend", once=True)
def extend(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Give a step more time."""
    found = reading.step(queries.case_for(request.actor, pk), step)
    title = _("延长“%(step)s”的期限") % {"step": pick(found.title)}
    return _change(request, pk, actions.extend, title, _("延长"), _("期限已延长"), step=found.id)


@door("procedures.transfer_case", once=True)
def transfer_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a case over to another branch."""
    case, today = queries.case_for(request.actor, pk), clock.today(request)
    branches = [row[:2] for row in queries.branches_for(request.actor, "procedures.transfer_case")]
    form = forms.TransferForm(request.POST or None, branches=branches, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        target = queries.organisation_for(
            request.actor, form.cleaned_data.pop("organisation"), "procedures.transfer_case"
        )
        actions.transfer_case(
            request.actor, case=case, organisation=target, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("事项已转移，已办的步骤继续有效"))
        return redirect("procedures:case", pk)
    return _page(request, case, form, _("转到其他党支部"), _("转移"))


@door("procedures.end_case", once=True)
def end_case(request: HttpRequest, pk: int) -> HttpResponse:
    """End a case before its last step."""
    case, today = queries.case_for(request.actor, pk), clock.today(request)
    procedure = queries.procedure_of(case.procedure)
    endings = (
        [(each.id, each.title) for each in procedure.endings.values() if not each.success]
        if procedure
        else []
    )
    form = forms.EndForm(request.POST or None, endings=endings, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        actions.end_case(request.actor, case=case, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("事项已终止"))
        return redirect("procedures:case", pk)
    return _page(request, case, form, _("终止办理"), _("终止"))


@door("procedures.attach_paper", once=True)
def attach_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """File a paper with a case."""
    case = queries.case_for(request.actor, pk)
    procedure = queries.procedure_of(case.procedure)
    papers = [(each.id, each.title) for each in procedure.papers.values()] if procedure else []
    wanted = reading.word(request, "paper", {code for code, _title in papers})
    form = forms.PaperForm(
        request.POST or None, request.FILES or None, papers=papers, initial={"paper": wanted}
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.pop("file")
        file = (upload.name or "", upload.read()) if upload else None
        actions.attach_paper(request.actor, case=case, file=file, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("材料已归入"))
        return redirect("procedures:case", pk)
    return _page(request, case, form, _("归入材料"), _("归入"), upload=True)


@door("procedures.view")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper's file, always as a download."""
    found = queries.paper_for(request.actor, pk)
    answer = HttpResponse(content_of_attachment(found), content_type=MEDIA_TYPES[found.kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _change(
    request: HttpRequest, pk: int, act: Done, title: str, button: str, done: str, **more: Any
) -> HttpResponse:
    case = queries.case_for(request.actor, pk)
    form = forms.HappeningForm(request.POST or None, initial={"on": clock.today(request)})
    if request.method == "POST" and form.is_valid():
        act(request.actor, case=case, now=clock.now(request), **form.cleaned_data, **more)
        messages.success(request, done)
        return redirect("procedures:case", pk)
    return _page(request, case, form, title, button)


def _page(
    request: HttpRequest, case: Any, form: Any, title: str, button: str, *, upload: bool = False
) -> HttpResponse:
    context = {
        "form": form, "case": case, "title": title, "button": button, "upload": upload,
        "crumbs": [(case.organisation.name, None)],
    }  # fmt: skip
    return render(request, "procedures/change.html", context)
