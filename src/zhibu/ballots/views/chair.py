"""The pages of whoever runs a vote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.ballots import actions, forms, queries, showing, slips
from zhibu.ballots.middleware import is_safe
from zhibu.ballots.models import Ballot
from zhibu.core.authority import reaches
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door, one


@door("ballots.view")
def ballots(request: HttpRequest) -> HttpResponse:
    """Votes in reach, newest first; above them those the reader may vote in now."""
    page = listing.page_of(request, queries.listed(request.actor))
    context = {
        "page": page,
        "rows": [(each, showing.state(each)) for each in page],
        "mine": queries.my_ballots(request.actor),
        "may_open": bool(reaches(request.actor, "ballots.open_ballot")),
    }
    return render(request, "ballots/ballots.html", context)


@door("ballots.open_ballot", once=True)
def open_ballot(request: HttpRequest) -> HttpResponse:
    """Prepare a vote."""
    organisation = queries.organisation_for(request.actor, number(request, "organisation"))
    today = clock.today(request)
    people = [(each.person, each.name) for each in queries.members_on(organisation, today)]
    rule = request.GET.get("rule", "general-meeting")
    initial = {"voted_on": today, "way": "paper", "rule": rule, "title": request.GET.get("title", "")[:160]}
    initial |= showing.proposed(rule, people)
    form = forms.OpenForm(
        request.POST or None, initial=initial, rules=queries.usable_rules(today), people=people
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        names = dict(people)
        chosen = [actions.Named(names[int(each)], int(each)) for each in values.pop("names")]
        values["seats"] = values["seats"] or 0
        origin = request.GET.get("origin", "")[:60]
        made = actions.open_ballot(
            request.actor,
            organisation=organisation,
            now=clock.now(request),
            names=chosen,
            origin=origin,
            **values,
        )
        return redirect("ballots:ballot", made.pk)
    return render(request, "ballots/open_ballot.html", {"form": form, "organisation": organisation})


@door("ballots.view")
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """One vote: its roll, who counts, where it stands, its result."""
    found = queries.ballot_for(request.actor, pk)
    context = {"ballot": found, **showing.page(request.actor, found)}
    return render(request, "ballots/ballot.html", context)


@door("ballots.exclude", once=True)
def exclude(request: HttpRequest, pk: int, voter: int) -> HttpResponse:
    """Say that someone has no vote, or does not count among those who should attend."""
    found, line = _line(request, pk, voter)
    initial = {"no_vote": line.no_vote, "excluded": line.excluded, "consent": line.consent}
    form = forms.ExcludeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.exclude(request.actor, ballot=found, voter=line, now=clock.now(request), **form.cleaned_data)
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("{name}的表决权").replace("{name}", line.name), _("保存"))


@door("ballots.record_opinion", once=True)
def record_opinion(request: HttpRequest, pk: int, voter: int) -> HttpResponse:
    """Record the written opinion of an absent voter."""
    found, line = _line(request, pk, voter)
    form = forms.OpinionForm(request.POST or None, initial={"opinion": line.written_opinion})
    if request.method == "POST" and form.is_valid():
        actions.record_opinion(
            request.actor, ballot=found, voter=line, now=clock.now(request), **form.cleaned_data
        )
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("{name}的书面意见").replace("{name}", line.name), _("保存"))


@door("ballots.name_officials", once=True)
def name_officials(request: HttpRequest, pk: int) -> HttpResponse:
    """Name scrutineers and tellers."""
    found = queries.ballot_for(request.actor, pk, "ballots.name_officials")
    people = [(each.person, each.name) for each in queries.members_on(found.organisation, found.voted_on)]
    now_named = {
        duty: list(found.officials.filter(duty=duty).values_list("person_id", flat=True))
        for duty in ("scrutineer", "teller")
    }
    initial = {"scrutineers": now_named["scrutineer"], "tellers": now_named["teller"]}
    form = forms.OfficialsForm(request.POST or None, initial=initial, people=people)
    if request.method == "POST" and form.is_valid():
        chosen = {key: [int(each) for each in value] for key, value in form.cleaned_data.items()}
        actions.name_officials(request.actor, ballot=found, now=clock.now(request), **chosen)
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("监票人和计票人"), _("保存"))


@door("ballots.mark_present", once=True)
def mark_present(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark who is in the room."""
    found = queries.ballot_for(request.actor, pk, "ballots.mark_present")
    voters = [each for each in found.voters.all() if each.counts]
    marked = [each.pk for each in voters if each.present]
    initial = {"present": marked or [each.pk for each in voters if not each.written_opinion]}
    form = forms.PresentForm(
        request.POST or None, initial=initial, voters=[(each.pk, each.name) for each in voters]
    )
    if request.method == "POST" and form.is_valid():
        actions.mark_present(request.actor, ballot=found, now=clock.now(request), **form.cleaned_data)
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("实到会的人"), _("保存"))


