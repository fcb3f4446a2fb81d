"""Telling members of a year of dues: a preview with the figures filled in, one button, then the proof."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.dues.queries import places
from zhibu.dues.queries.yearly import figures
from zhibu.life import actions, forms
from zhibu.life.queries import disclosing
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door

USUAL_DAYS = 13
"""Two weeks, the day itself included: only an offer, no rule sets a length."""


@door("life.disclose_dues", once=True)
def disclose_dues(request: HttpRequest) -> HttpResponse:
    """See the sheet as it will hang, and put it up."""
    today = clock.today(request)
    organisation = places.book_for(request.actor, number(request, "organisation"), "life.disclose_dues")
    year = _year(request, today)
    form = forms.DisclosureForm(
        request.POST or None, today=today, initial={"closes_on": today + timedelta(days=USUAL_DAYS)}
    )
    if request.method == "POST" and form.is_valid():
        found = actions.disclose_dues(
            request.actor, organisation=organisation, year=year, closes_on=form.cleaned_data["closes_on"],
            now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已在公示栏公开"))
        return redirect("notices:notice", found.pk)
    told = figures(organisation, year)
    closes_on = form.cleaned_data["closes_on"] if form.is_valid() else None
    context = {
        "form": form, "organisation": organisation, "year": year, "years": range(today.year, today.year - 3, -1),
        "sheet": disclosing.worded(organisation, year, told, today, closes_on or today + timedelta(days=USUAL_DAYS)),
        "told": told, "earlier": list(disclosing.earlier(organisation, year)[:5]), "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/disclose_dues.html", context)


def _year(request: HttpRequest, today: date) -> int:
    """The year of the address; the last one until the new year has something to tell of."""
    asked = number(request, "year")
    return asked if asked and 2008 <= asked <= today.year else today.year - (today.month < 3)
