"""What is done with an undertaking: each page one form, one act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhibu.core.norms import Closer, Proof
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.language import pick
from zhibu.undertakings import actions, forms, policies, queries
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import SOURCE, Source


@door(policies.UNDERTAKE, once=True)
def undertake(request: HttpRequest) -> HttpResponse:
    """Open one: kind, what, who, by when."""
    today = clock.today(request)
    begun = _begun(request)
    if begun is None:
        organisation, group = _place(request)
    else:
        organisation, group = queries.branch_for(request.actor, begun.organisation_id), None
    choices = queries.kind_choices(request.actor, organisation)
    kind = policies.kinds()[_chosen(request, [name for name, _label in choices])]
    days = kind.days_on(today)
    initial: dict[str, Any] = {
        "due_on": today + timedelta(days=days) if days else None,
        "owner": number(request, "owner")
        or (request.actor.person if kind.closed_by is Closer.OWNER else None),
        "about": number(request, "about"),
    }
    initial |= {name: request.GET.get(name, "")[:300] for name in ("text", "problem")}
    form = forms.UndertakeForm(
        request.POST or None,
        kind=kind,
        people=queries.people(organisation, today),
        today=today,
        opener=request.actor.person,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        row = actions.undertake(
            request.actor, organisation=organisation, party_group=group, what=form.what(_source(begun)),
            now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已立项，责任人的工作台上会提醒"))
        return redirect("undertakings:undertaking", row.pk)
    context = {
        "form": form, "kind": kind, "kinds": queries.rows_of(choices, kind.id), "begun": begun, "organisation": organisation, "group": group,
        "branches": [] if begun else queries.branches(request.actor)[:50], "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "undertakings/undertake.html", context)


def _begun(request: HttpRequest) -> Undertaking | None:
    """What it begins from, such as a visit to the site; 404 for what one may not see or what leads nowhere."""
    pk = number(request, "from")
    if pk is None:
        return None
    found = queries.undertaking_for(request.actor, pk)
    kind = policies.kinds().get(found.kind)
    if kind is None or not kind.leads_to:
        raise Http404(pk)
    return found


def _source(begun: Undertaking | None) -> Source:
    if begun is None:
        return Source()
    return Source(SOURCE, begun.pk, f"{pick(queries.title_of(begun.kind))}：{begun}"[:200])


def _place(request: HttpRequest) -> tuple[Any, Any]:
    """The branch; for a group leader the group with its branch."""
    if number(request, "organisation") is None and not queries.branches(request.actor):
        group = queries.group_for(request.actor, number(request, "group"))
        if group is not None:
            return group.parent, group
    return queries.branch_for(request.actor, number(request, "organisation")), None


def _chosen(request: HttpRequest, permitted: list[str]) -> str:
    wanted = request.GET.get("kind", "")
    if wanted in permitted:
        return wanted
    return "resolution" if "resolution" in permitted else permitted[0]


@door(policies.CLAIM, once=True)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One button: I do it."""
    found = queries.undertaking_for(request.actor, pk)
    if request.method == "POST":
        actions.claim(request.actor, undertaking=found, now=clock.now(request))
        return _done(request, found, _("已认领，办好后报告办结"))
    return _page(request, found, None, _("认领"), _("我来办"))


@door("undertakings.agree", once=True)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it concerns agrees."""
    found = queries.undertaking_for(request.actor, pk)
    if request.method == "POST":
        actions.agree(request.actor, undertaking=found, now=clock.now(request))
        return _done(request, found, _("已记下：本人同意"))
    title = _("同意这份帮扶") if request.actor.person == found.about_id else _("记下本人同意")
    return _page(request, found, forms.NothingForm(), title, _("同意"))


@door("undertakings.decline", once=True)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it concerns does not agree: deleted, or at an end."""
    found = queries.undertaking_for(request.actor, pk)
    erased = policies.is_erased(found)
    if request.method == "POST":
        actions.decline(request.actor, undertaking=found, now=clock.now(request))
        if not erased:
            return _done(request, found, _("已记下：本人不同意"))
        messages.success(request, _("已删除，只留下“删过一份”的记录"))
        return redirect("undertakings:undertakings")
    if not erased:
        return _page(request, found, forms.NothingForm(), _("不同意这样帮"), _("不同意"))
    return _page(request, found, forms.NothingForm(), _("不同意，删除"), _("删除"))


