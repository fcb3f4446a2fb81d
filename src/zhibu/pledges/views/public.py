"""The plan with its zones before everyone: no state of anything, a name only beside a published pledge."""

from __future__ import annotations

from csp.constants import SELF
from django.http import Http404, HttpRequest, HttpResponse

from zhibu.notices import keeping
from zhibu.notices import queries as notices
from zhibu.notices.answering import CSP, TooOften, answered, counted, page, public, too_often
from zhibu.notices.middleware import plain_tag
from zhibu.notices.models import Board
from zhibu.pledges import queries
from zhibu.pledges.views.zones import as_picture
from zhibu.record.attachments import content_of
from zhibu.record.files import MEDIA_TYPES
from zhibu.ui import clock

WHY = "支部公开的责任区平面图，群众不登录就能看"
SHELVED = 200_000
"""Bytes of a picture that is kept whole in the process for a second."""


@public(WHY, CSP | {"img-src": [SELF, "data:"]})
def zones(request: HttpRequest, board: str) -> HttpResponse:
    """The plan and the list, while the branch shows them."""
    today = clock.today(request)

    def make() -> keeping.Page:
        found = _public(request, board)
        branch = found.organisation
        named = queries.named_in_public(branch, today)
        context = {
            "board": found, "organisation": branch, "plain": True,
            "floors": queries.floors(branch, queries.zones(branch, today)), "named": named, "notice": queries.zones_notice(branch, today),
        }  # fmt: skip
        return page("pledges/public/zones.html", context)

    return answered(request, ("zones", board), today, make)


@public(WHY)
def plan(request: HttpRequest, board: str, floor: int) -> HttpResponse:
    """A picture, by its place among them, while the branch shows it; whoever has it already asks whether it still stands, and is sent nothing."""
    today = clock.today(request)

    def make() -> keeping.Page:
        plans = queries.plans_of(_public(request, board).organisation)
        if not 0 < floor <= len(plans):
            raise Http404(floor)
        found = plans[floor - 1]
        # which picture is kept, not its bytes
        return keeping.Page(found.sha256.encode(), 200, f'"{found.sha256[:32]}"', MEDIA_TYPES[found.kind])

    try:
        found = keeping.kept(("plan", board, floor, today), counted(request, make))
    except TooOften:
        return too_often()
    same = plain_tag(request.headers.get("If-None-Match", "")) == found.tag
    answer = HttpResponse(status=304) if same else as_picture(content_of(found.body.decode()), found.media)
    answer["ETag"], answer["Cache-Control"] = found.tag, "no-cache"
    # small ones stand on the shelf for a second as pages do
    answer.kept_page = keeping.keeps() and len(answer.content) <= SHELVED  # type: ignore[attr-defined] # for KeptPagesMiddleware
    return answer


def _public(request: HttpRequest, board: str) -> Board:
    found = notices.board_at(board)
    if queries.zones_notice(found.organisation, clock.today(request)) is None:
        raise Http404(board)
    return found
