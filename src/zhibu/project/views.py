"""The workbench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.record.progress import progress_of
from zhibu.ui import clock
from zhibu.ui.doors import public_door, signed_in

from . import workbench as desk


@signed_in
def workbench(request: HttpRequest) -> HttpResponse:
    """What is due, ordered by date; what waits for me; how my branch or committee stands."""
    actor, today = request.actor, clock.today(request)
    context = {
        "desk": desk.desk_of(actor, request.GET.get("branch", ""), today),
        "invitations": desk.invitations(actor, today),
        "reasons": desk.REASONS,
    }
    return render(request, "project/workbench.html", context)


@signed_in
def progress(request: HttpRequest) -> HttpResponse:
    """How far the import whose form one has just sent has come: of one's own forms, by their token."""
    found = progress_of(request.actor.user, request.GET.get("of", ""))
    return render(request, "ui/_progress.html", {"progress": found})


@public_door(reason="服务是否在运行，供运维检查，不含任何数据")
def health(_request: HttpRequest) -> HttpResponse:
    """Plain "ok" while the process answers."""
    return HttpResponse("ok", content_type="text/plain")
