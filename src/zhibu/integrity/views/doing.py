"""What is done about integrity: each page one form, one act."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core.authority import may
from zhibu.integrity import actions, forms, policies, queries
from zhibu.integrity.views.reading import here
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door
from zhibu.undertakings import policies as undertakings
from zhibu.undertakings.queries import people


@door(policies.SIGN, once=True)
def sign_promise(request: HttpRequest) -> HttpResponse:
    """The letter and one button; with `for=others` whoever leads the branch files one signed on paper."""
    today = clock.today(request)
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    found = queries.signers(branch, today.year, today)
    if request.GET.get("for") == "others":
        return _file(request, branch, [each for each in found if each.letter is None])
    mine = next((each for each in found if each.person == request.actor.person), None)
    letter = queries.rule()
    if mine is None or letter is None:
        raise Http404("integrity.sign_promise")
    if request.method == "POST":
        actions.sign_promise(request.actor, organisation=branch, person=mine.person, now=clock.now(request))
        messages.success(request, _("廉政承诺书已签署"))
        return redirect(of_branch("integrity:integrity", branch.pk))
    context = here(request, branch) | {"letter": letter, "mine": mine, "year": today.year}
    return render(request, "integrity/sign_promise.html", context)


def _file(request: HttpRequest, branch: Organisation, waiting: list[queries.Signer]) -> HttpResponse:
    if not may(request.actor, policies.SIGN, branch.path):
        raise Http404("integrity.sign_promise")
    form = forms.PaperForm(
        request.POST or None, request.FILES or None, initial={"person": number(request, "person")},
        people=[(each.person, each.name, each.post, "") for each in waiting if each.person != request.actor.person],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        paper = form.cleaned_data["paper"]
        actions.sign_promise(
            request.actor, organisation=branch, person=form.cleaned_data["person"],
            paper=(paper.name or "", paper.read()), now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("签字的承诺书已存档"))
        return redirect(of_branch("integrity:integrity", branch.pk))
    return render(request, "integrity/form.html", here(request, branch) | {
        "form": form, "heading": _("代录纸质承诺书"), "button": _("存档"),
    })  # fmt: skip


@door(policies.ASSIGN, once=True)
def assign_duties(request: HttpRequest) -> HttpResponse:
    """See who gets what, and hand it out."""
    today = clock.today(request)
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.ASSIGN)
    if request.method == "POST":
        made = actions.assign_duties(request.actor, organisation=branch, now=clock.now(request))
        told = ngettext("%(n)d 项责任已落实到人", "%(n)d 项责任已落实到人", len(made)) % {"n": len(made)}
        messages.success(request, told)
        return redirect(of_branch("integrity:integrity", branch.pk))
    context = here(request, branch) | {"rows": queries.to_assign(branch, today), "year": today.year}
    return render(request, "integrity/assign_duties.html", context)


@door(policies.CHECK, once=True)
def record_check(request: HttpRequest) -> HttpResponse:
    """A check that was made."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.CHECK)
    form = forms.CheckForm(
        request.POST or None,
        people=people(branch, clock.today(request)),
        initial={"owner": request.actor.person},
    )
    if request.method == "POST" and form.is_valid():
        row = actions.record_check(
            request.actor, organisation=branch, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("检查已登记；查出的问题逐条添加"))
        return redirect("integrity:check", row.pk)
    return render(request, "integrity/form.html", here(request, branch) | {
        "form": form, "heading": _("登记廉政检查"), "button": _("登记"),
    })  # fmt: skip


@door(policies.FINDING, once=True)
def add_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """What a check found."""
    today = clock.today(request)
    check = queries.check_for(request.actor, pk, today).row
    days = undertakings.kinds()["integrity_finding"].days_on(today)
    form = forms.FindingForm(
        request.POST or None, people=people(check.organisation, today), today=today,
        initial={"due_on": today + timedelta(days=days)} if days else {},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.add_finding(request.actor, check=check, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已添加，责任人的工作台上会提醒"))
        return redirect("integrity:check", check.pk)
    return render(request, "integrity/form.html", here(request, check.organisation) | {
        "form": form, "heading": _("添加查出的问题"), "button": _("添加"), "note": check.text,
        "return_to": reverse("integrity:check", args=[check.pk]),
    })  # fmt: skip
