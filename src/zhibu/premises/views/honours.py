"""Honours of the branch and of its members."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.premises import actions, forms, queries
from zhibu.premises.views.inventory import here
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door


@door("premises.view")
def honours(request: HttpRequest) -> HttpResponse:
    """Honours, newest first."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    rows = queries.honours(request.actor, branch)
    return render(request, "premises/honours.html", here(request, branch) | {"rows": rows})


@door("premises.view")
def wall(request: HttpRequest) -> HttpResponse:
    """Honours that may be shown, as one sheet of A3 to hang up."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    rows = [row for row in queries.honours(request.actor, branch) if row.shown and not row.revoked_on]
    return render(request, "premises/wall.html", here(request, branch) | {"rows": rows})


@door("premises.view")
def honour(request: HttpRequest, pk: int) -> HttpResponse:
    """One honour."""
    found = queries.honour_for(request.actor, pk)
    path, stands = found.organisation.path, not found.revoked_on
    shown = found.person_id is None or bool(found.shown)
    context = {
        "honour": found,
        "published": queries.published(found, clock.today(request)),
        "may_revoke": stands and may(request.actor, "premises.revoke_honour", path),
        "may_publish": stands and shown and may(request.actor, "premises.publish_honour", path),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "premises/honour.html", context)


@door("premises.record_honour", once=True)
def record_honour(request: HttpRequest) -> HttpResponse:
    """Enter an honour."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "premises.record_honour")
    form = forms.HonourForm(
        request.POST or None, request.FILES or None, people=queries.members_of(branch),
        initial={"given_on": clock.today(request)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.record_honour(request.actor, organisation=branch, now=clock.now(request), **form.values())
        messages.success(request, _("荣誉已登记"))
        return redirect(of_branch("premises:honours", branch.pk))
    return render(request, "premises/record_honour.html", here(request, branch) | {"form": form})


@door("premises.revoke_honour", once=True)
def revoke_honour(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it counts no longer."""
    found = queries.honour_for(request.actor, pk, "premises.revoke_honour")
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_honour(request.actor, honour=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已撤销，原记录保留"))
        return redirect("premises:honour", pk)
    context = {"form": form, "honour": found, "crumbs": [(found.organisation.name, None)]}
    return render(request, "premises/revoke_honour.html", context)


@door("premises.publish_honour", once=True)
@require_POST
def publish_honour(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it on the public board."""
    found = queries.honour_for(request.actor, pk, "premises.publish_honour")
    notice = actions.publish_honour(request.actor, honour=found, now=clock.now(request))
    messages.success(request, _("已上公示栏和电子屏"))
    return redirect("notices:notice", notice.pk)
