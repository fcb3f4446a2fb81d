"""The public portal: three doors, no sign-in, no cookie, no script."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhibu.core.refusal import Refused
from zhibu.letters import actions, forms, policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.models import ON_PORTAL, BulletinKind, LetterKind
from zhibu.notices import keeping
from zhibu.notices import queries as notices
from zhibu.notices.answering import answered, page, public, reading, rendered
from zhibu.notices.models import Board
from zhibu.notices.slips import nonce_of, slip
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock, rules
from zhibu.ui.language import pick

WHY = "门户面向党员和群众，不登录就能看、能学、能问"
LONGEST_QUESTION = 60

sending = Throttle(number=20, seconds=3600)
asking = Throttle(number=30, seconds=600)


@public(WHY)
def front(request: HttpRequest, board: str) -> HttpResponse:
    """Three doors, and what is new."""
    today = clock.today(request)
    question = _question(request)
    if question:
        return _searched(request, board, question)

    def make() -> keeping.Page:
        found = notices.board_at(board)
        return _page("front", found, {"shown": queries.front(found), "today": today})

    return answered(request, ("portal", board), today, make)


@public(WHY)
def work(request: HttpRequest, board: str) -> HttpResponse:
    """支部工作: what is published, by kind, and the way to the board."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in BulletinKind.values else ""

    def make() -> keeping.Page:
        found = notices.board_at(board)
        rows = list(queries.bulletins_shown(found, kind)[: queries.MOST])
        return _page("work", found, {"rows": rows, "kind": kind, "kinds": ON_PORTAL})

    return answered(request, ("portal work", board, kind), clock.today(request), make)


@public(WHY)
def bulletin(request: HttpRequest, board: str, address: str) -> HttpResponse:
    """One bulletin."""

    def make() -> keeping.Page:
        found = notices.board_at(board)
        return _page("bulletin", found, {"row": queries.bulletin_at(found, address)})

    return answered(request, ("portal bulletin", board, address), clock.today(request), make)


@public(WHY)
def ask(request: HttpRequest, board: str) -> HttpResponse:
    """我要咨询: what others asked, and the way to ask."""
    question = _question(request)
    if question:
        return _searched(request, board, question)
    today = clock.today(request)

    def make() -> keeping.Page:
        found = notices.board_at(board)
        doors = [
            (kind, pick(policies.rule(kind).door))
            for kind in LetterKind.values
            if policies.rule(kind).from_public
        ]
        rows = list(queries.questions_shown(found)[: queries.MOST])
        days = policies.rule(LetterKind.QUESTION).answer_days(today)
        past = [word for kind, word in doors if _past_the_branch(kind)]
        return _page("ask", found, {"rows": rows, "doors": doors, "days": days, "past": past})

    return answered(request, ("portal ask", board), today, make)


@public(WHY)
def question(request: HttpRequest, board: str, address: str) -> HttpResponse:
    """One question and its answer."""

    def make() -> keeping.Page:
        found = notices.board_at(board)
        return _page("question", found, {"row": queries.question_at(found, address)})

    return answered(request, ("portal question", board, address), clock.today(request), make)


@public(WHY)
def send(request: HttpRequest, board: str, kind: str) -> HttpResponse:
    """The form of three fields, and the receipt."""
    found = notices.board_at(board)
    if kind not in LetterKind.values or not policies.rule(kind).from_public:
        raise Http404(kind)
    if request.method != "POST":
        return _form(request, found, kind, forms.SendForm())
    form = forms.SendForm(request.POST)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _form(request, found, kind, form, _("请在本页填写并提交。"), 403)
    nonce = nonce_of(_about(found, kind), request.POST.get("token", ""))
    if nonce is None:
        return _form(request, found, kind, form, _("页面打开太久，已经过期。您写的还在，请再提交一次。"), 400)
    if not form.is_valid():
        return _form(request, found, kind, form, status=400)
    warning = _warning(kind, form)
    if warning:
        return _form(request, found, kind, form, warning, 409, warned=True)
    if not sending.allows(request, clock.now(request)):
        return _form(request, found, kind, form, _("提交太频繁，请过一小时再试，或到支部当面反映。"), 429)
    form.cleaned_data.pop("noticed")
    code = queries.receipt_code(nonce)
    try:
        kept = actions.receive(
            organisation=found.organisation,
            kind=kind,
            receipt=code,
            now=clock.now(request),
            **form.cleaned_data,
        )
    except Refused as refused:
        return _form(request, found, kind, form, rules.told(refused.refusals[0]).message, 409)
    return _shown("sent", found, {"code": notices.code_shown(code), "letter": kept, "title": _title(kind)})


