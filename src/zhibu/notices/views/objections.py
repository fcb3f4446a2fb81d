"""Objections, for those who handle them and for nobody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.notices import actions, forms, policies, queries
from zhibu.notices.models import NoticeReply, Objection, ObjectionState
from zhibu.notices.views.publishing import form_page
from zhibu.ui import clock
from zhibu.ui.doors import door


@door(policies.HANDLE)
def objections(request: HttpRequest, pk: int) -> HttpResponse:
    """What came in about a notice, unopened."""
    found = queries.handled_notice(request.actor, pk)
    context = {
        "notice": found,
        "rows": queries.received(found),
        "may_record": found.reply != "none"
        and may(request.actor, "notices.record_objection", found.organisation.path),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "notices/objections.html", context)


@door("notices.record_objection", once=True)
def record_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one that came by letter, in person or by telephone."""
    found = queries.handled_notice(request.actor, pk)
    form = forms.ObjectionForm(request.POST or None, initial={"received_on": clock.today(request)})
    if request.method == "POST" and form.is_valid():
        actions.record_objection(request.actor, notice=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("异议已登记"))
        return redirect("notices:objections", pk)
    return form_page(request, found, form, _("登记异议"), _("登记异议"))


@door(policies.HANDLE)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: unopened, in examination, or answered."""
    found = queries.objection_for(request.actor, pk)
    context = {
        "objection": found,
        "notice": found.notice,
        "opened": queries.opened(found),
        "may_examine": found.state == ObjectionState.RECEIVED,
        "form": forms.AnswerForm(comment=_comments(found))
        if found.state == ObjectionState.EXAMINING
        else None,
        "crumbs": [(found.notice.organisation.name, None)],
    }
    return render(request, "notices/objection.html", context)


@require_POST
@door("notices.examine_objection", once=True)
def examine_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Open it and take it into examination."""
    found = queries.objection_for(request.actor, pk)
    actions.examine_objection(request.actor, objection=found, now=clock.now(request))
    messages.success(request, _("已受理，请核查后答复"))
    return redirect("notices:objection", pk)


@door("notices.answer_objection", once=True)
def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it."""
    found = queries.objection_for(request.actor, pk)
    form = forms.AnswerForm(request.POST or None, comment=_comments(found))
    if request.method == "POST" and form.is_valid():
        actions.answer_objection(request.actor, objection=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已答复"))
        return redirect("notices:objections", found.notice_id)
    context = {
        "objection": found, "notice": found.notice, "opened": queries.opened(found), "form": form,
        "crumbs": [(found.notice.organisation.name, None)],
    }  # fmt: skip
    return render(request, "notices/objection.html", context)


def _comments(found: Objection) -> bool:
    return found.notice.reply == NoticeReply.COMMENT
