"""Lists of undertakings, one of them, the loop from problem to result, and who is behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may_for_self
from zhibu.core.norms import UndertakingKind
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door, holds
from zhibu.ui.language import pick
from zhibu.undertakings import policies, queries
from zhibu.undertakings.models import SHORT, Undertaking, UndertakingState
from zhibu.undertakings.queries.listing import STATES
from zhibu.undertakings.told import SOURCE


@door(policies.VIEW)
def undertakings(request: HttpRequest) -> HttpResponse:
    """What runs, the longest overdue first."""
    return _list(request, "undertakings/undertakings.html")


@door(policies.VIEW)
def problems(request: HttpRequest) -> HttpResponse:
    """Problem, resolution, owner, result: each line a loop, closed or not yet (requirement G3-02)."""
    return _list(request, "undertakings/problems.html", problems=True)


def _list(request: HttpRequest, page: str, *, problems: bool = False) -> HttpResponse:
    today, kinds = clock.today(request), policies.kinds()
    choices = [
        (name, pick(each.title)) for name, each in kinds.items() if each.answers_problem or not problems
    ]
    chosen = request.GET.get("kind", "")
    rows_of_kinds = queries.rows_of(choices, chosen)
    asked: dict[str, Any] = {
        "state": _word(request, "state", STATES) or ("all" if problems else ""),
        "kinds": _kinds(rows_of_kinds, chosen),
        "branch": number(request, "branch"),
        "mine": request.GET.get("mine") == "1",
        "search": request.GET.get("q", "")[:60],
    }
    rows = listing.page_of(request, queries.listed(request.actor, today=today, problems=problems, **asked))
    context = {
        "page": rows,
        "rows": queries.told(rows, today),
        "kinds": rows_of_kinds,
        "kind": chosen,
        "whole_row": True,
        "several": len(queries.branches(request.actor, policies.VIEW)) > 1,
        "may_undertake": holds(request.actor, policies.UNDERTAKE),
    }
    return render(request, page, context)


@door(policies.VIEW)
def small_tasks(request: HttpRequest) -> HttpResponse:
    """What waits to be claimed, and what became of the rest: read and claimed on the phone."""
    actor, today = request.actor, clock.today(request)
    waiting, rest = queries.small_tasks(actor, today)
    context = {
        "waiting": waiting, "rest": rest, "may_claim": may_for_self(actor, policies.CLAIM),
        "may_undertake": holds(actor, policies.UNDERTAKE) and bool(queries.branches(actor)),
    }  # fmt: skip
    return render(request, "undertakings/small_tasks.html", context)


@door(policies.VIEW)
def undertaking(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with all that happened on the way."""
    found, today = queries.undertaking_for(request.actor, pk), clock.today(request)
    kind = policies.kinds().get(found.kind)
    context = {
        "undertaking": found,
        "whole": len(found.text) > SHORT or "\n" in found.text,
        "kind": kind,
        "kind_told": pick(kind.title) if kind else found.kind,
        "marks": queries.marks(found, today),
        "source_url": _page_of(found.source, found.source_id),
        "helpers": [each.person.name for each in found.helpers.select_related("person")],
        "history": queries.history(found),
        "attachments": queries.attachments(found),
        "follows": queries.of_source(request.actor, SOURCE, found.pk, today),
        "leads_to": _leads_to(request.actor, found, kind),
        "steps": policies.steps_open(request.actor, found),
        "waits_for_agreement": policies.awaits_agreement(found),
        "forgotten_on": queries.forgotten_on(found, today),
        "who_ends": policies.who_ends(policies.closer_of(found)),
        "crumbs": [(found.organisation.name, None)],
    }
    return render(request, "undertakings/undertaking.html", context)


def _leads_to(actor: Actor, found: Undertaking, kind: UndertakingKind | None) -> list[tuple[str, str]]:
    """The kinds one may begin from it now, as (id, title)."""
    if kind is None or not kind.leads_to or found.state == UndertakingState.GIVEN_UP:
        return []
    return [each for each in queries.kind_choices(actor, found.organisation) if each[0] in kind.leads_to]


@door(policies.VIEW)
def behind(request: HttpRequest) -> HttpResponse:
    """The branches in reach and how many undertakings each is behind with."""
    rows = queries.behind(request.actor, clock.today(request))
    context = {"page": listing.page_of(request, rows), "heading": _("各支部落实情况")}
    return render(request, "undertakings/behind.html", context)


def _page_of(source: str, pk: int | None) -> str:
    """The page of what it follows from: `life.session` is shown at `life:session`, whichever room that is."""
    try:
        return reverse(source.replace(".", ":"), args=[pk]) if source and pk else ""
    except NoReverseMatch:
        return ""


def _kinds(rows: Sequence[queries.Row], chosen: str) -> list[str]:
    """The kind asked for, or all of its row; none when nothing known is asked for."""
    for row in rows:
        if row.here:
            return [name for name, _title in row.kinds if chosen in {name, row.value}]
    return []


def _word(request: HttpRequest, name: str, permitted: tuple[str, ...]) -> str:
    text = request.GET.get(name, "")
    return text if text in permitted else ""
