"""The public board as those who keep it see it: its address, its poster."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.notices import actions, gathering, queries
from zhibu.ui import clock
from zhibu.ui.asked import coming_back, number, of_branch
from zhibu.ui.doors import door
from zhibu.ui.squares import square


@door("notices.view")
def own_board(request: HttpRequest) -> HttpResponse:
    """The address of the board, and the way to its poster."""
    return render(request, "notices/own_board.html", _board(request, "notices.view"))


@door("notices.view")
def poster(request: HttpRequest) -> HttpResponse:
    """A sheet of A4 that leads to the board."""
    return render(request, "notices/poster.html", _board(request, "notices.view"))


@door("notices.view")
def wall(request: HttpRequest) -> HttpResponse:
    """Everything that stands on the board, on one sheet to print: A3, or A4."""
    context = _board(request, "notices.view")
    today = clock.today(request)
    rows, board = queries.running(context["organisation"], today), queries.board_of(context["organisation"])
    told = gathering.told_on(board, today) if board else []
    paper = "A4" if request.GET.get("paper") == "A4" else "A3"
    return render(request, "notices/wall.html", context | {"rows": rows, "told": told, "paper": paper})


@door("notices.renew_board", once=True)
def renew_board(request: HttpRequest) -> HttpResponse:
    """Give the board its address, or another one."""
    context = _board(request, "notices.renew_board")
    if request.method == "POST":
        actions.renew_board(request.actor, organisation=context["organisation"], now=clock.now(request))
        messages.success(request, _("公示栏网址已更新") if context["address"] else _("公示栏已开设"))
        return redirect(coming_back(request) or of_branch("notices:own_board", context["organisation"].pk))
    return render(request, "notices/renew_board.html", context | {"back": coming_back(request)})


def _board(request: HttpRequest, verb: str) -> dict[str, Any]:
    organisation = queries.holder_for(request.actor, number(request, "organisation"), verb)
    slug = queries.board_address(organisation)
    address = request.build_absolute_uri(reverse("board:board", args=[slug])) if slug else ""
    return {
        "organisation": organisation,
        "address": address,
        "square": square(address) if address else "",
        "may_renew": may(request.actor, "notices.renew_board", organisation.path),
        "running": len(queries.running(organisation, clock.today(request))),
        "holders": queries.holders(request.actor, verb),
        "crumbs": [(organisation.name, None)],
    }
