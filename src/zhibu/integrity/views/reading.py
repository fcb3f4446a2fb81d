"""A year of integrity on one page, one check with all it led to, and how the branches stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.core.authority import may
from zhibu.integrity import policies, queries
from zhibu.register.models import Organisation
from zhibu.ui import clock, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door, holds
from zhibu.undertakings import policies as undertakings


def here(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "organisation": branch,
        "branches": queries.branches(request.actor),
        "may_file": may(request.actor, policies.SIGN, branch.path),
        "may_assign": may(request.actor, policies.ASSIGN, branch.path),
        "may_check": may(request.actor, policies.CHECK, branch.path),
        "may_find": may(request.actor, policies.FINDING, branch.path),
        "may_record": may(request.actor, "life.record", branch.path),
        "oversees": holds(request.actor, policies.OVERSEE),
        "crumbs": [(branch.name, None)],
    }


@door(policies.VIEW)
def integrity(request: HttpRequest) -> HttpResponse:
    """Promises, duties, checks and education of a year; who has not signed is seen by the committee and above."""
    today, actor = clock.today(request), request.actor
    branch = queries.branch_for(actor, number(request, "organisation"))
    asked = number(request, "year")
    year = asked if asked in (today.year - 1, today.year) else today.year
    people, whole = queries.signers(branch, year, today), policies.sees_all(actor, branch)
    wanted, letter = [each for each in people if each.asked], queries.rule()
    context = here(request, branch) | {
        "year": year, "this": today.year, "last": today.year - 1, "this_year": year == today.year, "whole": whole,
        "letter": letter, "sign_by": letter.sign_by(year) if letter else None,
        "mine": next((each for each in people if each.person == actor.person), None),
        "signers": [each for each in people if each.asked or each.letter] if whole else [],
        "wanted": len(wanted), "signed": sum(each.letter is not None for each in wanted),
        "duties": [each for each in queries.lines(branch, year, today) if whole or each.holder == actor.person],
        "to_assign": len(queries.to_assign(branch, today)) if year == today.year else 0,
        "checks": queries.checks(actor, branch, year, today) if whole else [],
        "taught": queries.taught(actor, branch, year),
    }  # fmt: skip
    return render(request, "integrity/integrity.html", context)


@door(policies.VIEW)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: each finding from the problem over the correction to the feedback."""
    found = queries.check_for(request.actor, pk, clock.today(request))
    row = found.row
    context = here(request, row.organisation) | {
        "check": found,
        "steps": undertakings.steps_open(request.actor, row),
        "findings": [(each, undertakings.steps_open(request.actor, each.row)) for each in found.findings],
    }
    return render(request, "integrity/check.html", context)


@door(policies.OVERSEE)
def branches(request: HttpRequest) -> HttpResponse:
    """Every branch in reach: letters, duties, checks, findings."""
    rows = queries.standings(request.actor, clock.today(request))
    return render(request, "integrity/branches.html", {"page": listing.page_of(request, rows)})
