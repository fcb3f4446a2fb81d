"""A member's portrait is given, taken back, shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.pledges import actions, forms, policies, queries
from zhibu.pledges.views.reading import here
from zhibu.pledges.views.zones import shown
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.doors import door


def _whose(request: HttpRequest, person: int, verb: str) -> tuple[Organisation, str]:
    branch, name = queries.home_of(person)
    if branch is None or policies.may_show(request.actor, verb, branch, person) is not None:
        raise Http404(person)
    return branch, name


@door(policies.SET_PORTRAIT, once=True)
def set_portrait(request: HttpRequest, person: int) -> HttpResponse:
    """Give one's own; the branch one of a member who agrees."""
    branch, name = _whose(request, person, policies.SET_PORTRAIT)
    own = person == request.actor.person
    form = forms.PortraitForm(request.POST or None, request.FILES or None, own=own)
    if request.method == "POST" and form.is_valid():
        actions.set_portrait(
            request.actor, organisation=branch, person=person, content=form.cleaned_data["file"].read(),
            now=clock.now(request), agreed=form.cleaned_data.get("agreed", False),
        )  # fmt: skip
        messages.success(request, _("照片已收下"))
        return _back(branch)
    context = here(request, branch) | {
        "form": form, "person": person, "name": name, "there": queries.portrait_of(branch, person) is not None,
    }  # fmt: skip
    return render(request, "pledges/set_portrait.html", context)


@door(policies.REMOVE_PORTRAIT, once=True)
@require_POST
def remove_portrait(request: HttpRequest, person: int) -> HttpResponse:
    """Take it back."""
    branch, _name = _whose(request, person, policies.REMOVE_PORTRAIT)
    actions.remove_portrait(request.actor, organisation=branch, person=person, now=clock.now(request))
    messages.success(request, _("照片已删除"))
    return _back(branch)


@door(policies.VIEW)
def portrait(request: HttpRequest, person: int) -> HttpResponse:
    """The picture, within the branch and above."""
    branch, _name = queries.home_of(person)
    found = queries.portrait_of(queries.branch_for(request.actor, branch.pk), person) if branch else None
    if found is None:
        raise Http404(person)
    return shown(found)


def _back(branch: Organisation) -> HttpResponse:
    return redirect(f"{reverse('pledges:pledges')}?organisation={branch.pk}")
