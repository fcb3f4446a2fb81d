"""Recording a meeting on one page, and holding a planned one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.life import actions, forms, queries
from zhibu.life.models import AgendaTag, Session, SessionKind, SessionState
from zhibu.life.views import reading
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door("life.record", once=True)
def record(request: HttpRequest) -> HttpResponse:
    """The page of issue 2, section 3: kind, place and people offered, agenda ticked, all present but …, close."""
    place = setting(request, "life.record")
    form, agenda = _forms(request, place)
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        session = actions.record(
            request.actor,
            organisation=place.organisation,
            party_group=place.party_group,
            kind=place.kind,
            held=form.held(forms.items_of(agenda)),
            now=clock.now(request),
            close=request.POST.get("then") != "later",
        )
        return _recorded(request, session)
    return _page(request, place, form, agenda)


@door("life.hold", once=True)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for a meeting that was planned."""
    planned = queries.session_for(request.actor, pk)
    today = clock.today(request)
    day = forms.day_typed(request.POST, "held_on", min(planned.planned_on or today, today))
    place = queries.setting(planned.organisation, planned.party_group, planned.kind, day, planned)
    form, agenda = _forms(request, place, actions.agenda_items(planned))
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        held = form.held(forms.items_of(agenda))
        close = request.POST.get("then") != "later"
        session = actions.hold(request.actor, session=planned, held=held, now=clock.now(request), close=close)
        return _recorded(request, session)
    return _page(request, place, form, agenda, planned)


def setting(request: HttpRequest, verb: str) -> queries.Setting:
    """Where, of which kind, for whose roll."""
    today = clock.today(request)
    kind = reading.kind(request)
    branch, group = number(request, "organisation"), number(request, "group")
    organisation, party_group = queries.place_for(request.actor, verb, branch, group)
    if party_group is not None and group is None:
        kind = SessionKind.GROUP_MEETING.value
    if kind not in queries.of_group():
        organisation, party_group = queries.place_for(request.actor, verb, organisation.pk, None)
    elif party_group is None:
        party_group = next(iter(queries.group_choices(organisation, today)), None)
    day = forms.day_typed(request.POST, "held_on", today)
    return queries.setting(organisation, party_group, kind, day)


def _forms(request: HttpRequest, place: queries.Setting, items: list[Any] | None = None) -> tuple[Any, Any]:
    today = clock.today(request)
    form = forms.RecordForm(request.POST or None, initial=place.values, setting=place, today=today)
    initial = forms.existing(items) if items else offered(request, place)
    return form, forms.agenda_forms(request.POST or None, initial)


def offered(request: HttpRequest, place: queries.Setting) -> list[dict[str, Any]]:
    """Proposals; one asked for in the address (from the workbench) comes first and ticked."""
    found = forms.proposed(
        queries.proposals(place.organisation, place.kind, clock.today(request), place.party_group)
    )
    tag = reading.word(request, "tag", list(AgendaTag.values))
    if not tag:
        return found
    title = request.GET.get("title", "")[:160] or str(AgendaTag(tag).label)
    known = next((row for row in found if row["tag"] == tag), {"title": title, "tag": tag})
    return [{**known, "use": True}, *(row for row in found if row["tag"] != tag)]


def _page(
    request: HttpRequest, place: queries.Setting, form: Any, agenda: Any, planned: Session | None = None
) -> HttpResponse:
    context = {
        "form": form, "agenda": agenda, "place": place, "planned": planned,
        "own_fields": forms.own_fields(form), "matters": forms.matter_fields(form, place.kind),
        "chair_name": _name(form, "chair"), "taker_name": _name(form, "minute_taker"),
        "twice": any(each.code == "life.duplicate" for each in getattr(request, "refusals", ())),
        **choices(request, place, "life.record"),
    }  # fmt: skip
    return render(request, "life/record.html", context)


def _name(form: Any, field: str) -> str:
    """The name of the person offered in a field."""
    picked = str(form[field].value() or "")
    return next((str(each[1]) for each in form.fields[field].people if str(each[0]) == picked), "")


def choices(request: HttpRequest, place: queries.Setting, verb: str) -> dict[str, Any]:
    """What may be chosen instead: another kind, another Party group, another branch."""
    branches = queries.branches(request.actor, verb)
    groups = queries.group_choices(place.organisation, clock.today(request))
    kinds = [each for each in queries.kind_choices() if groups or each[0] not in queries.of_group()]
    return {
        "kinds": kinds if branches else [each for each in kinds if each[0] in queries.of_group()],
        "groups": groups if place.party_group and branches else [],
        "branches": branches[:50],
        "crumbs": [(place.organisation.name, None)],
    }


def _recorded(request: HttpRequest, session: Session) -> HttpResponse:
    if session.state == SessionState.CLOSED:
        messages.success(request, _("会议已记录并归档"))
    else:
        messages.success(request, _("会议已记录，归档后计入考核"))
    return redirect("life:session", session.pk)
