"""Accounts for many at once: what a branch needs after its roster was imported, handed out on slips of paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.accounts import actions, handover, queries
from zhibu.accounts.models import User
from zhibu.accounts.views.entered import Entered
from zhibu.ui import clock, listing, squares
from zhibu.ui.doors import door


@door("accounts.create_account")
@require_POST
def create_together(request: Entered) -> HttpResponseBase:
    """为勾选的同志设立账号，一次最多一页。

    Sent twice it makes nobody anew: whoever has an account is not asked for one. Not `once`, which would keep everybody
    else's writing waiting while passwords are worked out.
    """
    asked = request.POST.getlist("person")[: listing.SIZE]
    ready = actions.passwords(len(queries.people_chosen(request.actor, clock.today(request), asked)))
    made = _made(request, asked, ready)
    if made:
        handover.leave_slips(request, made)
    elif not handover.slips_left(request):
        messages.warning(request, _("没有选人，请勾选后再设立。"))
        return redirect("accounts:choose_person")
    return redirect("accounts:slips")


@transaction.atomic
def _made(request: Entered, asked: list[str], ready: list[tuple[str, str]]) -> list[tuple[User, str]]:
    """All or none; the second of two clicks at once finds nobody left."""
    now, today = clock.now(request), clock.today(request)
    made = []
    for person, worked_out in zip(queries.people_chosen(request.actor, today, asked), ready, strict=False):
        name, phone = queries.free_sign_in(person)
        account, password = actions.create_account(
            request.actor,
            person=person,
            username=name,
            phone=phone,
            now=now,
            today=today,
            worked_out=worked_out,
        )
        made.append((account, password))
    return made


@door("accounts.create_account")
def slips(request: Entered) -> HttpResponseBase:
    """刚设立的账号，印成纸条分发；清除以后不再显示。"""
    if request.method == "POST":
        handover.clear_slips(request)
        messages.success(request, _("一次性密码已清除。没有领到的，重置密码再发。"))
        return redirect("accounts:choose_person")
    today = clock.today(request)
    new = queries.accounts_new(request.actor, handover.slips_of(request), today)
    places = queries.standings_of([each.person_id for each in new if each.person_id], today)
    rows: list[dict[str, Any]] = [
        {"account": account, "places": places.get(account.person_id or 0, ()), "password": password}
        for account, password in handover.slips(request, new)
    ]
    address = request.build_absolute_uri("/")
    told = {"rows": rows, "address": address, "square": squares.square(address)}
    answer = render(request, "accounts/slips.html", told)
    answer["Cache-Control"] = "no-store"
    return answer
