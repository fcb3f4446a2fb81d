"""What the home of a branch has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may, reaches
from zhibu.premises import actions, forms, queries
from zhibu.premises.models import FixtureState
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door
from zhibu.ui.language import pick


def here(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "organisation": branch,
        "branches": queries.branches(request.actor),
        "may_record": may(request.actor, "premises.record_fixture", branch.path),
        "oversees": bool(reaches(request.actor, "premises.oversee")),
        "crumbs": [(branch.name, None)],
    }


@door("premises.view")
def inventory(request: HttpRequest) -> HttpResponse:
    """Every thing, how it was found, with its photograph."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    found = queries.inventory(branch, clock.today(request))
    return render(request, "premises/inventory.html", here(request, branch) | {"inventory": found})


@door("premises.view")
def sheet(request: HttpRequest) -> HttpResponse:
    """The same as one sheet of A4, to print and sign."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    found = queries.inventory(branch, clock.today(request))
    return render(request, "premises/sheet.html", here(request, branch) | {"inventory": found})


@door("premises.record_fixture", once=True)
def record_fixture(request: HttpRequest, item: str) -> HttpResponse:
    """Enter how a thing was found."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "premises.record_fixture")
    standard = queries.item_called(item)
    today = clock.today(request)
    line = next(each for each in queries.inventory(branch, today).lines if each.item == standard)
    before = (
        {name: getattr(line.fixture, name) for name in ("state", "lacking", "cost_fen")}
        | {"keeper": None if line.keeper_left else line.fixture.keeper_id}
        if line.fixture
        else {}
    )
    initial = {"state": FixtureState.PRESENT, "seen_on": today} | before
    form = forms.FixtureForm(
        request.POST or None, request.FILES or None, initial=initial, people=queries.members_of(branch),
        keeper=pick(standard.keeper) if standard.keeper else "",
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.record_fixture(
            request.actor, organisation=branch, item=item, now=clock.now(request), **form.values()
        )
        messages.success(request, _("已登记"))
        return redirect(of_branch("premises:inventory", branch.pk))
    context = here(request, branch) | {"form": form, "line": line}
    return render(request, "premises/record_fixture.html", context)


@door("premises.confirm_fixtures", once=True)
@require_POST
def confirm_fixtures(request: HttpRequest) -> HttpResponse:
    """Everything is as it was."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "premises.confirm_fixtures")
    count = actions.confirm_fixtures(
        request.actor, organisation=branch, seen_on=clock.today(request), now=clock.now(request)
    )
    messages.success(request, _("已确认 %(n)d 项和上次一样") % {"n": count})
    return redirect(of_branch("premises:inventory", branch.pk))


@door("premises.view")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph that was looked into and bared when it came; nothing else is ever shown from here."""
    found = queries.photo_for(request.actor, pk)
    answer = HttpResponse(content_of_attachment(found), content_type=MEDIA_TYPES[found.kind])
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
