"""What branches do together: a list for each of them, and the one record all of them read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.life import policies, queries
from zhibu.life.models import SessionState
from zhibu.ui.doors import door


@door("life.view")
def joint(request: HttpRequest) -> HttpResponse:
    """Joint meetings and activities of one's branches, whoever keeps the record."""
    context = {
        "rows": queries.joint_sessions(request.actor),
        "may_plan": policies.holds_anywhere(request.actor, "life.plan"),
    }
    return render(request, "life/joint.html", context)


@door("life.view")
def joint_session(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as every branch that took part reads it: no minutes, nobody of another branch by name."""
    found = queries.joint_session(request.actor, pk)
    over = found.session.state in {SessionState.HELD, SessionState.CLOSED}
    context = {
        "joint": found, "session": found.session, "over": over,
        "details": queries.shown(found.session) if over else [],
        "agenda": list(found.session.agenda.order_by("position").values_list("title", flat=True)),
        "crumbs": [(found.session.organisation.name, None)],
    }  # fmt: skip
    return render(request, "life/joint_session.html", context)
