"""Accounts of one's part of the tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.accounts import actions, handover, policies, queries
from zhibu.accounts.forms import CreateAccountForm, DeactivateForm
from zhibu.accounts.views.entered import Entered
from zhibu.ui import clock, listing
from zhibu.ui.doors import door

STATES = ("active", "inactive", "operator")


@door("accounts.view")
def accounts(request: Entered) -> HttpResponseBase:
    """账号一览。"""
    state = request.GET.get("state", "")
    rows = queries.accounts(
        request.actor,
        clock.today(request),
        request.GET.get("q", "").strip(),
        state if state in STATES else "",
    )
    told = {"page": listing.page_of(request, rows), "all": policies.everywhere(request.actor, policies.VIEW)}
    return render(request, "accounts/accounts.html", told)


@door("accounts.view")
def account(request: Entered, pk: int) -> HttpResponseBase:
    """一个账号；刚设立或重置时显示一次性密码，只显示一次。"""
    today = clock.today(request)
    shown = queries.account_for(request.actor, pk, today)
    posts = queries.posts_of(shown.person_id, today)
    told = {
        "account": shown,
        "places": queries.places_of(shown, today),
        "password": handover.take(request, shown.pk),
        "manageable": policies.may_manage(request.actor, shown, posts, policies.VIEW) is None,
        "own": shown.pk == request.actor.user,
        "crumbs": [(_("账号"), ".."), (shown.username, None)],
    }
    return render(request, "accounts/account.html", told)


@door("accounts.create_account")
def choose_person(request: Entered) -> HttpResponseBase:
    """为谁设立账号：还没有账号的同志，先列担任职务的。"""
    today, search = clock.today(request), request.GET.get("q", "").strip()
    everyone = bool(search) or request.GET.get("who") == "all"
    page = listing.page_of(
        request, queries.people_without_account(request.actor, today, search, posted=not everyone)
    )
    where = queries.standings_of((row.id for row in page), today)
    told = {
        "page": page,
        "people": [(row, where[row.id]) for row in page],
        "everyone": everyone,
        "searching": bool(search),
        "slips_left": handover.slips_left(request),
        "may_make_operator": policies.may_make_operator(request.actor) is None,
    }
    return render(request, "accounts/choose_person.html", told)


@door("accounts.create_account", once=True)
def create_account(request: Entered, person: int | None = None) -> HttpResponseBase:
    """设立账号；没有同志的账号是系统管理员账号。"""
    today = clock.today(request)
    whose = None if person is None else queries.person_for(request.actor, person, today)
    form = CreateAccountForm(
        request.POST or None, name=whose.name if whose else "", phone=queries.phone_of(whose)
    )
    if request.method == "POST" and form.is_valid():
        username, phone = form.chosen()
        made, password = actions.create_account(
            request.actor, person=whose, is_operator=whose is None, username=username, phone=phone,
            now=clock.now(request), today=today,
        )  # fmt: skip
        handover.leave(request, made.pk, password)
        return redirect("accounts:account", made.pk)
    return render(request, "accounts/create_account.html", {"form": form, "whose": whose})


@door("accounts.reset_password", once=True)
@require_POST
def reset_password(request: Entered, pk: int) -> HttpResponseBase:
    """重置密码。"""
    today = clock.today(request)
    whose = queries.account_for(request.actor, pk, today, "accounts.reset_password")
    password = actions.reset_password(request.actor, account=whose, now=clock.now(request), today=today)
    handover.leave(request, whose.pk, password)
    return redirect("accounts:account", whose.pk)


@door("accounts.deactivate", once=True)
def deactivate(request: Entered, pk: int) -> HttpResponseBase:
    """停用账号。"""
    today = clock.today(request)
    whose = queries.account_for(request.actor, pk, today, "accounts.deactivate")
    form = DeactivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.deactivate(
            request.actor, account=whose, now=clock.now(request), today=today, **form.cleaned_data
        )
        messages.success(request, _("账号已停用，该账号的登录已结束。"))
        return redirect("accounts:account", whose.pk)
    return render(request, "accounts/deactivate.html", {"form": form, "account": whose})


@door("accounts.reactivate", once=True)
@require_POST
def reactivate(request: Entered, pk: int) -> HttpResponseBase:
    """恢复账号。"""
    today = clock.today(request)
    whose = queries.account_for(request.actor, pk, today, "accounts.reactivate")
    actions.reactivate(request.actor, account=whose, now=clock.now(request), today=today)
    messages.success(request, _("账号已恢复。"))
    return redirect("accounts:account", whose.pk)
