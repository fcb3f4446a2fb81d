"""Screens: the page a player opens by its secret address, and the desk from which its slogans are set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import SELF
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhibu.core.authority import may
from zhibu.notices import actions, forms, keeping, queries
from zhibu.notices.answering import CSP, answered, page, public
from zhibu.notices.models import SLOGANS
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.squares import square

WHY = "电子屏的播放器没有人登录，凭保密网址打开"
POLICY = CSP | {"script-src": [SELF], "connect-src": [SELF], "worker-src": [SELF]}
USUAL_DAYS = 30


@public(WHY, POLICY)
def screen(request: HttpRequest, address: str, only: str = "") -> HttpResponse:
    """What a player shows."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.screen_at(address)
        board = request.build_absolute_uri(reverse("board:board", args=[found.address]))
        context = {
            "organisation": found.organisation,
            "slides": queries.slides(found, today, queries.only_kind(only) if only else ""),
            "square": square(board),
            "board": board,
            "today": today,
            "pretended": clock.is_pretended(),
        }
        return page("screen", context)

    return answered(request, ("screen", request.get_host(), request.is_secure(), address, only), today, make)


@public(WHY, POLICY)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the last page again when a player starts without a network."""
    made = page("worker.js", {}, media="text/javascript; charset=utf-8")
    return HttpResponse(made.body, content_type=made.media)


@door("notices.view")
def own_screen(request: HttpRequest) -> HttpResponse:
    """Slogans now, before and to come; the secret address; a form for one more."""
    context = _desk(request, "notices.view")
    return render(request, "notices/own_screen.html", context)


@door("notices.publish", once=True)
def add_slogan(request: HttpRequest) -> HttpResponse:
    """Put up one slogan from one day to another."""
    organisation = queries.holder_for(request.actor, number(request, "organisation"), "notices.publish")
    today = clock.today(request)
    initial = {"opens_on": today, "closes_on": today + timedelta(days=USUAL_DAYS)}
    form = forms.SloganForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.publish(request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("标语已加入"))
        return redirect(f"{reverse('notices:own_screen')}?organisation={organisation.pk}")
    context = {"form": form, "organisation": organisation, "crumbs": [(organisation.name, None)]}
    return render(request, "notices/add_slogan.html", context)


@door("notices.renew_screen", once=True)
def renew_screen(request: HttpRequest) -> HttpResponse:
    """Give the screens an address, or another one."""
    context = _desk(request, "notices.renew_screen")
    if request.method == "POST":
        actions.renew_screen(request.actor, organisation=context["organisation"], now=clock.now(request))
        messages.success(
            request,
            _("电子屏网址已更新，请在播放器上打开新网址")
            if context.get("address")
            else _("电子屏已启用，请在播放器上打开网址"),
        )
        return redirect(f"{reverse('notices:own_screen')}?organisation={context['organisation'].pk}")
    return render(request, "notices/renew_screen.html", context)


@door("notices.close_screen", once=True)
def close_screen(request: HttpRequest) -> HttpResponse:
    """Take the address away."""
    context = _desk(request, "notices.close_screen")
    if request.method == "POST":
        actions.close_screen(request.actor, organisation=context["organisation"], now=clock.now(request))
        messages.success(request, _("电子屏网址已停用"))
        return redirect(f"{reverse('notices:own_screen')}?organisation={context['organisation'].pk}")
    return render(request, "notices/renew_screen.html", context | {"closing": True})


def _desk(request: HttpRequest, verb: str) -> dict[str, Any]:
    organisation = queries.holder_for(request.actor, number(request, "organisation"), verb)
    today = clock.today(request)
    rows = queries.slogans(request.actor, organisation)
    may_change = may(request.actor, "notices.renew_screen", organisation.path)
    return {
        "organisation": organisation,
        "running": [row for row in rows if row.opens_on <= today <= row.closes_on],
        "coming": [row for row in rows if row.opens_on > today],
        "ended": [row for row in rows if row.closes_on < today][:20],
        "today": today,
        "may_change": may_change,
        "may_add": may(request.actor, "notices.publish", organisation.path),
        "holders": queries.holders(request.actor, verb),
        "crumbs": [(organisation.name, None)],
        **(_addresses(request, organisation) if may_change else {}),
    }


def _addresses(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """The secret address, for whoever may renew it and for nobody else."""
    secret = queries.screen_address(organisation)
    if not secret:
        return {}
    whole = request.build_absolute_uri(reverse("screen:screen", args=[secret]))
    parts = [(str(kind.label), f"{whole}{kind.value.removeprefix('slogan_')}/") for kind in SLOGANS]
    parts.append((_("党员监督台"), f"{whole}{queries.PLEDGES}/"))
    return {"address": whole, "parts": parts, "square": square(whole)}
