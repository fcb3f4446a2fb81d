"""Arranging a meeting: listed for later, or people are told at once; changed, called off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhibu.life import actions, forms, queries
from zhibu.life.models import Session
from zhibu.life.planned import InvitationRole, PlanItem
from zhibu.life.views import meetings, recording
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door

LATER = "later"


@door("life.plan", once=True)
def plan(request: HttpRequest) -> HttpResponse:
    """Arrange a meeting to come: day, hour and place offered from the plan or the usual day; told at once, or later."""
    item = _item(request)
    place = _setting_of(request, item)
    form = _form(request, place, _initial(request, place, item))
    # what a rule still asks for this quarter is on the agenda unless somebody takes it off
    offered = [
        {**line, "use": line.get("use") or line.get("due")} for line in recording.offered(request, place)
    ]
    agenda = forms.agenda_forms(request.POST or None, offered)
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        session = actions.plan(
            request.actor, organisation=place.organisation, party_group=place.party_group, kind=place.kind,
            agenda=forms.items_of(agenda), now=clock.now(request), title=form.cleaned_data["title"], item=item,
            **form.when(),
        )  # fmt: skip
        if request.POST.get("then") == LATER:
            messages.success(request, _("会议已列入计划"))
            return redirect("life:session", session.pk)
        return _convened(request, form, session)
    context = {
        "form": form, "agenda": agenda, "place": place, "item": item, "clashes": _clashes(form, place, item),
        **recording.choices(request, place, "life.plan"),
    }  # fmt: skip
    return render(request, "life/plan.html", context)


def _item(request: HttpRequest) -> PlanItem | None:
    """The line of a plan that the meeting is made of, when the address names one that is still open."""
    key = number(request, "item")
    if key is None:
        return None
    item = queries.item_for(request.actor, key, "life.plan")
    return item if item.kind and item.session_id is None and not item.dropped else None


def _setting_of(request: HttpRequest, item: PlanItem | None) -> queries.Setting:
    if item is None:
        return recording.setting(request, "life.plan")
    return queries.setting(item.organisation, item.party_group, item.kind, clock.today(request))


def _initial(request: HttpRequest, place: queries.Setting, item: PlanItem | None) -> dict[str, Any]:
    """What is offered: the line's own day, else the next usual one; hour and place of the usual day, else of last time."""
    today = clock.today(request)
    offered = {name: place.values.get(name) for name in ("starts_at", "place")}
    offered |= queries.next_usual(place.organisation, place.kind, place.party_group, today)
    if item is not None:
        offered |= {"title": "" if item.title == place.kind_label else item.title}
        offered |= {
            name: value for name, value in (("starts_at", item.starts_at), ("place", item.place)) if value
        }
        if item.day and item.day >= today:
            offered["planned_on"] = item.day
    return offered


def _form(request: HttpRequest, place: queries.Setting, initial: dict[str, Any]) -> Any:
    near = queries.neighbours(place.organisation) if place.kind in queries.JOINT else []
    others = [each.choice for each in queries.may_observe(place.organisation, place.expected, place.day)]
    return forms.SummonForm(
        request.POST or None, request.FILES or None, others=others, near=near, today=clock.today(request),
        initial=initial,
    )  # fmt: skip


def _convened(request: HttpRequest, form: Any, session: Session) -> HttpResponse:
    now = clock.now(request)
    if form.cleaned_data["file"]:
        file = form.cleaned_data["file"]
        actions.attach(request.actor, session=session, name=file.name, content=file.read(), now=now)
    session = actions.convene(request.actor, session=session, now=now, **form.when(), **form.asked())
    foreseen = queries.foreseen(session)
    told, exempt = (foreseen.expected, foreseen.exempt) if foreseen else (0, 0)
    words = ngettext("会议已通知：应到 %(n)d 人", "会议已通知：应到 %(n)d 人", told) % {"n": told}
    more = _("，另有 %(n)d 人可不到会") % {"n": exempt} if exempt else ""
    messages.success(request, words + more)
    return redirect("life:session", session.pk)


def _clashes(
    form: Any, place: queries.Setting, item: PlanItem | None, session: int | None = None
) -> list[Any]:
    """What stands against the day offered, or typed."""
    if "planned_on" in form.errors:
        return []
    day, hour = form["planned_on"].value(), form["starts_at"].value()
    meant = queries.meant(day, hour, place.kind, place.party_group, session, item.pk if item else None)
    return [] if meant is None else queries.known(place.organisation, meant.day, meant.day).against(meant)


@door("life.convene", once=True)
def convene(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell people, or tell them that it changed: another hour, another place, others to come."""
    found = queries.session_for(request.actor, pk)
    today = clock.today(request)
    place = queries.setting(found.organisation, found.party_group, found.kind, today, found)
    usual = queries.next_usual(found.organisation, found.kind, found.party_group, today)
    told = queries.replies_of(found)
    joint = queries.joint_of(found)
    initial: dict[str, Any] = {
        "planned_on": found.planned_on, "starts_at": found.starts_at or usual.get("starts_at"),
        "place": found.place or place.values.get("place", ""), "joint": [each[0] for each in joint],
        "observers": [row["person_id"] for row in told if row["role"] == InvitationRole.OBSERVER],
    }  # fmt: skip
    form = _form(request, place, initial)
    del form.fields["title"]
    if request.method == "POST" and form.is_valid():
        return _convened(request, form, found)
    context = {
        "form": form, "session": found, "place": place, "clashes": _clashes(form, place, None, found.pk),
        "crumbs": meetings.crumbs(found), "again": found.state == "convened",
    }  # fmt: skip
    return render(request, "life/convene.html", context)


@door("life.tell", once=True)
@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind whoever did not answer."""
    found = queries.session_for(request.actor, pk)
    actions.tell(request.actor, session=found, now=clock.now(request))
    messages.success(request, _("已再次提醒未回复的人"))
    return redirect("life:session", pk)


@door("life.cancel", once=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    found = queries.session_for(request.actor, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(request.actor, session=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("会议已取消"))
        return redirect("life:session", pk)
    return meetings.form_page(request, form, found, _("取消会议"), _("取消这次会议"))
