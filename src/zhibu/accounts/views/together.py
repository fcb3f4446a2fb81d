"""Accounts for many at once: what a branch needs after its roster was imported, handed out on slips of paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.accounts import actions, handover, queries
from zhibu.accounts.views.entered import Entered
from zhibu.ui import clock, listing, squares
from zhibu.ui.doors import door


@door("accounts.create_account", once=True)
@require_POST
def create_together(request: Entered) -> HttpResponseBase:
    """为勾选的同志设立账号，一次最多一页。"""
    now, today = clock.now(request), clock.today(request)
    chosen = queries.people_chosen(request.actor, today, request.POST.getlist("person")[: listing.SIZE])
    made = []
    for person in chosen:
        known = queries.free_sign_in(person)
        account, password = actions.create_account(
            request.actor, person=person, now=now, today=today, username=known[0], phone=known[1]
        )
        made.append((account.pk, password))
    if not made:
        messages.warning(request, _("没有选人，请勾选后再设立。"))
        return redirect("accounts:choose_person")
    handover.leave_slips(request, made)
    return redirect("accounts:slips")


@door("accounts.create_account")
def slips(request: Entered) -> HttpResponseBase:
    """刚设立的账号，印成纸条分发；清除以后不再显示。"""
    if request.method == "POST":
        handover.clear_slips(request)
        messages.success(request, _("一次性密码已清除。没有领到的，重置密码再发。"))
        return redirect("accounts:choose_person")
    today, left = clock.today(request), handover.slips(request)
    rows: list[dict[str, Any]] = [
        {"account": account, "places": queries.places_of(account, today), "password": left[account.pk]}
        for account in queries.accounts_new(request.actor, left, today)
    ]
    address = request.build_absolute_uri("/")
    told = {"rows": rows, "address": address, "square": squares.square(address)}
    answer = render(request, "accounts/slips.html", told)
    answer["Cache-Control"] = "no-store"
    return answer
