"""The library: listed, searched, read, kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.study import actions, forms, policies, queries
from zhibu.study.models import Audience, Material, MaterialKind, Subject
from zhibu.study.views import asked
from zhibu.ui import clock, listing
from zhibu.ui.asked import version
from zhibu.ui.doors import door


@door("study.view")
def library(request: HttpRequest) -> HttpResponse:
    """What there is to study: by kind, subject and tag, or by words."""
    narrow = {
        "kind": asked.word(request, "kind", MaterialKind.values),
        "subject": asked.word(request, "subject", Subject.values),
        "tag": request.GET.get("tag", "")[:20],
    }
    question = asked.question(request)
    context: dict[str, Any] = {
        "question": question, "kinds": MaterialKind.choices, "subjects": Subject.choices, "narrow": narrow,
        "labels": dict(MaterialKind.choices), "subject_labels": dict(Subject.choices),
        "audiences": dict(Audience.choices), "tags": queries.tags_used(request.actor),
        "may_publish": policies.holds_anywhere(request.actor, "study.publish_material"),
        "may_keep_hours": policies.holds_anywhere(request.actor, "study.record_training"),
    }  # fmt: skip
    if question:
        rows = queries.seen(request.actor, **narrow)
        number = asked.page(request)
        found, hits = queries.searched(rows, question, page=number)
        more = number * queries.PAGE < found.total
        context |= {"found": found, "page": listing.Page(hits, number, queries.PAGE, more, found.total)}
    else:
        withdrawn = request.GET.get("state") == "withdrawn"
        context["page"] = listing.page_of(
            request, queries.listed(request.actor, withdrawn=withdrawn, **narrow)
        )
    return render(request, "study/library.html", context)


@door("study.view")
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """One material."""
    found = queries.material_for(request.actor, pk)
    keeps = may(request.actor, policies.KEEP, found.organisation.path) and not found.withdrawn
    context = {
        "material": found,
        "tags": [tag.word for tag in found.tags.order_by("id")],
        "keeps": keeps,
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "study/material.html", context)


@door("study.publish_material", once=True)
def publish_material(request: HttpRequest) -> HttpResponse:
    """Put a material into the library."""
    verb = "study.publish_material"
    organisation = queries.place_for(request.actor, verb, asked.number(request, "organisation"))
    form = forms.MaterialForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = actions.publish_material(
            request.actor, organisation=organisation, told=form.told(), file=form.given(), now=clock.now(request)
        )  # fmt: skip
        messages.success(request, _("资料已发布"))
        return redirect("study:material", made.pk)
    context = {
        "form": form,
        "title": _("发布资料"),
        "button": _("发布"),
        "organisation": organisation,
        "places": queries.places(request.actor, verb),
        "crumbs": [(organisation.name, None)],
    }
    return render(request, "study/material_form.html", context)


@door("study.edit_material", once=True)
def edit_material(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a material."""
    found = queries.material_for(request.actor, pk)
    form = forms.MaterialForm(request.POST or None, request.FILES or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        actions.edit_material(
            request.actor, material=found, told=form.told(), file=form.given(), now=clock.now(request),
            version=_version(request, found),
        )  # fmt: skip
        messages.success(request, _("资料已修改"))
        return redirect("study:material", pk)
    context = {"form": form, "title": _("修改资料"), "button": _("保存"), "material": found}
    return render(request, "study/material_form.html", context)


@door("study.withdraw_material", once=True)
def withdraw_material(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a material out of the library."""
    found = queries.material_for(request.actor, pk)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_material(
            request.actor, material=found, reason=form.cleaned_data["reason"], now=clock.now(request)
        )
        messages.success(request, _("资料已撤下"))
        return redirect("study:library")
    context = {"form": form, "title": _("撤下资料"), "button": _("撤下"), "material": found}
    return render(request, "study/material_form.html", context)


@door("study.view")
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a material, always as a download."""
    found = queries.attachment_for(request.actor, pk)
    return as_download(content_of_attachment(found), found.name, found.kind)


def as_download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Bytes handed out and never shown inside the platform."""
    answer = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _initial(found: Material) -> dict[str, Any]:
    names = ("title", "kind", "subject", "audience", "summary", "content", "link", "minutes")
    tags = "、".join(tag.word for tag in found.tags.order_by("id"))
    return {name: getattr(found, name) for name in names} | {"tags": tags}


def _version(request: HttpRequest, found: Material) -> int:
    return version(request) or found.version
