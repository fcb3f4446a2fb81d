"""Surveys on the desk of a branch: closed and still to be counted, written words still to be read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.concerns import queries
from zhibu.core import authority
from zhibu.register.models import Organisation

from .lines import Waiting

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


def surveys_waiting(actor: Actor, branch: Organisation, today: date) -> tuple[Waiting, ...]:
    """What the actor may count or release. How many answered is told nobody before the closing day."""
    if not authority.may(actor, "concerns.count_survey", branch.path):
        return ()
    lines = []
    for pk, to_count, quarter in queries.waiting(branch, today):
        page = f"{reverse('concerns:quarter')}?organisation={branch.pk}&quarter={quarter}"
        words = _("答卷已截止，待汇总") if to_count else _("文字意见待审看")
        lines.append(
            Waiting(
                _("思想动态问卷"), words, page if to_count else reverse("concerns:release_words", args=[pk])
            )
        )
    return tuple(lines)
