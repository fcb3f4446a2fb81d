"""Publication windows: the list, one of them, publishing, correcting, the result, the proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may, reaches
from zhibu.notices import actions, drawing, forms, policies, queries
from zhibu.notices.models import Notice, NoticeKind, NoticeReply
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.squares import square

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
    context = {
        "notice": found,
        "marks": queries.marks(found, today),
        "standing": queries.standing(found, today),
        "postings": queries.postings(found),
        "address": drawing.notice_address(request, found),
        "handles": not policies.may_handle(request.actor, policies.HANDLE, found),
        "objecting": found.reply == NoticeReply.OBJECTION,
        "crumbs": [(found.organisation.name, None)],
        **_doors(request, found),
    }
    return render(request, "notices/notice.html", context)


def _doors(request: HttpRequest, found: Notice) -> dict[str, bool]:
    """What the reader may do with it today."""
    today, path = clock.today(request), found.organisation.path
    open_still, over = not (found.withdrawn or found.has_result), today > found.closes_on
    granted = {
        name: may(request.actor, f"notices.{name}", path)
        for name in ("record_result", "withdraw", "correct", "reopen", "record_posting")
    }
    return {
        "may_record": open_still and over and granted["record_result"],
        "may_withdraw": open_still and granted["withdraw"],
        "may_correct": open_still and not over and granted["correct"],
        "may_reopen": (over or bool(found.withdrawn)) and granted["reopen"],
        "may_post": open_still and granted["record_posting"],
        "may_print": granted["record_posting"],
    }


@door("notices.publish", once=True)
def publish(request: HttpRequest) -> HttpResponse:
    """Put up a notice; the last day of the shortest window is offered."""
    organisation = queries.branch_for(request.actor, number(request, "organisation"))
    today = clock.today(request)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in NoticeKind.values else "admission"
    least = queries.least_days(today, kind)
    found_kind = queries.publication(kind)
    window = queries.earliest_close(today, least or USUAL_DAYS, exclude_start=found_kind.exclude_start_day)
    initial = {
        "kind": kind,
        "opens_on": today,
        "closes_on": window.day,
        "subject": request.GET.get("person", ""),
        # what a meeting decided comes with the address; whoever publishes it reads it here first
        "title": request.GET.get("title", "")[:120],
        "text": request.GET.get("text", "")[:2000],
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
        "least": least, "kinds": NoticeKind.choices, "kind": kind,
        "about_person": found_kind.about_person, "crumbs": [(organisation.name, None)],
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
    return form_page(request, found, form, _("登记公示结果"), _("登记结果"))


@door("notices.withdraw", once=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice down."""
    found = queries.notice_for(request.actor, pk)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("公示已撤回"))
        return redirect("notices:notice", pk)
    return form_page(request, found, form, _("撤回公示"), _("撤回"))


@door("notices.correct", once=True)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a slip of the pen right, or let it hang longer."""
    found = queries.notice_for(request.actor, pk)
    initial = {"title": found.title, "text": found.text, "closes_on": found.closes_on}
    form = forms.CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.correct(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已更正，更正前后的内容都留存"))
        return redirect("notices:notice", pk)
    told = _("只改笔误，或者延长公示期。改动公示事项本身的，要撤下重新公示，公示期重新计算。")
    return form_page(request, found, form, _("更正公示"), _("更正"), told)


@door("notices.reopen", once=True)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish anew, with a window of its own."""
    found = queries.notice_for(request.actor, pk)
    today = clock.today(request)
    least = max(found.least, queries.least_days(today, found.kind) or 0) or USUAL_DAYS
    exclude = queries.publication(found.kind).exclude_start_day
    closes = queries.earliest_close(today, least, exclude_start=exclude).day
    initial = {"opens_on": today, "closes_on": closes, "title": found.title, "text": found.text}
    form = forms.ReopenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        anew = actions.reopen(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已重新公示，共 %(days)d 个工作日") % {"days": anew.working_days})
        return redirect("notices:notice", anew.pk)
    told = _("公示期重新计算；原公示如未办结即作撤回。请核对正文中的日期。")
    return form_page(request, found, form, _("重新公示"), _("重新公示"), told)


@door("notices.record_posting", once=True)
def record_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Record where else the sheet hung."""
    found = queries.notice_for(request.actor, pk)
    initial = {"from_on": found.opens_on, "until_on": found.closes_on}
    form = forms.PostingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.record_posting(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("张贴已登记"))
        return redirect("notices:notice", pk)
    return form_page(request, found, form, _("登记张贴"), _("登记"))


@door("notices.view")
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood on the board from when to when, to be printed and signed."""
    found = queries.notice_for(request.actor, pk)
    context = {
        "notice": found,
        "sheets": queries.proof(found, clock.now(request)),
        "postings": queries.postings(found),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "notices/proof.html", context)


@door("notices.record_posting")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet to be hung up on a wall, with the way to the board."""
    found = queries.notice_for(request.actor, pk)
    address = drawing.notice_address(request, found)
    context = {"notice": found, "address": address, "square": square(address) if address else ""}
    return render(request, "notices/sheet.html", context)


def form_page(
    request: HttpRequest, found: Any, form: Any, title: str, button: str, told: str = ""
) -> HttpResponse:
    """A form about a notice."""
    context = {
        "form": form,
        "notice": found,
        "title": title,
        "button": button,
        "told": told,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "notices/notice_form.html", context)