@door("undertakings.report_progress", once=True)
def report_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come."""
    found = queries.undertaking_for(request.actor, pk)
    form = forms.ProgressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.report_progress(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("进展已记下"))
    return _page(request, found, form, _("记进展"), _("记下"))


@door("undertakings.report_done", once=True)
def report_done(request: HttpRequest, pk: int) -> HttpResponse:
    """It is done; by what it shows."""
    found = queries.undertaking_for(request.actor, pk)
    kind = policies.kinds().get(found.kind)
    needs = kind is not None and kind.proof is Proof.FILE and not queries.attachments(found)
    form = forms.DoneForm(
        request.POST or None, request.FILES or None, needs_file=needs, takes_file=not (kind and kind.kept),
        asks=pick(kind.result) if kind else "",
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.get("file")
        file = (upload.name or "", upload.read()) if upload else None
        actions.report_done(
            request.actor,
            undertaking=found,
            result=form.cleaned_data["result"],
            file=file,
            now=clock.now(request),
        )
        return _done(request, found, _("已报告办结"))
    return _page(request, found, form, _("报告办结"), _("报告办结"))


@door(policies.CLOSE, once=True)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm."""
    found = queries.undertaking_for(request.actor, pk)
    kind = policies.kinds().get(found.kind)
    closing = pick(kind.closing) if kind and kind.closing else ""
    form = forms.CloseForm(request.POST if request.method == "POST" else None, closing=closing)
    if request.method == "POST" and form.is_valid():
        actions.close(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("已确认销号"))
    return _page(request, found, form, _("确认销号"), _("确认销号"))


@door("undertakings.send_back", once=True)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Not done yet."""
    found = queries.undertaking_for(request.actor, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.send_back(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("已退回继续办"))
    return _page(request, found, form, _("退回继续办"), _("退回"))


@door("undertakings.extend", once=True)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """A later day."""
    found = queries.undertaking_for(request.actor, pk)
    form = forms.ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.extend(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("已延期，原来的期限保留"))
    return _page(request, found, form, _("延期"), _("延期"))


@door("undertakings.hand_over", once=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Someone else takes it over."""
    found = queries.undertaking_for(request.actor, pk)
    people = queries.people(found.organisation, clock.today(request))
    kind = policies.kinds().get(found.kind)
    form = forms.HandOverForm(request.POST or None, people=people, alone=bool(kind and kind.alone))
    if request.method == "POST" and form.is_valid():
        actions.hand_over(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("已转交"))
    return _page(request, found, form, _("转交"), _("转交"))


@door("undertakings.give_up", once=True)
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer pursued."""
    found = queries.undertaking_for(request.actor, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.give_up(request.actor, undertaking=found, now=clock.now(request), **form.cleaned_data)
        return _done(request, found, _("已记为不再办理"))
    return _page(request, found, form, _("不再办理"), _("不再办理"))


@door(policies.VIEW)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, always as a download."""
    found = queries.attachment_for(request.actor, pk)
    answer = HttpResponse(content_of_attachment(found), content_type=MEDIA_TYPES[found.kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _done(request: HttpRequest, found: Undertaking, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("undertakings:undertaking", found.pk)


def _page(request: HttpRequest, found: Undertaking, form: Any, title: str, button: str) -> HttpResponse:
    kind = policies.kinds().get(found.kind)
    context = {
        "undertaking": found, "form": form, "title": title, "button": button,
        "kind_told": pick(kind.title) if kind else found.kind, "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "undertakings/step.html", context)
