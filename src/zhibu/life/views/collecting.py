"""Opinions before an organisational life meeting: a member gives them on a phone, whoever writes the minutes reads them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.life import actions
from zhibu.life.forms.missed import OpinionForm
from zhibu.life.models.missing import VoiceKind
from zhibu.life.queries import collecting
from zhibu.ui import clock
from zhibu.ui.doors import door, signed_in


@signed_in
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the meeting is about, what I gave; for the branch what came, without names."""
    return _page(request, pk, OpinionForm())


@door("life.write_voice", once=True)
@require_POST
def send_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one."""
    form = OpinionForm(request.POST)
    found = collecting.session_asking(request.actor, pk, clock.today(request))
    if not form.is_valid():
        return _page(request, pk, form)
    actions.write_voice(
        request.actor, kind=VoiceKind.BEFOREHAND, session=found, now=clock.now(request), **form.cleaned_data
    )
    messages.success(request, _("已送到支部，会上通报时不写姓名"))
    return redirect("life:opinions", pk)


def _page(request: HttpRequest, pk: int, form: OpinionForm) -> HttpResponse:
    actor, today = request.actor, clock.today(request)
    found = collecting.session_asking(actor, pk, today)
    context = {
        "session": found, "form": form, "theme": found.details.get("theme", ""),
        "belongs": collecting.belongs(actor.person, found, today), "mine": collecting.given_by(actor.person, found),
        "collected": collecting.collected(actor, found), "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/opinions.html", context)
