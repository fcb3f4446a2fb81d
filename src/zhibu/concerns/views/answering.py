"""A survey as it is answered: no sign-in, no cookie, no script; nothing of whoever answers is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhibu.concerns import actions, answers, policies, queries
from zhibu.concerns.models import Audience, Survey, SurveyState
from zhibu.concerns.queries.quarter import questions_of
from zhibu.core.norms.surveys import Asked, Question
from zhibu.core.opinions import GROUP
from zhibu.letters.actions.checks import clean, personal_in
from zhibu.notices import keeping
from zhibu.notices.answering import SLIP, form_answered, page, public, reading, too_often
from zhibu.notices.slips import nonce_of, slip
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock
from zhibu.ui.language import pick

WHY = "自愿不记名的问卷，不登录、不记录是谁填的"
GROUPS = (Audience.MEMBERS, Audience.MASSES)

sending = Throttle(number=60, seconds=3600)


@public(WHY)
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """The questions, what becomes of the answers, and thanks."""
    today = clock.today(request)
    if request.method != "POST":
        return form_answered(request, ("survey", code), today, lambda: _empty(code, today), f"survey/{code}")
    if not reading.allows(request, clock.now(request)):
        return too_often()
    found = queries.survey_at(code)
    if found.state != SurveyState.OPEN or today > found.closes_on:
        return _shown("over", found, {})
    questions = questions_of(found)
    answer, said = _read(request, found, questions)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _form(found, answer, _("请在本页填写并提交。"), 403)
    nonce = nonce_of(_about(found), request.POST.get("token", ""))
    if nonce is None:
        return _form(found, answer, _("页面打开太久，已经过期。您填的还在，请再提交一次。"), 400)
    if not answer.keys() - {GROUP}:
        return _form(found, answer, _("还没有选或写任何一题。不想答的题可以空着，全部空着就不用提交。"), 400)
    personal = [] if request.POST.get("noticed") else [each for text in said for each in personal_in(text)]
    if personal:
        warning = _("内容里像是有姓名或号码：%(found)s。能不写的请删去；确实要写的，勾选后再提交。")
        return _form(found, answer, warning % {"found": "、".join(personal[:5])}, 409, warned=True)
    if not sending.allows(request, clock.now(request)):
        return _form(found, answer, _("提交太频繁，请过一小时再试。"), 429)
    card = request.POST.get("slip", "")[:40]
    outcome = actions.send_answer(survey=found, nonce=nonce, answer=answer, today=today, slip=card)
    return _outcome(found, answer, outcome)


def _outcome(found: Survey, answer: dict[str, Any], outcome: answers.Outcome) -> HttpResponse:
    if outcome is answers.Outcome.TAKEN:
        return _shown("thanks", found, {})
    if outcome is answers.Outcome.NO_SLIP:
        return _form(found, answer, _("卡片上的码不对，或者已经用过。请核对；一张卡片填一份。"), 409)
    if outcome is answers.Outcome.FULL:
        return _form(found, answer, _("收到的答卷已满。"), 409)
    return _shown("over", found, {})


def _read(
    request: HttpRequest, found: Survey, questions: Sequence[Question]
) -> tuple[dict[str, Any], list[str]]:
    """What was answered, only as it was asked; and what was said in words."""
    answer: dict[str, Any] = {}
    group = request.POST.get(GROUP, "")
    if found.audience == Audience.EVERYONE and group in GROUPS:
        answer[GROUP] = group
    said = []
    for question in questions:
        names = {name for name, _title in question.choices}
        given = request.POST.getlist(f"q-{question.id}")
        if question.kind is Asked.WORDS:
            text = clean(given[0])[: answers.LONGEST_WORDS] if given else ""
            if text:
                answer[question.id] = text
                said.append(text)
        elif chosen := sorted(names.intersection(given)):
            answer[question.id] = chosen[0] if question.kind is Asked.ONE else chosen
    return answer, said


def _about(found: Survey) -> str:
    return f"survey/{found.code}"


def _form(
    found: Survey, answer: dict[str, Any], wrong: str = "", status: int = 200, *, warned: bool = False
) -> HttpResponse:
    token = slip(_about(found))
    return _shown("survey", found, _context(found, answer, token, wrong, warned=warned), status)


def _empty(code: str, today: date) -> keeping.Page:
    """The form as everyone gets it; or that it is over."""
    found = queries.survey_at(code)
    if found.state != SurveyState.OPEN or today > found.closes_on:
        return _page("over", found, {})
    return _page("survey", found, _context(found, {}, SLIP))


def _context(
    found: Survey, answer: dict[str, Any], token: str, wrong: str = "", *, warned: bool = False
) -> dict[str, Any]:
    lines = [
        {
            "id": each.id, "title": pick(each.title), "kind": each.kind.value,
            "choices": [(name, pick(title), _is_chosen(answer, each.id, name)) for name, title in each.choices],
            "text": answer.get(each.id, "") if each.kind is Asked.WORDS else "",
        }
        for each in questions_of(found)
    ]  # fmt: skip
    groups = [(each.value, each.label, answer.get(GROUP) == each.value) for each in GROUPS]
    return {
        "lines": lines, "groups": groups if found.audience == Audience.EVERYONE else [], "token": token,
        "wrong": wrong, "warned": warned, "longest": answers.LONGEST_WORDS,
    }  # fmt: skip


def _is_chosen(answer: dict[str, Any], question: str, name: str) -> bool:
    given = answer.get(question, "")
    return name in given if isinstance(given, list) else name == given


def _shown(name: str, found: Survey, context: dict[str, Any], status: int = 200) -> HttpResponse:
    made = _page(name, found, context, status)
    return HttpResponse(made.body, status=made.status)


def _page(name: str, found: Survey, context: dict[str, Any], status: int = 200) -> keeping.Page:
    rule = policies.rules().get(found.kind)
    title = pick(rule.title) if rule else _("问卷")
    whole = {"survey": found, "organisation": found.organisation, "title": title, **context}
    return page(f"concerns/public/{name}.html", whole, status)
