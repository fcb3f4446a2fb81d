"""Members away: my own page, and the branch's side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.life import actions, queries
from zhibu.life.forms import missed as forms
from zhibu.life.limits import limit
from zhibu.life.queries import away as found
from zhibu.life.queries import missed as voices
from zhibu.life.views.missed import _page, _tell
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door, signed_in


@signed_in
def my_away(request: HttpRequest) -> HttpResponse:
    """Where I am and how I am reached; members in the same city who want to be found; what I saw and sent home."""
    today, actor = clock.today(request), request.actor
    mine = found.away_of(actor.person, today)
    card = mine.card if mine else None
    context = {
        "mine": mine, "form": forms.OwnCardForm(initial=_initial(mine)), "finding": forms.FindingForm(),
        "neighbours": found.neighbours(card), "shared": found.shared_in(card), "cities": found.city_names() if mine else [],
        "voices": [each for each in voices.voices_of(actor.person) if each.kind == "finding"] if actor.person else [],
        "cadence": found.cadence(today, abroad=bool(card and card.abroad)),
    }  # fmt: skip
    return render(request, "life/my_away.html", context)


def _initial(mine: found.Away | None) -> dict[str, Any]:
    if mine is None or mine.card is None:
        return {"city": found.plain_city(mine.place)} if mine else {}
    return {
        "city": mine.card.city,
        "contact": found.contact_told(mine.card),
        "shares": bool(mine.card.shares),
    }


@door("life.keep_card", once=True)
@require_POST
def keep_own_card(request: HttpRequest) -> HttpResponse:
    """Keep my card."""
    mine = found.away_of(request.actor.person, clock.today(request))
    form = forms.OwnCardForm(request.POST)
    if mine is None:
        return redirect("life:my_away")
    if form.is_valid():
        spell = found.spell_for(request.actor, mine.spell, "life.keep_card")
        actions.keep_card(request.actor, spell=spell, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已保存"))
    else:
        _tell(request, form)
    return redirect("life:my_away")


@door("life.write_voice", once=True)
@require_POST
def send_finding(request: HttpRequest) -> HttpResponse:
    """Send home what I saw."""
    mine = found.away_of(request.actor.person, clock.today(request))
    form = forms.FindingForm(request.POST)
    if form.is_valid():
        city = mine.card.city if mine and mine.card and form.cleaned_data["share"] else ""
        actions.write_voice(
            request.actor, kind="finding", text=form.cleaned_data["text"], city=city, now=clock.now(request)
        )
        messages.success(request, _("已送到支部"))
    else:
        _tell(request, form)
    return redirect("life:my_away")


@door("life.record_contact")
def away(request: HttpRequest) -> HttpResponse:
    """Members away, the longest unreached first; by city across the branches in reach."""
    today, actor = clock.today(request), request.actor
    branch = number(request, "organisation")
    place = queries.place_for(actor, "life.record_contact", branch, None)[0] if branch else None
    everyone = found.away_in(actor, today, branch=place)
    city = request.GET.get("city", "")[:40]
    rows = [each for each in everyone if not city or (each.card is not None and each.card.city == city)]
    context = {
        "rows": rows[:200], "more": max(0, len(rows) - 200), "cities": found.cities(everyone)[:30], "city": city, "place": place,
        "several": len({each.branch for each in everyone}) > 1,
        "cadence": limit("mobile_contact_months", today), "lost": limit("lost_contact_months", today),
    }  # fmt: skip
    return render(request, "life/away.html", context)


@door("life.record_contact")
def away_member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member away: how to reach them, the log, what the rule asks now, and the lawful steps to propose."""
    spell, today = found.spell_for(request.actor, pk), clock.today(request)
    mine = found.away_of(spell.person_id, today)
    context = {
        "spell": spell, "mine": mine, "contact": found.contact_told(mine.card if mine else None),
        "log": found.contacts_of(spell.person_id), "lost": limit("lost_contact_months", today),
        "cadence": found.cadence(today, abroad=bool(mine and mine.card and mine.card.abroad)),
        "steps": _steps(request, spell, mine.standing if mine else "fresh"), "crumbs": [(spell.organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/away_member.html", context)


def _steps(request: HttpRequest, spell: Any, standing: str) -> list[tuple[str, str]]:
    """Procedures that may be opened now, as proposals: their law is in the rulebook, their cases in their own room."""
    if not may(request.actor, "procedures.open_case", spell.organisation.path):
        return []
    wanted = [("mobile_spell", _("流动党员管理")), ("transfer", _("组织关系转接"))]
    if standing in {"searching", "lost"}:
        wanted.insert(0, ("lost_contact", _("失联党员处置")))
    query = f"?organisation={spell.organisation_id}&person={spell.person_id}"
    try:
        return [(told, reverse("procedures:open_case", args=[name]) + query) for name, told in wanted]
    except NoReverseMatch:
        return []


@door("life.record_contact", once=True)
def record_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Reached, or tried in vain."""
    spell = found.spell_for(request.actor, pk)
    form = forms.ContactForm(request.POST or None, today=clock.today(request))
    if request.method == "POST" and form.is_valid():
        made = actions.record_contact(request.actor, spell=spell, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已记下") + (f"。{made.served}" if made.served else ""))
        return redirect("life:away_member", pk)
    back = reverse("life:away_member", args=[pk])
    return _page(request, form, spell.organisation, _("记联系"), _("记下"), note=spell.person.name, back=back)


@door("life.keep_card", once=True)
def keep_card(request: HttpRequest, pk: int) -> HttpResponse:
    """How a member away is reached, written down by the branch."""
    spell, today = found.spell_for(request.actor, pk, "life.keep_card"), clock.today(request)
    mine = found.away_of(spell.person_id, today)
    people = [each.choice for each in queries.roll(spell.organisation, "general_meeting", today)]
    initial = _initial(mine)
    if mine and mine.card:
        initial |= {"keeper": mine.card.keeper_id, "abroad": bool(mine.card.abroad)}
    form = forms.CardForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.keep_card(request.actor, spell=spell, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已保存"))
        return redirect("life:away_member", pk)
    back = reverse("life:away_member", args=[pk])
    return _page(
        request, form, spell.organisation, _("去向和联系方式"), _("保存"), note=spell.person.name, back=back
    )
