"""One survey or analysis, for whoever may see it; a survey by its address, for everyone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from zhibu import record
from zhibu.concerns import policies
from zhibu.concerns.models import Analysis, Survey, SurveyState
from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.record import vault
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation

SEALED = "zb_survey.words"
MOST_SLIPS = 400


def survey_at(code: str) -> Survey:
    """The survey with an address, or 404."""
    found = Survey.objects.select_related("organisation").filter(code=code[:16]).first()
    if found is None:
        raise Http404(code)
    return found


def survey_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Survey:
    """One in reach, or 404."""
    rows = policies.visible_to(actor, Survey.objects.select_related("organisation"), verb)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def analysis_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Analysis:
    """One in reach, or 404."""
    rows = policies.visible_to(actor, Analysis.objects.select_related("organisation"), verb)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def waiting(branch: Organisation, today: date) -> tuple[tuple[int, bool, str], ...]:
    """(survey, whether it is to be counted or else its words to be read, quarter) of a branch."""
    return tuple(
        (pk, state == SurveyState.OPEN, Quarter.of(covers_on).code)
        for pk, state, covers_on in record.rows(_waiting, branch.pk, today)
    )


def _waiting(branch: int, today: date) -> QuerySet[Survey, Any]:
    closed = Q(state=SurveyState.OPEN, closes_on__lt=today)
    rows = Survey.objects.filter(organisation=branch).filter(closed | ~Q(words_sealed=""))
    return rows.order_by("id").values_list("pk", "state", "covers_on")


def slips_proposed(branch: Organisation, today: date) -> int:
    """As many slips as the branch has members, in tens: people draw one of more than are needed."""
    members = Membership.objects.filter(organisation=branch, stage__in=MEMBER_STAGES, since__lte=today)
    number = members.filter(Q(until__isnull=True) | Q(until__gt=today)).count()
    return min(max(number + 9, 10) // 10 * 10, MOST_SLIPS)


def words_of(survey: Survey) -> list[tuple[str, str]]:
    """(question, text) of what waits to be read by the committee."""
    if not survey.words_sealed:
        return []
    return [(name, text) for name, text in json.loads(vault.open_sealed(survey.words_sealed, SEALED))]
