"""The public board: no sign-in, no cookie, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from zhibu.core.refusal import Refused
from zhibu.notices import actions, forms, keeping, queries
from zhibu.notices.models import Board, Notice
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock, rules
from zhibu.ui.doors import public_door

WHY = "公示栏面向群众，不登录就能看、能提意见"
SALT = "zhibu.board"
FORM_LASTS = timedelta(hours=12)
CSP = {
    "default-src": [NONE], "script-src": [NONE], "connect-src": [NONE], "worker-src": [NONE], "manifest-src": [NONE],
    "font-src": [NONE], "img-src": ["data:"], "style-src": [SELF], "form-action": [SELF],
}  # fmt: skip

sending = Throttle(number=20, seconds=3600)
asking = Throttle(number=30, seconds=600)
reading = Throttle(number=600, seconds=60)


class _TooOften(Exception):
    """One address asks for page after page."""


def _public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The headers of every page of the board: nothing learnt, nothing kept by others."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, noarchive"
        answer.setdefault("Cache-Control", "no-store")
        return answer

    # nobody is signed in here, so nobody can be made to act in one's own name; a token would need a cookie
    return csrf_exempt(public_door(WHY)(csp_replace(CSP)(entered)))


@_public
def board(request: HttpRequest, board: str) -> HttpResponse:
    """What stands on the board of an organisation."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        notices = queries.running(found.organisation, today)
        context = {
            "board": found,
            "organisation": found.organisation,
            "groups": [
                (_("正在公示"), [row for row in notices if row.reply == "objection"]),
                (_("党务公开"), [row for row in notices if row.reply != "objection"]),
            ],
            "below": queries.boards_below(found.organisation, today),
            "years": queries.years_past(found.organisation, today),
            "today": today,
        }
        return _page("board", context)

    return _answered(request, ("board", board), today, make)


@_public
def public_notice(request: HttpRequest, board: str, notice: str) -> HttpResponse:
    """One notice word for word while it runs; afterwards only that it was there."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        row = queries.notice_at(found, notice, today)
        shown = queries.is_shown(row, today)
        context = _of(found, row, today) | {"text": row.text if shown else ""}
        return _page("notice", context) if shown else _page("ended", context, 410)

    return _answered(request, ("notice", board, notice), today, make)


@_public
def past(request: HttpRequest, board: str, year: int) -> HttpResponse:
    """What ended in a year: kinds and days, nothing personal."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        years = queries.years_past(found.organisation, today)
        if year not in years:
            raise Http404(year)
        rows = queries.past(found.organisation, year, today)
        context = {
            "board": found,
            "organisation": found.organisation,
            "year": year,
            "years": years,
            "rows": rows,
        }
        return _page("past", context)

    return _answered(request, ("past", board, year), today, make)


@_public
def send_objection(request: HttpRequest, board: str, notice: str) -> HttpResponse:
    """The form of three fields, and the receipt."""
    today = clock.today(request)
    found = queries.board_at(board)
    row = queries.notice_at(found, notice, today)
    context = _of(found, row, today)
    if not queries.takes_replies(row):
        return _rendered("ended", context, 410)
    if request.method != "POST":
        return _form(context, row, forms.SendForm())
    form = forms.SendForm(request.POST)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _form(context, row, form, _("请在本页填写并提交。"), 403)
    nonce = _nonce(row, request.POST.get("token", ""))
    if nonce is None:
        return _form(context, row, form, _("页面打开太久，已经过期。您写的还在，请再提交一次。"), 400)
    if not form.is_valid():
        return _form(context, row, form, status=400)
    if not sending.allows(request, clock.now(request)):
        return _form(context, row, form, _("提交太频繁，请过一小时再试，或到受理单位当面反映。"), 429)
    code = queries.receipt_code(nonce)
    try:
        kept = actions.receive(notice=row, receipt=code, now=clock.now(request), **form.cleaned_data)
    except Refused as refused:
        return _form(context, row, form, rules.told(refused.refusals[0]).message, 409)
    return _rendered("sent", context | {"code": queries.code_shown(code), "late": kept.late})


@_public
def receipt(request: HttpRequest) -> HttpResponse:
    """The answer to an objection, for whoever holds its receipt."""
    if request.method != "POST":
        return _rendered("receipt", {})
    if not asking.allows(request, clock.now(request)):
        return _rendered("receipt", {"wrong": _("查询太频繁，请过十分钟再试。")}, 429)
    code = request.POST.get("code", "")[:40]
    found = queries.answer_for(code)
    if found is None:
        return _rendered("receipt", {"wrong": _("没有找到这个回执码，请核对。"), "code": code}, 404)
    return _rendered("receipt", {"found": found, "answer": queries.answer_of(found)})


def _of(board: Board, notice: Notice, today: date) -> dict[str, Any]:
    return {
        "board": board, "organisation": board.organisation, "notice": notice, "today": today,
        "shown": queries.is_shown(notice, today), "takes_replies": queries.takes_replies(notice),
        "is_late": today > notice.closes_on,
    }  # fmt: skip


def _form(
    context: dict[str, Any], notice: Notice, form: Any, wrong: str = "", status: int = 200
) -> HttpResponse:
    token = signing.dumps([notice.address, uuid4().hex], salt=SALT)
    return _rendered("send_objection", context | {"form": form, "token": token, "wrong": wrong}, status)


def _nonce(notice: Notice, token: str) -> str | None:
    """What makes this form one of its kind, when the form was ours, of this notice and not too old."""
    try:
        address, nonce = signing.loads(token[:300], salt=SALT, max_age=FORM_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(nonce) if address == notice.address else None


def _page(name: str, context: dict[str, Any], status: int = 200) -> keeping.Page:
    # without the request: no context of whoever is signed in, no token, no cookie
    language = "en" if (get_language() or "").startswith("en") else "zh-CN"
    return keeping.Page.of(
        render_to_string(f"notices/public/{name}.html", {"language": language, **context}), status
    )


def _rendered(name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    page = _page(name, context, status)
    return HttpResponse(page.body, status=page.status)


def _answered(
    request: HttpRequest, key: tuple[Any, ...], today: date, make: Callable[[], keeping.Page]
) -> HttpResponse:
    def made() -> keeping.Page:
        # only what must be made anew is counted: a crowd before one board is welcome
        if not reading.allows(request, clock.now(request)):
            raise _TooOften
        return make()

    try:
        page = keeping.kept((*key, get_language(), today), made)
    except _TooOften:
        return HttpResponse(
            _("访问太频繁，请过一分钟再试。"), status=429, content_type="text/plain; charset=utf-8"
        )
    if request.headers.get("If-None-Match") == page.tag and page.status == 200:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(page.body, status=page.status)
    answer["ETag"] = page.tag
    # a browser asks again each time, and mostly hears 304: what was withdrawn must not live on in caches
    answer["Cache-Control"] = "no-cache"
    answer["Vary"] = "Accept-Language"
    return answer
