"""Self-tests."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.study import actions, forms, policies, queries
from zhibu.study.views import asked
from zhibu.ui import clock, listing
from zhibu.ui.doors import door


@door("study.view")
def tests(request: HttpRequest) -> HttpResponse:
    """What there is to try."""
    page = listing.page_of(request, queries.tests(request.actor))
    context = {
        "page": page,
        "own": queries.own_results(request.actor, list(page)),
        "may_write": policies.holds_anywhere(request.actor, "study.write_test"),
        "may_keep_hours": policies.holds_anywhere(request.actor, "study.record_training"),
    }
    return render(request, "study/tests.html", context)


@door("study.view")
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """A test: one's own answers with what is right, and for those who keep it how many took it."""
    found, actor = queries.test_for(request.actor, pk), request.actor
    result = queries.result_of(actor, found)
    keeps = may(actor, "study.write_test", found.organisation.path)
    context = {
        "test": found,
        "result": result,
        "questions": queries.asked(found, result) if result or keeps else [],
        "taken": queries.taken(found) if keeps else None,
        "may_take": found.closed_on is None
        and policies.for_oneself(actor, "study.take_test", actor.person or 0) is None,
        "may_close": keeps and found.closed_on is None,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "study/test.html", context)


@door("study.take_test", once=True)
def take_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a test."""
    found = queries.test_for(request.actor, pk)
    form = forms.AnswerForm(request.POST or None, questions=queries.asked(found))
    if request.method == "POST" and form.is_valid():
        result = actions.take_test(request.actor, test=found, answers=form.answers(), now=clock.now(request))
        messages.success(request, _("答对 %(n)d 题") % {"n": result.right})
        return redirect("study:test", pk)
    return render(request, "study/take_test.html", {"form": form, "test": found})


@door("study.write_test", once=True)
def write_test(request: HttpRequest) -> HttpResponse:
    """Write a test."""
    verb = "study.write_test"
    organisation = queries.place_for(request.actor, verb, asked.number(request, "organisation"))
    form = forms.TestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.write_test(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("自测已发布"))
        return redirect("study:test", made.pk)
    context = {
        "form": form, "title": _("出自测题"), "button": _("发布"), "organisation": organisation,
        "places": queries.places(request.actor, verb), "back": "study:tests",
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "study/act.html", context)


@require_POST
@door("study.close_test", once=True)
def close_test(request: HttpRequest, pk: int) -> HttpResponse:
    """End a test."""
    actions.close_test(request.actor, test=queries.test_for(request.actor, pk), now=clock.now(request))
    messages.success(request, _("自测已结束"))
    return redirect("study:test", pk)
