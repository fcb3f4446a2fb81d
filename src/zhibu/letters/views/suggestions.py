"""Suggestions: entered from paper, handed on, taken up, decided, and followed to their benefit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import may, ranges
from zhibu.core.norms.letters import Handling
from zhibu.letters import actions, forms, policies, queries
from zhibu.letters.models import LetterKind, Proposal, ProposalState
from zhibu.register.models import Organisation
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door

STEPS = {
    ProposalState.EXAMINING: ("adopt_suggestion", "decline_suggestion"),
    ProposalState.ADOPTED: ("confirm_benefit", "thank_sender"),
    ProposalState.DONE: ("thank_sender",),
    ProposalState.DECLINED: (),
}


@door("letters.view")
def suggestions(request: HttpRequest) -> HttpResponse:
    """The register: what was suggested, what became of it, and the sums of the year."""
    actor, year = request.actor, clock.today(request).year
    page = listing.page_of(request, queries.suggestions(actor, state=request.GET.get("state", "")))
    context = {
        "page": page, "rows": [(row, queries.tone(row)) for row in page], "states": ProposalState.choices,
        "sums": queries.sums(actor, year), "year": year, "forwarded": queries.forwarded(actor),
        "may_enter": bool(ranges(actor, "letters.enter_letter")), "tab_suggestions": True,
    }  # fmt: skip
    return render(request, "letters/suggestions.html", context)


@door("letters.view")
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion from the day it came to its benefit; never who made it."""
    actor, row = request.actor, queries.suggestion_for(request.actor, pk)
    steps = [
        each
        for each in STEPS[ProposalState(row.state)]
        if may(actor, f"letters.{each}", row.organisation.path)
        and not (each == "thank_sender" and row.thanked_on)
    ]
    context = {
        "row": row, "tone": queries.tone(row), "steps": steps,
        "measures": queries.measures_of(actor, row, clock.today(request)),
        "opens_letter": policies.may_answer(actor, row.missive) is None,
        "crumbs": [(row.organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/suggestion.html", context)


@door("letters.enter_letter", once=True)
def enter_letter(request: HttpRequest) -> HttpResponse:
    """Enter a letter that came on paper."""
    place = _place(request, "letters.enter_letter")
    openly = policies.kinds_handled(Handling.OPENLY)
    kinds = [(value, str(label)) for value, label in LetterKind.choices if value in openly]
    form = forms.EnterForm(request.POST or None, kinds=kinds, initial={"kind": "suggestion"})
    if request.method == "POST" and form.is_valid():
        made = actions.enter_letter(
            request.actor, organisation=place, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记，%(day)s 前答复") % {"day": made.due_on.isoformat()})
        return redirect("letters:letter", made.pk)
    context = {
        "form": form, "title": _("登记书面来信"), "button": _("登记"), "back": "letters:suggestions",
        "organisation": place, "places": queries.places(request.actor, "letters.enter_letter"),
        "crumbs": [(place.name, None)],
    }  # fmt: skip
    return render(request, "letters/act.html", context)


@door("letters.forward_letter", once=True)
def forward_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a letter on."""
    found = queries.letter_for(request.actor, pk)
    form = forms.ForwardForm(request.POST or None, to=queries.places_to_forward(found))
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
        actions.forward_letter(request.actor, letter=found, to=to, reason=reason, now=clock.now(request))
        messages.success(request, _("已转给%(name)s，在“建议”里可以看到现在由谁办") % {"name": to.name})
        return redirect("letters:suggestions")
    return _asked(request, form, _("转办来信"), _("转办"), "letters:letter", pk)


@door("letters.take_up_suggestion", once=True)
def take_up_suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a suggestion anew for the register; the letter stands beside the form."""
    found = queries.letter_for(request.actor, pk)
    form = forms.TakeUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.take_up_suggestion(
            request.actor, letter=found, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已受理"))
        return redirect("letters:suggestion", made.pk)
    context = {"form": form, "letter": found, "opened": queries.opened(found)}
    return render(request, "letters/take_up.html", context)


@door("letters.open_task", once=True)
def open_task(request: HttpRequest, pk: int) -> HttpResponse:
    """A small matter of a letter, put up to be claimed; the letter stands beside the form."""
    found, today = queries.letter_for(request.actor, pk), clock.today(request)
    days = queries.task_days(today)
    initial = {"due_on": today + timedelta(days=days)} if days else {}
    form = forms.TaskForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.open_task(request.actor, letter=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已转为微心愿，等党员认领；来信仍要答复"))
        return redirect("letters:letter", pk)
    context = {"form": form, "letter": found, "opened": queries.opened(found), "task": True}
    return render(request, "letters/take_up.html", context)


@door("letters.adopt_suggestion", once=True)
def adopt_suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt it, with an owner and a term."""
    row, today = queries.suggestion_for(request.actor, pk), clock.today(request)
    people = queries.people_of(row.organisation, today)
    initial = {"due_on": queries.measure_due(today)}
    form = forms.AdoptForm(request.POST or None, people=people, today=today, initial=initial)
    return _step(request, row, form, actions.adopt_suggestion, _("采纳"), form.is_valid())


@door("letters.decline_suggestion", once=True)
def decline_suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Not adopt it."""
    row, form = queries.suggestion_for(request.actor, pk), forms.DeclineForm(request.POST or None)
    return _step(request, row, form, actions.decline_suggestion, _("不采纳"), form.is_valid())


@door("letters.confirm_benefit", once=True)
def confirm_benefit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what came of it."""
    row, form = queries.suggestion_for(request.actor, pk), forms.BenefitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {
            **form.cleaned_data,
            "fen": form.cleaned_data["fen"] or 0,
            "hours": form.cleaned_data["hours"] or 0,
        }
        actions.confirm_benefit(
            request.actor, proposal=row, benefit=actions.Benefit(**told), now=clock.now(request)
        )
        messages.success(request, _("已确认"))
        return redirect("letters:suggestion", pk)
    return _asked(request, form, _("确认效益"), _("确认效益"), "letters:suggestion", pk, row.title)


@door("letters.thank_sender", once=True)
def thank_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Thank whoever suggested it."""
    row, form = queries.suggestion_for(request.actor, pk), forms.ThanksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.thank_sender(
            request.actor, proposal=row, thanks=form.cleaned_data["thanks"], now=clock.now(request),
            award_fen=form.cleaned_data["award_fen"] or 0,
        )  # fmt: skip
        messages.success(request, _("已致谢，来信人凭回执码可以看到"))
        return redirect("letters:suggestion", pk)
    return _asked(request, form, _("致谢和奖励"), _("致谢"), "letters:suggestion", pk, row.title)


@door("letters.view")
def poster(request: HttpRequest) -> HttpResponse:
    """A sheet to print and hang up: photographed, it opens the form for a suggestion."""
    place = _place(request, "letters.view")
    slug = queries.address_of(place)
    address = request.build_absolute_uri(reverse("portal:send", args=[slug, "suggestion"])) if slug else ""
    context = {
        "organisation": place, "places": queries.places(request.actor, "letters.view"), "address": address,
        "square": queries.square(address) if address else "",
        "may_open": may(request.actor, "notices.renew_board", place.path),
        "days": policies.rule("suggestion").answer_days(clock.today(request)),
        "crumbs": [(place.name, None)],
    }  # fmt: skip
    return render(request, "letters/poster.html", context)


def _place(request: HttpRequest, verb: str) -> Organisation:
    return queries.place_for(request.actor, verb, number(request, "organisation"))


def _step(request: HttpRequest, row: Proposal, form: Any, act: Any, title: str, valid: Any) -> HttpResponse:
    if request.method == "POST" and valid:
        act(request.actor, proposal=row, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已办理，来信人凭回执码可以看到"))
        return redirect("letters:suggestion", row.pk)
    return _asked(request, form, title, title, "letters:suggestion", row.pk, row.title)


def _asked(
    request: HttpRequest, form: Any, title: str, button: str, back: str, pk: int, note: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "back": back, "back_to": pk, "note": note}
    return render(request, "letters/act.html", context)
