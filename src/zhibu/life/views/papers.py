"""Talks, examinations and filed documents."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhibu.life import actions, forms, policies, queries
from zhibu.life.models import DocumentKind, TalkKind
from zhibu.life.views import reading
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door("life.view")
def talks(request: HttpRequest) -> HttpResponse:
    """Talks, and examinations of activists."""
    shown = reading.word(request, "show", ["examinations"])
    if shown:
        rows = queries.examinations(request.actor)
    else:
        kind = reading.word(request, "kind", list(TalkKind.values))
        rows = queries.talks(request.actor, kind=kind, quarter=reading.quarter(request))
    page = listing.page_of(request, rows)
    context = {
        "page": page,
        "rows": page.rows if shown else queries.without_promises(request.actor, page),
        "shown": shown,
        "kinds": TalkKind.choices,
        "labels": dict(TalkKind.choices),
        "may_talk": policies.holds_anywhere(request.actor, "life.record_talk"),
        "near": bool(queries.near(request.actor)),
        "may_examine": policies.holds_anywhere(request.actor, "life.record_examination"),
    }
    return render(request, "life/talks.html", context)


@door("life.record_talk")
def to_talk(request: HttpRequest) -> HttpResponse:
    """Whom to talk with next: members without a talk this year, or the young."""
    shown, today = reading.word(request, "show", ["young"]), clock.today(request)
    found = (queries.young if shown else queries.talks_due)(request.actor, today)
    context = {
        "found": found,
        "page": listing.page_of(request, found.rows, total=len(found.rows)),
        "shown": shown,
    }
    return render(request, "life/to_talk.html", context)


def _also(served: str) -> str:
    """What the record did besides."""
    return _("，已同时登记为“{step}”").format(step=served) if served else ""


@door("life.record_talk", once=True)
def record_talk(request: HttpRequest) -> HttpResponse:
    """Record that two people talked."""
    today = clock.today(request)
    organisation, _group = queries.place_for(
        request.actor, "life.record_talk", number(request, "organisation"), None
    )
    kind = reading.word(request, "kind", list(TalkKind.values))
    members = queries.roll(organisation, "general_meeting", today)
    people = queries.activists(organisation, today)
    initial = {
        "kind": kind,
        "held_on": today,
        "talker": request.actor.person,
        "person": number(request, "person"),
    }
    form = forms.TalkForm(
        request.POST or None, activists=people, members=members, today=today, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        made = actions.record_talk(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("谈话已记录") + _also(made.served))
        return redirect("life:talks")
    context = {
        "form": form,
        "organisation": organisation,
        "crumbs": [(organisation.name, None)],
        "branches": queries.branches(request.actor, "life.record_talk"),
    }
    return render(request, "life/record_talk.html", context)


@door("life.record_examination", once=True)
def record_examination(request: HttpRequest) -> HttpResponse:
    """Record the examination of an activist."""
    today = clock.today(request)
    organisation, _group = queries.place_for(
        request.actor, "life.record_examination", number(request, "organisation"), None
    )
    initial = {"held_on": today, "person": number(request, "person")}
    people = queries.activists(organisation, today)
    form = forms.ExaminationForm(request.POST or None, people=people, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.record_examination(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("考察已记录") + _also(made.served))
        return redirect("/life/talks/?show=examinations")
    branches = queries.branches(request.actor, "life.record_examination")
    context = {
        "form": form,
        "organisation": organisation,
        "crumbs": [(organisation.name, None)],
        "branches": branches,
        "people": people,
    }
    return render(request, "life/record_examination.html", context)


@door("life.view")
def documents(request: HttpRequest) -> HttpResponse:
    """Papers on file."""
    kind = reading.word(request, "kind", list(DocumentKind.values))
    rows = queries.documents(request.actor, kind=kind, branch=number(request, "branch"))
    context = {
        "page": listing.page_of(request, rows),
        "kinds": DocumentKind.choices,
        "labels": dict(DocumentKind.choices),
        "may_file": policies.holds_anywhere(request.actor, "life.file_document"),
    }
    return render(request, "life/documents.html", context)


@door("life.view")
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper on file."""
    return render(request, "life/document.html", {"document": queries.document_for(request.actor, pk)})


@door("life.file_document", once=True)
def file_document(request: HttpRequest) -> HttpResponse:
    """File a paper."""
    organisation, _group = queries.place_for(
        request.actor, "life.file_document", number(request, "organisation"), None
    )
    today, now = clock.today(request), clock.now(request)
    kind = reading.word(request, "kind", list(DocumentKind.values)) or DocumentKind.YEAR_PLAN.value
    # a standard may ask for a paper by its title; the step from the workbench brings it along
    title = request.GET.get("title", "")[:120]
    initial = {"kind": kind, "title": title, "covers_on": (today.year, today.month)}
    form = forms.DocumentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.pop("file")
        year, month = form.cleaned_data.pop("covers_on")
        file = (upload.name or "", upload.read()) if upload else None
        row = actions.file_document(
            request.actor, organisation=organisation, covers_on=date(year, month, 1), now=now, file=file,
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("材料已归档"))
        return redirect("life:document", row.pk)
    branches = queries.branches(request.actor, "life.file_document")
    return render(
        request,
        "life/file_document.html",
        {
            "form": form,
            "organisation": organisation,
            "crumbs": [(organisation.name, None)],
            "branches": branches,
        },
    )


@door("life.view")
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, always as a download: what a stranger uploaded is never shown inside the platform."""
    found = queries.attachment_for(request.actor, pk)
    answer = HttpResponse(content_of_attachment(found), content_type=MEDIA_TYPES[found.kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
