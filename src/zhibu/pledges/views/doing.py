"""A pledge is made, published, withdrawn: each page one form, one act."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core.authority import may
from zhibu.pledges import actions, forms, policies, queries
from zhibu.pledges.views.reading import here
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch, ticked
from zhibu.ui.doors import door


@door(policies.MAKE, once=True)
def make(request: HttpRequest) -> HttpResponse:
    """One's own pledge; with `for=others` whoever leads the branch writes down a handwritten one."""
    today = clock.today(request)
    others = request.GET.get("for") == "others"
    branch = (
        queries.branch_for(request.actor, number(request, "organisation"), policies.MAKE)
        if others
        else queries.own_branch(request.actor, today)
    )
    if branch is None or (others and not may(request.actor, policies.MAKE, branch.path)):
        raise Http404("pledges.make")
    found = queries.promises(branch, today.year, today)
    people = (
        [(each.person, each.name, each.post) for each in found if each.state == "none"] if others else None
    )
    form = forms.PledgeForm(
        request.POST or None,
        request.FILES or None,
        people=people,
        initial={"person": number(request, "person")},
    )
    if request.method == "POST" and form.is_valid():
        values, photo = form.cleaned_data, form.cleaned_data["photo"]
        actions.make(
            request.actor, organisation=branch, person=values["person"] if others else request.actor.person or 0,
            text=values["text"], photo=(photo.name or "", photo.read()) if photo else None, now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("承诺已交支部，确认后上公示栏"))
        return redirect(of_branch("pledges:pledges", branch.pk))
    context = here(request, branch) | {"form": form, "year": today.year, "others": others}
    return render(request, "pledges/make.html", context)


@door(policies.PUBLISH, once=True)
def publish(request: HttpRequest) -> HttpResponse:
    """Read what is promised, tick, confirm."""
    today = clock.today(request)
    branch = queries.branch_for(request.actor, number(request, "organisation"), policies.PUBLISH)
    if request.method == "POST":
        made = actions.publish(
            request.actor, organisation=branch, pledges=ticked(request, "pledge"), now=clock.now(request)
        )
        told = ngettext("%(n)d 份承诺已上公示栏", "%(n)d 份承诺已上公示栏", len(made)) % {"n": len(made)}
        messages.success(request, told)
        return redirect(of_branch("pledges:pledges", branch.pk))
    found = queries.promises(branch, today.year, today)
    rows = [each for each in found if each.state == "waits" and each.person != request.actor.person]
    return render(request, "pledges/publish.html", here(request, branch) | {"rows": rows, "year": today.year})


@door(policies.WITHDRAW, once=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pledge back, and down."""
    pledge = queries.pledge_for(request.actor, pk, policies.WITHDRAW)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(request.actor, pledge=pledge, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("承诺已撤回，公示已撤下"))
        return redirect(of_branch("pledges:pledges", pledge.organisation.pk))
    context = here(request, pledge.organisation) | {"form": form, "pledge": pledge}
    return render(request, "pledges/withdraw.html", context)
