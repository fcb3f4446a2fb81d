"""Meetings: the list, one meeting, its minutes, what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.core.calendar import Quarter
from zhibu.life import actions, forms, kinds, policies, queries
from zhibu.life.models import AgendaTag, Session, SessionState
from zhibu.life.views import notice, reading
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door

QUARTERS = 6
STATES = ("open", "closed", "late", "cancelled")


@door("life.view")
def sessions(request: HttpRequest) -> HttpResponse:
    """The meetings in reach, newest first."""
    today = clock.today(request)
    asked: dict[str, Any] = {
        "kind": reading.word(request, "kind", list(kinds.known())),
        "state": reading.word(request, "state", list(STATES)),
        "quarter": reading.quarter(request),
        "branch": number(request, "branch"),
        "search": request.GET.get("q", "")[:60],
    }
    page = listing.page_of(request, queries.listed(request.actor, **asked))
    limit = queries.late_after(today)
    titles = dict(queries.kind_choices())
    rows = [
        {**row, "marks": queries.state_marks(row, today, limit), "note": _note(row, titles)} for row in page
    ]
    branches = queries.branches(request.actor, "life.view")
    context = {
        "page": page,
        "rows": rows,
        "many": len(branches) > 1,
        "kinds": queries.kind_choices(),
        "quarters": [Quarter.from_key(Quarter.of(today).key - back) for back in range(QUARTERS)],
        "asked": asked,
        "branches": branches,
        "may_record": policies.holds_anywhere(request.actor, "life.record"),
        "may_export": policies.holds_anywhere(request.actor, "life.export_book"),
        "may_import": policies.holds_anywhere(request.actor, "life.import_meetings"),
    }
    return render(request, "life/sessions.html", context)


def _note(row: dict[str, Any], titles: dict[str, Any]) -> str:
    """What kind of meeting it was, unless its title says so; and whose, when a Party group's."""
    kind = titles.get(row["kind"], "")
    return " ".join(filter(None, ("" if kind == row["title"] else str(kind), row["party_group__name"])))


@door("life.view")
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting with everything that belongs to it."""
    found = queries.session_for(request.actor, pk)
    attendance, today = queries.attendance_of(found), clock.today(request)
    agenda, loose = queries.agenda_and_loose(found)
    context = {
        "session": found,
        "kind_note": "" if found.title == found.kind_title else found.kind_title,
        "marks": queries.state_marks(found, today, queries.late_after(today)),
        "attendance": attendance,
        "missing": [row for row in attendance if row["state"] in {"excused", "absent"}],
        "agenda": agenda,
        **_offered(request, found),
        "tags": AgendaTag.choices,
        "details": queries.shown(found),
        "quorum": queries.quorum(found),
        "online": [row for row in attendance if row["way"] == "online"],
        "loose": loose,
        "stages": queries.stages(found),
        "wanting": queries.wanting(found) if found.state == SessionState.HELD else [],
        "followed": queries.followed(request.actor, found, today),
        "corrections": queries.corrections_of(found),
        "attachments": queries.attachments("zb_session", found.pk),
        "steps": policies.steps_open(request.actor, found),
        "attach": forms.AttachForm(),
        "may_attach": policies.may_act_on(request.actor, "life.record", found) is None,
        "crumbs": crumbs(found),
        **notice.told(request, found),
    }
    return render(request, "life/session.html", context)


def _offered(request: HttpRequest, found: Session) -> dict[str, bool]:
    """What may follow from an item of the agenda: a vote, a notice of its resolution."""
    actor, path, over = request.actor, found.organisation.path, found.state == SessionState.CLOSED
    return {
        # of a meeting that is over, on its day: later nobody is there to vote
        "may_vote_on": found.state != SessionState.CANCELLED
        and not (over and found.held_on != clock.today(request))
        and may(actor, "ballots.open_ballot", path),
        "may_publish": over and may(actor, "notices.publish", path),
    }


@door("life.view")
def agenda_item(request: HttpRequest, pk: int) -> HttpResponse:
    """An agenda item is shown in its meeting."""
    session_id = queries.session_of_item(request.actor, pk)
    response = redirect("life:session", session_id)
    response["Location"] += f"#item-{pk}"
    return response


@door("life.view")
@require_POST
def close_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the minutes. The chair of a meeting needs no post for it, so the act decides, not the door."""
    found = queries.session_for(request.actor, pk)
    actions.close_minutes(request.actor, session=found, now=clock.now(request))
    messages.success(request, _("记录已归档，会议计入考核"))
    return redirect("life:session", pk)


@door("life.correct", once=True)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct closed minutes; what was there stays visible."""
    found = queries.session_for(request.actor, pk)
    form = forms.CorrectForm(
        request.POST or None,
        session=found,
        attendance=queries.attendance_of(found),
        agenda=queries.agenda_of(found),
    )
    if request.method == "POST" and form.is_valid():
        actions.correct(request.actor, session=found, now=clock.now(request), **form.changes())
        messages.success(request, _("更正已记录，原文保留"))
        return redirect("life:session", pk)
    return form_page(request, form, found, _("更正会议记录"), _("记录更正"))


@door("life.record", once=True)
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a meeting."""
    found = queries.session_for(request.actor, pk)
    form = forms.AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("life:session", pk)
    file = form.cleaned_data["file"]
    actions.attach(request.actor, session=found, name=file.name, content=file.read(), now=clock.now(request))
    messages.success(request, _("附件已加入"))
    return redirect("life:session", pk)


def form_page(request: HttpRequest, form: Any, found: Any, title: str, button: str) -> HttpResponse:
    context = {
        "form": form, "session": found, "title": title, "button": button, "crumbs": crumbs(found),
        "closed": found.state == SessionState.CLOSED,
    }  # fmt: skip
    return render(request, "life/session_form.html", context)


def crumbs(found: Any) -> list[tuple[str, str | None]]:
    place: list[tuple[str, str | None]] = [(found.organisation.name, None)]
    return [*place, (found.party_group.name, None)] if found.party_group else place
