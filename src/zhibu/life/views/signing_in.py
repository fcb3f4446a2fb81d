"""Signing in by the code in the room."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.refusal import refuse_if
from zhibu.life import actions, codes, queries
from zhibu.ui import clock
from zhibu.ui.doors import door
from zhibu.ui.squares import square


@door("life.open_sign_in", once=True)
@require_POST
def open_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Open signing in, and show the code."""
    found = queries.session_for(request.actor, pk)
    actions.open_sign_in(request.actor, session=found, now=clock.now(request))
    return redirect("life:code", pk)


@door("life.close_sign_in", once=True)
@require_POST
def close_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """End signing in."""
    found = queries.session_for(request.actor, pk)
    actions.close_sign_in(request.actor, session=found, now=clock.now(request))
    messages.success(request, _("扫码签到已结束"))
    return redirect("life:conduct", pk)


@door("life.open_sign_in")
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code for the screen of the room; the page asks for the next one by itself."""
    found = queries.session_for(request.actor, pk)
    window = queries.window_of(found)
    refuse_if(actions.is_open(window, found))
    if window is None:
        return redirect("life:conduct", pk)
    shown = codes.code_at(window, clock.now(request))
    address = request.build_absolute_uri(f"{reverse('life:sign_in', args=[pk])}?code={shown}")
    calling = queries.calling(found, clock.today(request))
    context = {
        "session": found, "square": square(address), "arrived": len(calling.arrived),
        "expected": calling.due,
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(request, "life/_code.html" if part else "life/code.html", context)


@door("life.sign_in", once=True)
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """What the phone shows after the code was read: one button."""
    found, now = queries.meeting_to_sign_in_at(request.actor, pk), clock.now(request)
    if request.method == "POST":
        actions.sign_in(request.actor, session=found, ticket=request.POST.get("ticket", ""), now=now)
        return redirect("life:signed_in", pk)
    window = queries.window_of(found)
    refuse_if(actions.is_open(window, found), codes.code_good(window, request.GET.get("code", ""), now))
    context = {"session": found, "ticket": codes.ticket_for(pk, request.actor.user, now)}
    return render(request, "life/sign_in.html", context)


@door("life.sign_in")
def signed_in(request: HttpRequest, pk: int) -> HttpResponse:
    """That one has signed in."""
    found = queries.meeting_to_sign_in_at(request.actor, pk)
    done = request.actor.person in queries.arrived(found)
    return render(request, "life/signed_in.html", {"session": found, "done": done})