@public(WHY)
def receipt(request: HttpRequest, board: str) -> HttpResponse:
    """How a letter stands, or an objection sent to the board: who holds a receipt need not know which it was."""
    found = notices.board_at(board)
    if request.method != "POST":
        return _shown("receipt", found, {})
    if not asking.allows(request, clock.now(request)):
        return _shown("receipt", found, {"wrong": _("查询太频繁，请过十分钟再试。")}, 429)
    code = request.POST.get("code", "")[:40]
    letter = queries.by_receipt(code)
    if letter is None and (objection := notices.answer_for(code)) is not None:
        return _shown("receipt", found, {"objection": objection, "answer": notices.answer_of(objection)})
    if letter is None:
        return _shown("receipt", found, {"wrong": _("没有找到这个回执码，请核对。"), "code": code}, 404)
    return _shown("receipt", found, {
        "letter": letter, "answer": queries.answer_of(letter), "proposal": queries.proposal_of(letter),
    })  # fmt: skip


def _searched(request: HttpRequest, board: str, question: str) -> HttpResponse:
    found = notices.board_at(board)
    if not reading.allows(request, clock.now(request)):
        return HttpResponse(
            _("访问太频繁，请过一分钟再试。"), status=429, content_type="text/plain; charset=utf-8"
        )
    (asked, answers), (told, posts) = queries.searched(found, question)
    context = {"question": question, "asked": asked, "answers": answers, "told": told, "posts": posts}
    return _shown("search", found, context)


def _question(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUESTION]


def _about(board: Board, kind: str) -> str:
    return f"letter/{board.address}/{kind}"


def _title(kind: str) -> str:
    return pick(policies.rule(kind).title)


def _form(
    request: HttpRequest,
    board: Board,
    kind: str,
    form: Any,
    wrong: str = "",
    status: int = 200,
    *,
    warned: bool = False,
) -> HttpResponse:
    rule = policies.rule(kind)
    context = {
        "form": form, "token": slip(_about(board, kind)), "wrong": wrong, "door": pick(rule.door),
        "days": rule.answer_days(clock.today(request)), "publishable": rule.publishable, "warned": warned,
        "in_confidence": _past_the_branch(kind),
    }  # fmt: skip
    return _shown("send", board, context, status)


def _past_the_branch(kind: str) -> bool:
    return policies.rule(kind).handling.value == "answer_complaint"


def _warning(kind: str, form: Any) -> str:
    """Names and numbers in what may become public are pointed out once; whoever sends it decides."""
    if form.cleaned_data["noticed"] or not policies.rule(kind).publishable:
        return ""
    found = checks.personal_in(form.cleaned_data["text"])
    if not found:
        return ""
    return _("内容里像是有他人的姓名或号码：%(found)s。能不写的请删去；确实要写的，勾选后再提交。") % {
        "found": "、".join(found[:5])
    }


def _page(name: str, board: Board, context: dict[str, Any], status: int = 200) -> keeping.Page:
    whole = {"board": board, "organisation": board.organisation, **context}
    return page(f"letters/public/{name}.html", whole, status)


def _shown(name: str, board: Board, context: dict[str, Any], status: int = 200) -> HttpResponse:
    whole = {"board": board, "organisation": board.organisation, **context}
    return rendered(f"letters/public/{name}.html", whole, status)
