"""The ways on which people are told outside: groups, letters, one's own mailbox."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.accounts import actions, queries, reaching
from zhibu.accounts.forms import ChannelForm, MailboxForm, MailCodeForm
from zhibu.accounts.queries import channels as found
from zhibu.record.models import LetterState
from zhibu.ui import clock, listing
from zhibu.ui.doors import door

STATES = ("trouble", *LetterState.values)


@door("accounts.connect_channel", once=True)
def connect_channel(request: HttpRequest) -> HttpResponse:
    """接入的群；再接入一个。"""
    branches = found.branches_to_connect(request.actor)
    wanted = request.GET.get("organisation", "")
    chosen = next((pk for pk, _name in branches if str(pk) == wanted), branches[0][0] if branches else None)
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and chosen is not None and form.is_valid():
        place = found.branch_to_connect(request.actor, chosen)
        channel = actions.connect_channel(
            request.actor, organisation=place, now=clock.now(request), **form.cleaned_data
        )
        actions.try_channel(request.actor, channel=channel, now=clock.now(request))
        messages.success(request, _("已接入，并往群里发了一条试验消息"))
        return redirect("accounts:connect_channel")
    context = {
        "form": form, "rows": listing.page_of(request, found.channels(request.actor)), "branches": branches[:50],
        "chosen": chosen, "mail_is_on": reaching.mail_is_on(),
    }  # fmt: skip
    return render(request, "accounts/connect_channel.html", context)


@door("accounts.disconnect_channel", once=True)
@require_POST
def disconnect_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """断开一个群。"""
    channel = found.channel_for(request.actor, pk, "accounts.disconnect_channel")
    actions.disconnect_channel(request.actor, channel=channel, now=clock.now(request))
    messages.success(request, _("已断开，密钥已删除"))
    return redirect("accounts:connect_channel")


@door("accounts.try_channel", once=True)
@require_POST
def try_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """试发一条。"""
    channel = found.channel_for(request.actor, pk, "accounts.try_channel")
    actions.try_channel(request.actor, channel=channel, now=clock.now(request))
    messages.success(request, _("试验消息已交付发送，结果见“对外通知”"))
    return redirect("accounts:letters")


@door("accounts.send_again")
def letters(request: HttpRequest) -> HttpResponse:
    """对外通知：发出了没有，没有的为什么。"""
    asked = request.GET.get("state", "")
    page = listing.page_of(request, found.letters(request.actor, state=asked if asked in STATES else ""))
    context = {"page": page, "rows": found.names_of(list(page)), "states": LetterState.choices}
    return render(request, "accounts/letters.html", context)


@door("accounts.send_again", once=True)
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """再次发送一条。"""
    letter, place = found.letter_for(request.actor, pk)
    actions.send_again(request.actor, letter=letter, organisation=place, now=clock.now(request))
    messages.success(request, _("已排队再次发送"))
    return redirect("accounts:letters")


@door("accounts.set_mailbox")
def set_mailbox(request: HttpRequest) -> HttpResponse:
    """填写邮箱，填回验证码。"""
    form = MailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, person = form.cleaned_data["address"], request.actor.person or 0
        actions.set_mailbox(request.actor, person=person, address=address, now=clock.now(request))
        messages.success(request, _("验证码已发往这个邮箱"))
        return redirect("accounts:set_mailbox")
    context = {
        "form": form, "code": MailCodeForm(), "mailbox": queries.mailbox_of(request.actor.person),
        "mail_is_on": reaching.mail_is_on(),
    }  # fmt: skip
    return render(request, "accounts/set_mailbox.html", context)


@door("accounts.confirm_mailbox")
@require_POST
def confirm_mailbox(request: HttpRequest) -> HttpResponse:
    """填回验证码。"""
    form = MailCodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    person = request.actor.person or 0
    if actions.confirm_mailbox(request.actor, person=person, code=code, now=clock.now(request)):
        messages.success(request, _("邮箱已启用，会议通知会发到这里"))
    else:
        messages.error(request, _("验证码不对"))
    return redirect("accounts:set_mailbox")


@door("accounts.forget_mailbox")
@require_POST
def forget_mailbox(request: HttpRequest) -> HttpResponse:
    """删除邮箱。"""
    actions.forget_mailbox(request.actor, person=request.actor.person or 0, now=clock.now(request))
    messages.success(request, _("邮箱已删除"))
    return redirect("accounts:set_mailbox")
