"""The public board: no sign-in, no cookie, no script, nothing from elsewhere."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.refusal import Refused
from zhibu.notices import actions, forms, gathering, keeping, queries
from zhibu.notices.actions.checks import numbers_in
from zhibu.notices.answering import SLIP, answered, form_answered, page, public, rendered
from zhibu.notices.models import Board, Notice, NoticeKind
from zhibu.notices.slips import nonce_of, slip
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock, rules

WHY = "公示栏面向群众，不登录就能看、能提意见"
ATOM = "application/atom+xml; charset=utf-8"

sending = Throttle(number=20, seconds=3600)
asking = Throttle(number=30, seconds=600)


@public(WHY)
def board(request: HttpRequest, board: str) -> HttpResponse:
    """What stands on the board of an organisation."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        notices = queries.running(found.organisation, today)
        context = {
            "board": found,
            "organisation": found.organisation,
            "groups": queries.gathered(notices, gathering.told_on(found, today)),
            "below": queries.boards_below(found.organisation, today),
            "years": queries.years_past(found.organisation, today),
            "today": today,
        }
        return page("board", context)

    return answered(request, ("board", board), today, make)


@public(WHY)
def public_notice(request: HttpRequest, board: str, notice: str) -> HttpResponse:
    """One notice word for word while it runs; afterwards only that it was there."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        row = queries.notice_at(found, notice, today)
        shown = queries.is_shown(row, today)
        context = _of(found, row, today) | {"text": row.text if shown else "", "beside": _beside(found, row)}
        return page("notice", context) if shown else page("ended", context, 410)

    return answered(request, ("notice", board, notice), today, make)


@public(WHY)
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
        return page("past", context)

    return answered(request, ("past", board, year), today, make)


@public(WHY)
def feed(request: HttpRequest, board: str) -> HttpResponse:
    """What stands on the board, for feed readers: kinds, titles and days. A title that names a person stays on the board,
    because readers keep what they once saw.
    """
    today = clock.today(request)

    def make() -> keeping.Page:
        found = queries.board_at(board)
        rows = queries.running(found.organisation, today)
        since = queries.shown_since(rows)
        entries = [
            (row, row.subject_id is not None or queries.publication(row.kind).about_person, since.get(row.pk))
            for row in rows
        ]
        home = request.build_absolute_uri("/").rstrip("/")
        told = gathering.told_on(found, today)
        days = (datetime.combine(each.since, time(), timezone.get_current_timezone()) for each in told)
        updated = max((*since.values(), *days), default=None)
        context = {
            "board": found, "organisation": found.organisation, "entries": entries, "home": home, "told": told,
        }  # fmt: skip
        return page("feed.xml", context | {"updated": updated, "today": today}, media=ATOM)

    return answered(request, ("feed", request.get_host(), request.is_secure(), board), today, make)


@public(WHY)
def send_objection(request: HttpRequest, board: str, notice: str) -> HttpResponse:
    """The form of three fields, and the receipt."""
    today = clock.today(request)
    if request.method != "POST":
        return form_answered(
            request, ("comment", board, notice), today, lambda: _empty(board, notice, today), notice
        )
    found = queries.board_at(board)
    row = queries.notice_at(found, notice, today)
    context = _of(found, row, today)
    if not queries.takes_replies(row):
        return rendered("ended", context, 410)
    form = forms.SendForm(request.POST, pledge=context["pledge"])
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _form(context, row, form, _("请在本页填写并提交。"), 403)
    nonce = nonce_of(row.address or "", request.POST.get("token", ""))
    if nonce is None:
        return _form(context, row, form, _("页面打开太久，已经过期。您写的还在，请再提交一次。"), 400)
    if not form.is_valid():
        return _form(context, row, form, status=400)
    if numbers_in(form.cleaned_data["text"]) and not form.cleaned_data["noticed"]:
        warned = _("内容里像是有电话或身份证号码。能不写的请删去；确实要写的，勾选后再提交。")
        return _form(context | {"warned": True}, row, form, warned, 409)
    if not sending.allows(request, clock.now(request)):
        return _form(context, row, form, _("提交太频繁，请过一小时再试，或到受理单位当面反映。"), 429)
    code = queries.receipt_code(nonce)
    try:
        kept = actions.receive(notice=row, receipt=code, now=clock.now(request), **form.values())
    except Refused as refused:
        return _form(context, row, form, rules.told(refused.refusals[0]).message, 409)
    return rendered("sent", context | {"code": queries.code_shown(code), "late": kept.late})


@public(WHY)
def receipt(request: HttpRequest) -> HttpResponse:
    """The answer to an objection, for whoever holds its receipt."""
    if request.method != "POST":
        return rendered("receipt", {})
    if not asking.allows(request, clock.now(request)):
        return rendered("receipt", {"wrong": _("查询太频繁，请过十分钟再试。")}, 429)
    code = request.POST.get("code", "")[:40]
    found = queries.answer_for(code)
    if found is None:
        return rendered("receipt", {
            "wrong": _("没有找到这个回执码，请核对。咨询、建议和反映问题的回执码，在支部门户里查。"), "code": code,
        }, 404)  # fmt: skip
    return rendered("receipt", {"found": found, "answer": queries.answer_of(found)})


def _of(board: Board, notice: Notice, today: date) -> dict[str, Any]:
    return {
        "board": board, "organisation": board.organisation, "notice": notice, "today": today,
        "shown": queries.is_shown(notice, today), "takes_replies": queries.takes_replies(notice),
        "is_late": today > notice.closes_on, "pledge": notice.kind == NoticeKind.PLEDGE,
    }  # fmt: skip


def _beside(board: Board, notice: Notice) -> str:
    """The page a room above keeps for notices of this kind, by its name; "" when none does."""
    try:
        return reverse(f"board_beside:{notice.kind}", args=[board.address])
    except NoReverseMatch:
        return ""


def _empty(board: str, notice: str, today: date) -> keeping.Page:
    found = queries.board_at(board)
    row = queries.notice_at(found, notice, today)
    context = _of(found, row, today)
    if not queries.takes_replies(row):
        return page("ended", context, 410)
    form = forms.SendForm(pledge=context["pledge"])
    return page("send_objection", context | {"form": form, "token": SLIP, "wrong": ""})


def _form(
    context: dict[str, Any], notice: Notice, form: Any, wrong: str = "", status: int = 200
) -> HttpResponse:
    token = slip(notice.address or "")
    return rendered("send_objection", context | {"form": form, "token": token, "wrong": wrong}, status)
