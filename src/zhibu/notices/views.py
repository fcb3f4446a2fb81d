"""Publication windows: the list, one of them, publishing, the result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may, reaches
from zhibu.notices import actions, forms, queries
from zhibu.notices.models import NoticeKind
from zhibu.ui import clock, listing
from zhibu.ui.doors import door

USUAL_DAYS = 5
"""Offered for windows no rule sets a length for; only an offer."""


@door("notices.view")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices in reach, newest first."""
    today = clock.today(request)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in NoticeKind.values else ""
    state = request.GET.get("state", "") if request.GET.get("state") in {"open", "due", "done"} else ""
    page = listing.page_of(request, queries.listed(request.actor, kind=kind, state=state, today=today))
    context = {
        "page": page,
        "rows": [{**row, "marks": queries.marks(row, today)} for row in page],
        "kinds": NoticeKind.choices,
        "may_publish": bool(reaches(request.actor, "notices.publish")),
    }
    return render(request, "notices/notices.html", context)


@door("notices.view")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice."""
    found = queries.notice_for(request.actor, pk)
    today = clock.today(request)
    path, open_still = found.organisation.path, not (found.withdrawn or found.has_result)
    context = {
        "notice": found,
        "marks": queries.marks(found, today),
        "least": queries.least_days(found.opens_on) if found.kind == NoticeKind.ADMISSION else None,
        "may_record": open_still
        and today > found.closes_on
        and may(request.actor, "notices.record_result", path),
        "may_withdraw": open_still and may(request.actor, "notices.withdraw", path),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "notices/notice.html", context)


@door("notices.publish", once=True)
def publish(request: HttpRequest) -> HttpResponse:
    """Put up a notice; the last day of the shortest window is offered."""
    text = request.GET.get("organisation", "")
    organisation = queries.branch_for(
        request.actor, int(text) if text.isdecimal() and len(text) < 16 else None
    )
    today = clock.today(request)
    kind = (
        request.GET.get("kind", "") if request.GET.get("kind") in NoticeKind.values else NoticeKind.ADMISSION
    )
    window = queries.earliest_close(today, queries.least_days(today) or USUAL_DAYS)
    initial = {
        "kind": kind,
        "opens_on": today,
        "closes_on": window.day,
        "subject": request.GET.get("person", ""),
    }
    form = forms.NoticeForm(request.POST or None, initial=initial, people=queries.people(organisation))
    if request.method == "POST" and form.is_valid():
        found = actions.publish(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("公示已登记，共 %(days)d 个工作日") % {"days": found.working_days})
        return redirect("notices:notice", found.pk)
    context = {
        "form": form, "organisation": organisation, "branches": queries.publishers(request.actor), "window": window,
        "least": queries.least_days(today), "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "notices/publish.html", context)


@door("notices.record_result", once=True)
def record_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how a publication ended."""
    found = queries.notice_for(request.actor, pk)
    form = forms.ResultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.record_result(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("公示结果已登记"))
        return redirect("notices:notice", pk)
    return _form_page(request, found, form, _("登记公示结果"), _("登记结果"))


@door("notices.withdraw", once=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice down."""
    found = queries.notice_for(request.actor, pk)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("公示已撤回"))
        return redirect("notices:notice", pk)
    return _form_page(request, found, form, _("撤回公示"), _("撤回"))


def _form_page(request: HttpRequest, found: Any, form: Any, title: str, button: str) -> HttpResponse:
    context = {
        "form": form,
        "notice": found,
        "title": title,
        "button": button,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "notices/notice_form.html", context)
