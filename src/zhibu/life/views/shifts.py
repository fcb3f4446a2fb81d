"""The shift roster of a branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from zhibu.life import actions, forms, imports, queries
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door

SHOWN_WRONG = 100


@door("life.import_shifts", once=True)
def import_shifts(request: HttpRequest) -> HttpResponse:
    """Upload a roster; what is wrong in it is named row by row, and then nothing is taken."""
    organisation, _group = queries.place_for(
        request.actor, "life.import_shifts", number(request, "organisation"), None
    )
    form, roster = forms.ShiftsForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        roster = imports.check_shifts(file.read(), organisation=organisation, file_name=file.name or "")
        if not roster.wrong:
            taken = actions.import_shifts(
                request.actor, organisation=organisation, roster=roster, now=clock.now(request)
            )
            words = ngettext("已导入 %(n)d 条排班", "已导入 %(n)d 条排班", taken) % {"n": taken}
            messages.success(request, words)
            answer = redirect("life:import_shifts")
            answer["Location"] += f"?organisation={organisation.pk}"
            return answer
    context = {
        "form": form, "roster": roster, "wrong": roster.wrong[:SHOWN_WRONG] if roster else (),
        "organisation": organisation, "days": queries.shift_days(organisation, clock.today(request)),
        "branches": queries.branches(request.actor, "life.import_shifts")[:50],
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/import_shifts.html", context)
