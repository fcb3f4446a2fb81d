"""Practices: found, read, written, taken over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may, reaches
from zhibu.production import actions, forms, queries
from zhibu.production.models import PracticeField
from zhibu.production.views.figures import here
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door("production.view")
def practices(request: HttpRequest) -> HttpResponse:
    """Practices one may read, newest first."""
    field = request.GET.get("field", "") if request.GET.get("field") in PracticeField.values else ""
    search = request.GET.get("q", "")[:60].replace("\0", "")
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    own = branch if request.GET.get("own") == "1" else None
    rows = queries.listed(request.actor, field=field, search=search, branch=own)
    context = here(request, branch) | {
        "page": listing.page_of(request, rows),
        "fields": PracticeField.choices,
        "search": search,
        "may_write": bool(reaches(request.actor, "production.write_practice")),
    }
    return render(request, "production/practices.html", context)


@door("production.view")
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice: the problem, how, with what effect, from whom, by whom taken over."""
    found = queries.practice_for(request.actor, pk)
    own = may(request.actor, "production.withdraw_practice", found.organisation.path)
    context = {
        "practice": found,
        "adopters": queries.adopters(found),
        "may_take_over": not own
        and not found.withdrawn
        and bool(reaches(request.actor, "production.take_over")),
        "may_withdraw": own and not found.withdrawn,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "production/practice.html", context)


@door("production.write_practice", once=True)
def write_practice(request: HttpRequest) -> HttpResponse:
    """Write one down."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "production.write_practice")
    form = forms.PracticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.write_practice(
            request.actor, organisation=branch, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("做法已登记"))
        return redirect("production:practice", made.pk)
    return render(request, "production/write_practice.html", here(request, branch) | {"form": form})


@door("production.take_over", once=True)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of another branch over."""
    found = queries.practice_for(request.actor, pk)
    branch = queries.branch_for(request.actor, number(request, "organisation"), "production.take_over")
    form = forms.TakeOverForm(request.POST or None, initial={"method": found.method})
    if request.method == "POST" and form.is_valid():
        made = actions.take_over(
            request.actor, organisation=branch, practice=found, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记借鉴，出处一并记下"))
        return redirect("production:practice", made.pk)
    return render(
        request, "production/take_over.html", here(request, branch) | {"form": form, "practice": found}
    )


@door("production.withdraw_practice", once=True)
@require_POST
def withdraw_practice(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own back."""
    found = queries.practice_for(request.actor, pk)
    actions.withdraw_practice(request.actor, practice=found, now=clock.now(request))
    messages.success(request, _("已撤回，其他支部不再看到"))
    return redirect("production:practices")
