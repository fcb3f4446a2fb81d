"""One's own page: my sign-ins, my second factor, my language, my data, and who looked at them."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.accounts import actions, policies, queries, second_factor
from zhibu.accounts.adapters import remember_language
from zhibu.accounts.forms import LanguageForm
from zhibu.accounts.sessions import DEVICES
from zhibu.accounts.views.entered import Entered
from zhibu.core.refusal import Refusal, Refused
from zhibu.ui import clock
from zhibu.ui.doors import holds, signed_in


@signed_in
def me(request: Entered) -> HttpResponseBase:
    """我的账号。"""
    user = request.user
    told = {
        "person": user.person,
        "posts": queries.places_of(user, clock.today(request)),
        "sign_ins": [
            (
                DEVICES.get(each.device, _("其他设备")),
                each.begun_at,
                each.session_key == request.session.session_key,
            )
            for each in queries.sign_ins_of(user, clock.now(request))
        ],
        "has_second_factor": second_factor.has_one(user),
        "looks": queries.looks_shown(user),
        "mailbox": queries.mailbox_of(user.person_id),
        "tells_groups": holds(request.actor, "accounts.connect_channel"),
        "keeps_accounts": holds(request.actor, policies.VIEW),
        "language": LanguageForm(initial={"language": get_language()}),
    }
    return render(request, "accounts/me.html", told)


@signed_in
def no_password(_request: Entered) -> HttpResponseBase:
    """没有密码的账号没有可改的密码：由管理员设一个。"""
    raise Refused(
        Refusal(
            "accounts.no_password",
            _("这个账号还没有密码，不能修改"),
            remedy=_("请系统管理员在“账号”页面重置密码"),
            who=_("系统管理员"),
        )
    )


@signed_in
def my_data(request: Entered) -> HttpResponseBase:
    """下载我的资料：一个 JSON 文件。"""
    told = queries.my_data(request.user, clock.now(request))
    answer = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@signed_in
@require_POST
def change_language(request: Entered) -> HttpResponseBase:
    """选择界面语言。"""
    form = LanguageForm(request.POST)
    answer = redirect("accounts:me")
    if form.is_valid():
        language = form.cleaned_data["language"]
        actions.change_language(
            request.actor, account=request.user, language=language, now=clock.now(request)
        )
        remember_language(answer, language)
    return answer


@signed_in
@require_POST
def end_sign_ins(request: Entered) -> HttpResponseBase:
    """在其他设备上退出。"""
    actions.end_sign_ins(
        request.actor, account=request.user, keep=request.session.session_key, now=clock.now(request)
    )
    messages.success(request, _("其他设备上的登录已结束。"))
    return redirect("accounts:me")
