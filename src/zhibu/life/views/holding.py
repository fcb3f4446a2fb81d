"""A meeting while it goes on: the list, the quorum, items one by one, shows of hands, who said what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.life import actions, forms, policies, queries
from zhibu.life.models import Session
from zhibu.ui import clock
from zhibu.ui.asked import version, whole
from zhibu.ui.doors import door


@door("life.call_roll")
def conduct(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting as its chair sees it while it goes on."""
    found = queries.session_for(request.actor, pk)
    return _page(request, found, _roll_form(request, found), _remark_form(request, found))


@door("life.call_roll", once=True)
@require_POST
def call_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the list; the first time the meeting begins with it."""
    found = queries.session_for(request.actor, pk)
    form = _roll_form(request, found, request.POST)
    if not form.is_valid():
        return _page(request, found, form, _remark_form(request, found))
    session = actions.call_roll(request.actor, session=found, now=clock.now(request), **form.called())
    counts = {"present": session.present_count, "expected": session.expected_count}
    messages.success(request, _("已点名：实到 %(present)d / 应到 %(expected)d") % counts)
    return redirect("life:conduct", pk)


@door("life.take_item", once=True)
@require_POST
def take_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on to an item."""
    found = queries.session_for(request.actor, pk)
    asked = whole(request.POST.get("position", ""), 3) or 0
    actions.take_item(request.actor, session=found, position=asked, now=clock.now(request))
    return _to_item(pk, asked)


@door("life.decide", once=True)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a show of hands."""
    found = queries.session_for(request.actor, pk)
    form = forms.HandsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("票数要写成整数"))
        return redirect("life:conduct", pk)
    decision = actions.decide(request.actor, session=found, now=clock.now(request), **form.cleaned_data)
    messages.success(request, queries.hands_told(decision).said)
    return _to_item(pk, form.cleaned_data["position"])


@door("life.note_remark", once=True)
@require_POST
def note_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what someone said."""
    found = queries.session_for(request.actor, pk)
    form = _remark_form(request, found, request.POST)
    if not form.is_valid():
        return _page(request, found, _roll_form(request, found), form)
    actions.note_remark(request.actor, session=found, now=clock.now(request), **form.cleaned_data)
    response = redirect("life:conduct", pk)
    response["Location"] += "#remarks"
    return response


@door("life.amend_remark", once=True)
@require_POST
def amend_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a remark, or take it away."""
    remark = queries.remark_for(request.actor, pk)
    actions.amend_remark(
        request.actor, remark=remark, text=request.POST.get("text", ""),
        version=version(request) or 0, now=clock.now(request),
    )  # fmt: skip
    response = redirect("life:conduct", remark.session_id)
    response["Location"] += "#remarks"
    return response


def _to_item(pk: int, position: int) -> HttpResponse:
    response = redirect("life:conduct", pk)
    response["Location"] += f"#item-{position}"
    return response


def _roll_form(request: HttpRequest, found: Session, data: Any = None) -> Any:
    calling = queries.calling(found, clock.today(request))
    return forms.RollForm(data, expected=calling.expected, others=calling.others, initial=calling.initial)


def _remark_form(request: HttpRequest, found: Session, data: Any = None) -> Any:
    people = [each.choice for each in queries.calling(found, clock.today(request)).expected]
    titles = [row["title"] for row in queries.agenda_of(found)]
    current = next((row["title"] for row in queries.agenda_of(found) if row["position"] == found.at_item), "")
    return forms.RemarkForm(data, people=people, items=titles, initial={"item": current})


def _page(request: HttpRequest, found: Session, roll: Any, remark: Any) -> HttpResponse:
    calling = queries.calling(found, clock.today(request))
    agenda, loose = queries.items_in_progress(found)
    place: list[tuple[str, str | None]] = [(found.organisation.name, None)]
    context = {
        "session": found, "roll": roll, "remark": remark, "calling": calling, "agenda": agenda,
        "quorum": queries.quorum(found), "steps": policies.steps_open(request.actor, found),
        "going_on": found.state == "held", "wanting": queries.wanting(found), "crumbs": place,
        "may_vote_on": may(request.actor, "ballots.open_ballot", found.organisation.path),
        "loose": loose,
    }  # fmt: skip
    return render(request, "life/conduct.html", context)
