"""From the resolutions of a meeting to who does what by when."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from zhibu.life import actions, queries
from zhibu.life.forms.following import follow_lines
from zhibu.ui import clock
from zhibu.ui.doors import door
from zhibu.undertakings.queries import people


@door("life.follow_up", once=True)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One page, one step: tick what is to be done, name who and by when."""
    found, today = queries.session_for(request.actor, pk), clock.today(request)
    items = queries.decided(request.actor, found, today)
    data = request.POST if request.method == "POST" else None
    lines = follow_lines(data, items, people(found.organisation, today), today)
    if data is not None and all([line.is_valid() for line in lines]):  # noqa: C419 - every line says its errors
        what = [line.what() for line in lines if line.cleaned_data["use"]]
        made = actions.follow_up(request.actor, session=found, what=what, now=clock.now(request))
        told = ngettext("%(n)d 件已落实到人", "%(n)d 件已落实到人", len(made)) % {"n": len(made)}
        messages.success(request, told)
        return redirect("life:session", pk)
    context = {
        "session": found, "lines": lines, "followed": queries.followed(request.actor, found, today),
        "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/follow_up.html", context)
