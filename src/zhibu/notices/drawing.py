"""Addresses of the public board as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from zhibu.notices.queries import board_address

if TYPE_CHECKING:
    from django.http import HttpRequest

    from zhibu.notices.models import Notice


def notice_address(request: HttpRequest, notice: Notice) -> str:
    """The whole address of a notice on the public board; empty when it is not there."""
    board = board_address(notice.organisation) if notice.address else ""
    if not board:
        return ""
    return request.build_absolute_uri(reverse("board:public_notice", args=[board, notice.address]))
