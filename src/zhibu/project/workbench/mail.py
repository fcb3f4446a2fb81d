"""Letters that wait for an answer of mine, bulletins that wait for my review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.letters import queries

from .lines import Waiting

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def mail_waiting(actor: Actor, today: date) -> tuple[Waiting, ...]:
    """Letters that wait for an answer of mine. They come in without an act."""
    number, overdue = queries.waiting_under(actor, today)
    if not number:
        return ()
    late = ngettext("%(n)d 件已逾期", "%(n)d 件已逾期", overdue) % {"n": overdue} if overdue else ""
    words = ngettext("%(n)d 件来信待答复", "%(n)d 件来信待答复", number) % {"n": number}
    return (Waiting(words, late, reverse("letters:letters") + "?state=waiting"),)


def to_review(actor: Actor) -> tuple[Waiting, ...]:
    """Bulletins that wait for a review of mine."""
    return tuple(
        Waiting(_("审核发布内容"), title, reverse("letters:bulletin", args=[pk]))
        for pk, title in queries.to_review_under(actor)
    )
