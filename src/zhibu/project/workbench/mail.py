"""Letters that wait for an answer of mine, bulletins that wait for my review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import record
from zhibu.core import authority
from zhibu.letters import queries

from .lines import Waiting

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def mail_waiting(actor: Actor, today: date) -> tuple[Waiting, ...]:
    """Not kept: letters come in without an act, so that nothing tells when."""
    number, overdue = queries.waiting_under(actor, today)
    found = []
    if number:
        late = ngettext("%(n)d 件已逾期", "%(n)d 件已逾期", overdue) % {"n": overdue} if overdue else ""
        words = ngettext("%(n)d 件来信待答复", "%(n)d 件来信待答复", number) % {"n": number}
        found.append(Waiting(words, late, reverse("letters:letters") + "?state=waiting"))
    # bulletins come in by acts: what waits for a review is kept until the record grows
    spans = authority.ranges(actor, "letters.publish_bulletin")
    submitted = record.kept(("to review", actor.user, spans), lambda: queries.to_review_under(actor))
    found += [
        Waiting(_("审核发布内容"), title, reverse("letters:bulletin", args=[pk])) for pk, title in submitted
    ]
    return tuple(found)
