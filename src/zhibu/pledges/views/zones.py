"""The plan of the unit with its zones and model posts, one of them, and the sheet to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.core.authority import may
from zhibu.pledges import policies, queries
from zhibu.pledges.views.reading import here
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.record.models import Attachment
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.undertakings import queries as undertakings


def of_zones(request: HttpRequest, branch: Organisation) -> dict[str, Any]:
    """What every page about zones needs."""
    today = clock.today(request)
    path, found = branch.path, queries.zones(branch, today)
    floors = queries.floors(branch, found)
    return here(request, branch) | {
        "zones": found,
        "floors": floors,
        "planned": any(each.plan for each in floors),
        "may_draw": may(request.actor, policies.DRAW_ZONE, path),
        "may_check": may(request.actor, policies.CHECK_ZONE, path),
        "may_show": may(request.actor, policies.PUBLISH_ZONES, path),
    }


@door(policies.VIEW)
def zones(request: HttpRequest) -> HttpResponse:
    """The plan with its zones coloured by how they were found, and the same as a list."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    today = clock.today(request)
    context = of_zones(request, branch) | {
        "notice": queries.zones_notice(branch, today), "filed": queries.map_filed(branch, today),
    }  # fmt: skip
    return render(request, "pledges/zones.html", context)


@door(policies.VIEW)
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """One zone: whose it is, where it lies, how it was found, what came of that."""
    found, today = queries.zone_for(request.actor, pk), clock.today(request)
    context = of_zones(request, found.organisation)
    context |= {
        "row": next((each for each in context["zones"] if each.zone.pk == pk), None),
        "floor": next(
            (each for each in context["floors"] if each.plan and each.plan.pk == found.plan_id), None
        ),
        "found": found,
        "history": queries.looked_at(found),
        "findings": undertakings.of_source(request.actor, queries.ZONE, pk, today),
        "own": request.actor.person == found.undertaking.owner_id,
    }
    return render(request, "pledges/zone.html", context)


@door(policies.VIEW)
def zone_sheet(request: HttpRequest) -> HttpResponse:
    """Plan and list on one sheet to hang up: A3, or A4. How a zone was found is not on it."""
    branch = queries.branch_for(request.actor, number(request, "organisation"))
    paper = "A4" if request.GET.get("paper") == "A4" else "A3"
    return render(request, "pledges/zone_sheet.html", of_zones(request, branch) | {"paper": paper})


@door(policies.VIEW)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a plan: looked into and bared when it came; nothing else is shown from here."""
    return shown(queries.plan_for(request.actor, pk)[1])


def shown(found: Attachment) -> HttpResponse:
    """A picture, and nothing a browser could take for something else."""
    return as_picture(content_of_attachment(found), MEDIA_TYPES[found.kind])


def as_picture(content: bytes, media: str) -> HttpResponse:
    """Bytes of a picture as an answer; packed already, so that nobody packs them again."""
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Encoding"] = "identity"
    return answer
