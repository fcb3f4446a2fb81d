"""Minutes being written: kept while they are typed, and two who write at once see each other's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.life import actions, forms, queries
from zhibu.life.models import Session
from zhibu.life.views.meetings import crumbs
from zhibu.ui import clock
from zhibu.ui.asked import version
from zhibu.ui.doors import REFUSED, Stale, door

NOT_KEPT = {"csrfmiddlewaretoken", "zb_token"}
WRITING = timedelta(minutes=10)


@door("life.edit_minutes")
def edit_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes being written; what is typed is kept every few seconds, here and on the device."""
    found = queries.session_for(request.actor, pk)
    if request.headers.get("X-Zhibu-Autosave"):
        _keep(request, found)
        return HttpResponse(status=204)
    draft = queries.draft_of(found, request.actor.user)
    form, agenda = _forms(request, found, draft)
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        try:
            actions.edit_minutes(
                request.actor,
                session=found,
                agenda=forms.items_of(agenda),
                now=clock.now(request),
                **form.values(),
            )
        except Stale as stale:
            _keep(request, found)
            return _again(request, found, stale, agenda)
        messages.success(request, _("记录已保存"))
        return redirect("life:session", pk)
    return _page(request, found, form, agenda, draft=None if request.GET.get("draft") else draft)


def _forms(request: HttpRequest, found: Session, draft: dict[str, Any] | None) -> tuple[Any, Any]:
    """The form as it was sent; or, asked for in the address, as it was kept; or as the minutes stand."""
    data: Any = request.POST or None
    if data is None and draft is not None and request.GET.get("draft"):
        data = {**draft["values"], "version": found.version}
    form = forms.MinutesForm(
        data, initial=queries.minutes_initial(found), session=found, people=queries.people_of(found)
    )
    return form, forms.agenda_forms(data, forms.existing(actions.agenda_items(found)))


def _again(request: HttpRequest, found: Session, stale: Stale, agenda: Any) -> HttpResponse:
    """Someone else has saved meanwhile: one's own words stay in the form, theirs stand beside it, to be taken over."""
    found.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(found.version)
    people = queries.people_of(found)
    form = forms.MinutesForm(data, initial=queries.minutes_initial(found), session=found, people=people)
    labels = {str(form.fields[name].label): form[name].id_for_label for name in form.fields}
    labels[_("记录")] = form["minutes"].id_for_label
    rows = [(row, labels.get(row.label, "")) for row in stale.rows if row.theirs != row.mine]
    page = _page(request, found, form, agenda, conflict=rows, who=queries.last_writer(found))
    page.status_code = REFUSED
    return page


def _page(request: HttpRequest, found: Session, form: Any, agenda: Any, **more: Any) -> HttpResponse:
    writing = queries.others_writing(found, request.actor.user, clock.now(request) - WRITING)
    context = {
        "form": form,
        "agenda": agenda,
        "session": found,
        "crumbs": crumbs(found),
        "writing": writing,
        "own_fields": forms.own_fields(form),
        "matters": forms.matter_fields(form, found.kind),
        "tags": set(queries.tags_of(found)),
        **more,
    }
    return render(request, "life/edit_minutes.html", context)


def _keep(request: HttpRequest, found: Session) -> None:
    kept = {name: str(value) for name, value in request.POST.items() if name not in NOT_KEPT}
    seen = version(request) or found.version
    actions.keep_draft(request.actor, session=found, values=kept, version=seen, now=clock.now(request))
