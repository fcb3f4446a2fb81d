"""What waits for the superior, and how many stand at which step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core.authority import reaches
from zhibu.procedures import actions, forms, queries
from zhibu.procedures.told import Told
from zhibu.procedures.views import reading
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door("procedures.reply")
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for consent, approval, filing or review, in piles of one step each."""
    today = clock.today(request)
    piles = queries.piles(queries.waiting(request.actor, today), today)
    context = {
        "piles": piles, "today": today, "count": sum(len(each.lines) for each in piles),
        "piped": queries.of_people(), "may_reply": True,
    }  # fmt: skip
    return render(request, "procedures/inbox.html", context)


@door("procedures.bulk_reply", once=True)
def bulk_reply(request: HttpRequest, name: str, step: str) -> HttpResponse:
    """Answer several cases of one pile at once."""
    form = forms.BulkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        procedure = reading.procedure(name)
        chosen = queries.chosen(request.actor, procedure.id, step, request.POST.getlist("case"))
        told = Told(on=given["on"], reply=given["reply"], note=given["note"])
        taken = actions.bulk_reply(request.actor, cases=chosen, step=step, told=told, now=clock.now(request))
        words = ngettext("已答复 %(n)d 件", "已答复 %(n)d 件", len(taken))
        messages.success(request, words % {"n": len(taken)})
        return redirect("procedures:inbox")
    if request.method == "POST":
        messages.error(request, _("请写明答复日期"))
    return redirect("procedures:inbox")


@door("procedures.view")
def pipeline(request: HttpRequest, name: str) -> HttpResponse:
    """How many stand at which step of a procedure, and who is stuck where, and why."""
    today, procedure = clock.today(request), reading.procedure(name)
    organisation = number(request, "organisation")
    place = queries.organisation_for(request.actor, organisation, "procedures.view") if organisation else None
    stages = queries.pipeline(request.actor, procedure, today, place)
    stage = reading.word(request, "stage", {each.step for each in stages})
    show = "" if stage else "overdue"
    filters = queries.Filters(procedure=procedure.id, show=show, organisation=place, stage=stage)
    page = listing.page_of(request, queries.listed(request.actor, filters, today))
    context = {
        "procedure": procedure, "stages": stages, "stage": stage, "place": place, "page": page,
        "rows": queries.lines(page, today), "total": sum(each.count for each in stages),
        "late": sum(each.late for each in stages), "most": max((each.count for each in stages), default=0),
        "others": queries.of_people(), "may_reply": bool(reaches(request.actor, "procedures.reply")),
    }  # fmt: skip
    return render(request, "procedures/pipeline.html", context)
