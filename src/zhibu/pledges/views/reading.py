"""Who has promised what, and what is printed of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhibu.core.authority import may
from zhibu.notices.queries import board_address
from zhibu.pledges import policies, queries
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.squares import square

ON_ONE_SHEET = 1800
"""Characters of pledges that a sheet of A3 takes in large letters; more are printed smaller, and may go on overleaf."""


def here(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "organisation": branch,
        "branches": queries.branches(request.actor),
        "may_publish": may(request.actor, policies.PUBLISH, branch.path),
        "may_withdraw": may(request.actor, policies.WITHDRAW, branch.path),
        "may_mark": may(request.actor, policies.MARK_BRANCH, branch.path),
        "may_make": may(request.actor, policies.MAKE, branch.path),
        "crumbs": [(branch.name, None)],
    }


@door(policies.VIEW)
def pledges(request: HttpRequest) -> HttpResponse:
    """The year's pledges; who has not made one is seen by the committee and above."""
    today = clock.today(request)
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    asked = number(request, "year")
    year = asked if asked in (today.year - 1, today.year) else today.year
    found = queries.promises(branch, year, today)
    actor, whole = request.actor, policies.sees_all(request.actor, branch)
    mine = next((each for each in found if each.person == actor.person), None)
    context = here(request, branch) | {
        "rows": [each for each in found if whole or each.pledge], "counts": queries.counted(found), "whole": whole,
        "mine": mine, "mark_due": mine is not None and queries.own_mark_due(mine.person, today), "year": year, "this": today.year, "last": today.year - 1, "this_year": year == today.year,
        "board": board_address(branch), "years": policies.sees_marks(actor, branch),
        "waiting": sum(each.state == "waits" and each.person != actor.person for each in found),
    }  # fmt: skip
    return render(request, "pledges/pledges.html", context)


@door(policies.PUBLISH)
def cards(request: HttpRequest) -> HttpResponse:
    """Cards and badges on sheets of A4, to print and cut; each leads to the public pledge of its bearer."""
    branch, found = _printed(request)
    only = number(request, "person")
    rows = [(each, _square(request, each)) for each in found if only in (None, each.person)]
    context = here(request, branch) | {
        "rows": rows, "badges": request.GET.get("form") == "badge", "only": only,
        "faces": queries.with_portrait(branch),
    }  # fmt: skip
    return render(request, "pledges/cards.html", context)


@door(policies.VIEW)
def wall(request: HttpRequest) -> HttpResponse:
    """The supervision board on one sheet of A3: only what the branch has published."""
    branch, found = _printed(request)
    address = _board(request, branch)
    rows = [each for each in found if each.state == "shown"]
    context = here(request, branch) | {
        "rows": rows, "dense": sum(len(each.text) for each in rows) > ON_ONE_SHEET, "year": clock.today(request).year,
        "address": address, "square": square(address) if address else "", "faces": queries.with_portrait(branch),
    }  # fmt: skip
    return render(request, "pledges/wall.html", context)


def _printed(request: HttpRequest) -> tuple[Organisation, list[queries.Promise]]:
    today = clock.today(request)
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    return branch, queries.promises(branch, today.year, today)


def _board(request: HttpRequest, branch: Organisation) -> str:
    slug = board_address(branch)
    return request.build_absolute_uri(reverse("board:board", args=[slug])) if slug else ""


def _square(request: HttpRequest, promise: queries.Promise) -> str:
    """Leads to the public pledge; without one there is nothing to lead to, and the card has no square."""
    if promise.state != "shown" or promise.notice is None or not promise.notice.address:
        return ""
    slug = board_address(promise.notice.organisation)
    return square(
        request.build_absolute_uri(reverse("board:public_notice", args=[slug, promise.notice.address]))
    )
