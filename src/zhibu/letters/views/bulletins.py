"""Bulletins: written by one, published by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may, ranges
from zhibu.letters import actions, forms, queries
from zhibu.letters.models import Bulletin, BulletinKind, BulletinState, PracticeField
from zhibu.ui import clock, listing
from zhibu.ui.asked import number, version
from zhibu.ui.doors import door

HEADINGS = "一、解决什么问题\n\n二、怎么做\n\n三、效果\n"
"""What a practice begins with: the language of the text, not of the interface."""


@door("letters.view")
def bulletins(request: HttpRequest) -> HttpResponse:
    """What was written, waits for review, or is published."""
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    rows = queries.bulletins(
        request.actor,
        kind=kind if kind in BulletinKind.values else "",
        state=state if state in BulletinState.values else "",
    )
    context = {
        "page": listing.page_of(request, rows), "kinds": BulletinKind.choices, "states": BulletinState.choices,
        "may_write": bool(ranges(request.actor, "letters.write_bulletin")), "tab_bulletins": True,
    }  # fmt: skip
    return render(request, "letters/bulletins.html", context)


@door("letters.view")
def practices(request: HttpRequest) -> HttpResponse:
    """What branches wrote down once and others may take over, newest first."""
    topic, search = request.GET.get("topic", ""), request.GET.get("q", "")[:60].replace("\0", "")
    rows = queries.practices(
        request.actor, topic=topic if topic in PracticeField.values else "", search=search,
        own=request.GET.get("own") == "1",
    )  # fmt: skip
    context = {
        "page": listing.page_of(request, rows), "topics": PracticeField.choices, "search": search,
        "may_write": bool(ranges(request.actor, "letters.write_bulletin")), "tab_practices": True,
    }  # fmt: skip
    return render(request, "letters/practices.html", context)


@door("letters.take_over", once=True)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a practice of another branch over, as it is done here."""
    verb, found = "letters.take_over", queries.bulletin_for(request.actor, pk)
    organisation = queries.place_for(request.actor, verb, number(request, "organisation"))
    form = forms.TakeOverForm(request.POST or None, initial={"body": found.body})
    if request.method == "POST" and form.is_valid():
        made = actions.take_over(
            request.actor,
            organisation=organisation,
            bulletin=found,
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("已存为草稿，出处写在旁边；送审后由别人审核发布"))
        return redirect("letters:bulletin", made.pk)
    context = {
        "form": form, "title": _("借鉴"), "button": _("借鉴"), "organisation": organisation,
        "note": _("借鉴%(name)s的“%(title)s”，出处会一直写在旁边。") % {"name": found.organisation.name, "title": found.title},
        "places": queries.places(request.actor, verb), "back": "letters:bulletin", "back_to": pk,
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/act.html", context)


@door("letters.view")
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """One bulletin, and what may be done with it."""
    found = queries.bulletin_for(request.actor, pk)
    return _page(request, found)


@door("letters.write_bulletin", once=True)
def write_bulletin(request: HttpRequest) -> HttpResponse:
    """Write a bulletin."""
    verb = "letters.write_bulletin"
    organisation = queries.place_for(request.actor, verb, number(request, "organisation"))
    practice = request.GET.get("kind") == BulletinKind.PRACTICE
    form = _form(request, {"body": HEADINGS} if practice else {}, practice=practice)
    if request.method == "POST" and form.is_valid():
        made = actions.write_bulletin(
            request.actor, organisation=organisation, now=clock.now(request), **_told(form)
        )
        messages.success(request, _("已存为草稿，送审后由别人审核发布"))
        return redirect("letters:bulletin", made.pk)
    context = {
        "form": form, "title": _("写一个做法") if practice else _("写一篇"), "button": _("存草稿"), "organisation": organisation,
        "places": queries.places(request.actor, verb),
        "back": "letters:practices" if practice else "letters:bulletins",
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/act.html", context)


@door("letters.edit_bulletin", once=True)
def edit_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a bulletin."""
    found = queries.bulletin_for(request.actor, pk)
    initial = {"kind": found.kind, "title": found.title, "body": found.body, "topic": found.topic}
    form = _form(request, initial, practice=found.kind == BulletinKind.PRACTICE)
    if request.method == "POST" and form.is_valid():
        actions.edit_bulletin(
            request.actor, bulletin=found, now=clock.now(request),
            version=version(request) or found.version, **_told(form),
        )  # fmt: skip
        messages.success(request, _("已保存"))
        return redirect("letters:bulletin", pk)
    context = {
        "form": form, "title": _("修改"), "button": _("保存"), "version": found.version,
        "back": "letters:bulletin", "back_to": pk,
    }  # fmt: skip
    return render(request, "letters/act.html", context)


@require_POST
@door("letters.submit_bulletin", once=True)
def submit_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it over to be reviewed."""
    found = queries.bulletin_for(request.actor, pk)
    actions.submit_bulletin(request.actor, bulletin=found, now=clock.now(request))
    messages.success(request, _("已送审"))
    return redirect("letters:bulletin", pk)


@door("letters.publish_bulletin", once=True)
def publish_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Review and publish it."""
    found = queries.bulletin_for(request.actor, pk)
    form = forms.ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.publish_bulletin(request.actor, bulletin=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已发布"))
        return redirect("letters:bulletin", pk)
    return _page(request, found)


@door("letters.return_bulletin", once=True)
def return_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back with what is to be changed."""
    return _act(request, pk, forms.RemarkForm(request.POST or None), actions.return_bulletin, _("退回修改"))


@door("letters.withdraw_bulletin", once=True)
def withdraw_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off the portal."""
    return _act(request, pk, forms.ReasonForm(request.POST or None), actions.withdraw_bulletin, _("撤下"))


@door("letters.view")
def portal(request: HttpRequest) -> HttpResponse:
    """The address of the portal of an organisation."""
    organisation = queries.place_for(request.actor, "letters.view", number(request, "organisation"))
    slug = queries.address_of(organisation)
    address = request.build_absolute_uri(reverse("portal:front", args=[slug])) if slug else ""
    context = {
        "organisation": organisation, "places": queries.places(request.actor, "letters.view"), "address": address,
        "square": queries.square(address) if address else "", "tab_portal": True,
        "may_open": may(request.actor, "notices.renew_board", organisation.path),
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/portal.html", context)


def _form(request: HttpRequest, initial: dict[str, Any], *, practice: bool) -> Any:
    made = forms.PracticeForm if practice else forms.BulletinForm
    return made(request.POST or None, initial=initial)


def _told(form: Any) -> dict[str, Any]:
    """What was typed; a practice has its form, and its kind is said there."""
    kind = {"kind": BulletinKind.PRACTICE} if isinstance(form, forms.PracticeForm) else {}
    return kind | form.cleaned_data


def _act(request: HttpRequest, pk: int, form: Any, act: Any, title: str) -> HttpResponse:
    found = queries.bulletin_for(request.actor, pk)
    if request.method == "POST" and form.is_valid():
        act(request.actor, bulletin=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已办理"))
        return redirect("letters:bulletin", pk)
    context = {
        "form": form,
        "title": title,
        "button": title,
        "note": found.title,
        "back": "letters:bulletin",
        "back_to": pk,
    }
    return render(request, "letters/act.html", context)


def _page(request: HttpRequest, found: Bulletin) -> HttpResponse:
    actor, path, state = request.actor, found.organisation.path, found.state

    def can(act: str, *states: str) -> bool:
        return state in states and may(actor, f"letters.{act}", path)

    practice, within = found.kind == BulletinKind.PRACTICE, may(actor, "letters.write_bulletin", path)
    reviews = can("publish_bulletin", BulletinState.SUBMITTED)
    context = {
        "bulletin": found, "practice": practice,
        "adopters": queries.adopters(found) if practice else [],
        "may_take_over": practice and state == BulletinState.PUBLISHED and not within and bool(ranges(actor, "letters.take_over")),
        "may_edit": can("edit_bulletin", BulletinState.DRAFT, BulletinState.SUBMITTED, BulletinState.WITHDRAWN),
        "may_submit": can("submit_bulletin", BulletinState.DRAFT),
        "form": forms.ReviewForm() if reviews and found.author_user != actor.user else None,
        "own": reviews and found.author_user == actor.user,
        "may_withdraw": can("withdraw_bulletin", BulletinState.PUBLISHED),
        "board": queries.address_of(found.organisation) if found.address and state == BulletinState.PUBLISHED else "",
        "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "letters/bulletin.html", context)
