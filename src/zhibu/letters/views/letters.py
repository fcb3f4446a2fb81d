"""Letters, for those who answer them and for those who wrote them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may, ranges
from zhibu.core.norms.letters import Handling
from zhibu.letters import actions, forms, policies, queries
from zhibu.letters.models import LetterKind, LetterState, Missive
from zhibu.register.models import Organisation
from zhibu.ui import clock, listing
from zhibu.ui.doors import door


@door("letters.view")
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that wait for an answer, and those one wrote."""
    actor, today = request.actor, clock.today(request)
    handles = any(ranges(actor, f"letters.{each.value}") for each in Handling)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    context: dict[str, Any] = {
        "handles": handles,
        "tab_letters": True,
        "may_write": _own_place(request) is not None,
    }
    if handles:
        rows = queries.listed(actor, kind=kind if kind in LetterKind.values else "", state=state)
        page = listing.page_of(request, rows)
        context |= {
            "page": page,
            "rows": [(letter, queries.marks(letter, today)) for letter in page],
            "kinds": LetterKind.choices,
        }
    context["own"] = [(letter, opened, queries.marks(letter, today)) for letter, opened in queries.own(actor)]
    return render(request, "letters/letters.html", context)


@door("letters.view")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what it says, the answer, and what of it is public."""
    found = queries.letter_for(request.actor, pk)
    return _page(request, found, forms.AnswerForm())


@door("letters.answer_letter", once=True)
def answer_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, a suggestion or a comment."""
    return _answer(request, pk, actions.answer_letter)


@door("letters.answer_complaint", once=True)
def answer_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a complaint."""
    return _answer(request, pk, actions.answer_complaint)


@door("letters.publish_answer", once=True)
def publish_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish question and answer, worded anew."""
    found = queries.letter_for(request.actor, pk)
    opened = queries.opened(found)
    # the question is not copied: whoever publishes it words it anew
    initial = {"asked": found.asked, "answer": found.answer or opened.answer}
    form = forms.PublishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.publish_answer(request.actor, letter=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已公开，门户上可以搜到"))
        return redirect("letters:letter", pk)
    context = {"form": form, "letter": found, "opened": opened, "crumbs": [(found.organisation.name, None)]}
    return render(request, "letters/publish_answer.html", context)


@door("letters.take_down_answer", once=True)
def take_down_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take question and answer off the portal."""
    found = queries.letter_for(request.actor, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.take_down_answer(request.actor, letter=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已撤下"))
        return redirect("letters:letter", pk)
    context = {
        "form": form,
        "title": _("撤下问答"),
        "button": _("撤下"),
        "back": "letters:letter",
        "back_to": pk,
    }
    return render(request, "letters/act.html", context)


@door("letters.write_letter", once=True)
def write_letter(request: HttpRequest) -> HttpResponse:
    """Write to the own branch or an organisation above it, in one's own name."""
    home = _own_place(request)
    if home is None:
        raise Http404
    to = queries.lineage_of(home)
    kind = request.GET.get("kind", "")
    kind = kind if kind in LetterKind.values else LetterKind.QUESTION.value
    form = forms.WriteForm(request.POST or None, to=to, initial={"to": home.pk})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        place = next(each for each in to if each.pk == values.pop("to"))
        made = actions.write_letter(
            request.actor, organisation=place, kind=kind, now=clock.now(request), **values
        )
        messages.success(request, _("已送出，%(day)s 前答复") % {"day": made.due_on.isoformat()})
        return redirect("letters:letters")
    context = {
        "form": form, "kind": kind, "kinds": LetterKind.choices, "rule": policies.rule(kind),
        "days": policies.rule(kind).answer_days(clock.today(request)), "board": queries.address_of(home),
    }  # fmt: skip
    return render(request, "letters/write_letter.html", context)


def _answer(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    found = queries.letter_for(request.actor, pk)
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(request.actor, letter=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已答复"))
        return redirect("letters:letter", pk)
    return _page(request, found, form)


def _page(request: HttpRequest, found: Missive, form: forms.AnswerForm) -> HttpResponse:
    actor, rule = request.actor, policies.rule(found.kind)
    answered = found.state == LetterState.ANSWERED
    proposal, path = queries.proposal_of(found), found.organisation.path
    waits = not answered and rule.handling is Handling.OPENLY
    publishes = may(actor, "letters.publish_answer", found.organisation.path)
    context = {
        "letter": found, "opened": queries.opened(found), "marks": queries.marks(found, clock.today(request)),
        "proposal": proposal, "may_forward": waits and may(actor, "letters.forward_letter", path),
        "may_open_task": rule.handling is Handling.OPENLY and not queries.has_task(found)
        and may(actor, "letters.open_task", path),
        "may_take_up": waits and rule.register and not proposal and may(actor, "letters.take_up_suggestion", path),
        "form": None if answered or proposal else form, "act": f"letters:{rule.handling.value}",
        "may_publish": answered and rule.publishable and publishes,
        "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/letter.html", context)


def _own_place(request: HttpRequest) -> Organisation | None:
    if policies.may_write(request.actor):
        return None
    return queries.own_place(request.actor, clock.today(request))