@door("ballots.start", once=True)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the roll and begin."""
    found = queries.ballot_for(request.actor, pk, "ballots.start")
    if request.method == "POST":
        actions.start(request.actor, ballot=found, now=clock.now(request), is_safe=is_safe(request))
        return redirect("ballots:ballot", pk)
    return _confirm(request, found, showing.STEPS["start"])


@door("ballots.open_casting", once=True)
def open_casting(request: HttpRequest, pk: int) -> HttpResponse:
    """End issuing and open the box."""
    found = queries.ballot_for(request.actor, pk, "ballots.open_casting")
    if request.method == "POST":
        actions.open_casting(request.actor, ballot=found, now=clock.now(request))
        return redirect("ballots:ballot", pk)
    return _confirm(request, found, showing.STEPS["open_casting"])


@door("ballots.close", once=True)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the vote."""
    found = queries.ballot_for(request.actor, pk, "ballots.close")
    if request.method == "POST":
        actions.close(request.actor, ballot=found, now=clock.now(request))
        return redirect("ballots:ballot", pk)
    return _confirm(request, found, showing.STEPS["close"])


@door("ballots.cancel", once=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a vote up."""
    found = queries.ballot_for(request.actor, pk, "ballots.cancel")
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(request.actor, ballot=found, now=clock.now(request), **form.cleaned_data)
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("取消投票"), _("取消投票"))


# not `once`: it answers with a page instead of sending on, and what is shown this once must have been kept
@door("ballots.add_slips")
def add_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the codes of a masses' ballot; they are shown this once, to be printed."""
    found = queries.ballot_for(request.actor, pk, "ballots.add_slips")
    form = forms.NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = actions.add_slips(request.actor, ballot=found, now=clock.now(request), **form.cleaned_data)
        context = {"ballot": found, "codes": [slips.shown(each) for each in sorted(codes)]}
        return render(request, "ballots/slips.html", context)
    return _form(request, found, form, _("投票单"), _("生成并打印"))


@door("ballots.reduce_seats", once=True)
def reduce_seats(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that fewer seats are filled."""
    found = queries.ballot_for(request.actor, pk, "ballots.reduce_seats")
    form = forms.NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreed = form.cleaned_data["number"]
        actions.reduce_seats(request.actor, ballot=found, agreed=agreed, now=clock.now(request))
        return redirect("ballots:ballot", pk)
    return _form(request, found, form, _("同意减少名额的人数"), _("登记"))


@door("ballots.run_off", once=True)
def run_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the further vote."""
    found = queries.ballot_for(request.actor, pk, "ballots.run_off")
    if request.method == "POST":
        made = actions.run_off(request.actor, ballot=found, now=clock.now(request))
        return redirect("ballots:ballot", made.pk)
    return _confirm(request, found, showing.STEPS["run_off"])


@door("ballots.destroy", once=True)
def destroy(request: HttpRequest, pk: int) -> HttpResponse:
    """Destroy the papers after their term."""
    found = queries.ballot_for(request.actor, pk, "ballots.destroy")
    if request.method == "POST":
        actions.destroy(request.actor, ballot=found, now=clock.now(request))
        messages.success(request, _("选票已销毁"))
        return redirect("ballots:ballot", pk)
    return _confirm(request, found, showing.STEPS["destroy"])


def _line(request: HttpRequest, pk: int, voter: int) -> tuple[Ballot, Any]:
    found = queries.ballot_for(request.actor, pk, "ballots.exclude")
    return found, one(found.voters.all(), pk=voter)


def _form(request: HttpRequest, found: Ballot, form: Any, title: str, button: str) -> HttpResponse:
    context = {"ballot": found, "form": form, "title": title, "button": button}
    return render(request, "ballots/form.html", context)


def _confirm(request: HttpRequest, found: Ballot, step: tuple[Any, Any, Any]) -> HttpResponse:
    title, text, button = step
    context = {"ballot": found, "title": title, "text": text, "button": button}
    return render(request, "ballots/confirm.html", context)
