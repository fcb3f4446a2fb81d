"""我要学习: what is public of the library, without sign-in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhibu.notices import keeping
from zhibu.notices import queries as notices
from zhibu.notices.answering import answered, page, public, reading, rendered
from zhibu.notices.models import Board
from zhibu.record.attachments import content_of_attachment
from zhibu.study import queries
from zhibu.study.models import MaterialKind, Subject
from zhibu.study.views import asked
from zhibu.study.views.library import as_download
from zhibu.ui import clock

WHY = "学习资料中标明公开的部分，党员和群众不登录就能学"


@public(WHY)
def shelf(request: HttpRequest, board: str) -> HttpResponse:
    """Public materials of an organisation and those above it."""
    subject = asked.word(request, "subject", Subject.values)
    question = asked.question(request)
    context: dict[str, Any] = {"subjects": Subject.choices, "kinds": MaterialKind.choices, "subject": subject}
    if question:
        if not reading.allows(request, clock.now(request)):
            return HttpResponse(
                _("访问太频繁，请过一分钟再试。"), status=429, content_type="text/plain; charset=utf-8"
            )
        found = notices.board_at(board)
        rows = queries.narrowed(queries.open_materials(found.organisation), subject=subject)
        counted, hits = queries.searched(rows, question)
        context |= {"question": question, "found": counted, "hits": hits}
        return rendered("study/public/shelf.html", context | _of(found))

    def make() -> keeping.Page:
        found = notices.board_at(board)
        rows = queries.narrowed(queries.open_materials(found.organisation), subject=subject)
        return page("study/public/shelf.html", context | _of(found) | {"rows": list(rows[:200])})

    return answered(request, ("portal study", board, subject), clock.today(request), make)


@public(WHY)
def open_material(request: HttpRequest, board: str, address: str) -> HttpResponse:
    """One public material."""

    def make() -> keeping.Page:
        found = notices.board_at(board)
        material = queries.open_material(found.organisation, address)
        return page("study/public/material.html", _of(found) | {"material": material})

    return answered(request, ("portal material", board, address), clock.today(request), make)


@public(WHY)
def file(request: HttpRequest, board: str, address: str) -> HttpResponse:
    """The file of a public material, always as a download."""
    material = queries.open_material(notices.board_at(board).organisation, address)
    if material.attachment is None:
        raise Http404(address)
    if not reading.allows(request, clock.now(request)):
        return HttpResponse(
            _("访问太频繁，请过一分钟再试。"), status=429, content_type="text/plain; charset=utf-8"
        )
    found = material.attachment
    return as_download(content_of_attachment(found), found.name, found.kind)


def _of(board: Board) -> dict[str, object]:
    return {"board": board, "organisation": board.organisation}
