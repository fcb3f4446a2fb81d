"""Whom it concerns agrees, or does not: then nothing of it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record.writing import write
from zhibu.undertakings import policies
from zhibu.undertakings.actions.forgetting import erase
from zhibu.undertakings.actions.steps import locked, taken
from zhibu.undertakings.actions.working import end
from zhibu.undertakings.models import StepKind, Undertaking, UndertakingState


@transaction.atomic
def agree(actor: Actor, *, undertaking: Undertaking, now: datetime) -> Undertaking:
    """Whom it concerns agrees; or its owner writes down that they did, face to face."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_agree(actor, undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
        None
        if policies.awaits_agreement(undertaking)
        else Refusal("undertakings.agreed_already", _("不用再记：本人已经同意，或者这类事项不用同意")),
    )
    told = "" if actor.person == undertaking.about_id else _("当面问过本人，由帮扶人代记")
    return taken(actor, "undertakings.agree", undertaking, StepKind.AGREED, told, now)


@transaction.atomic
def decline(actor: Actor, *, undertaking: Undertaking, now: datetime) -> None:
    """Whom it concerns does not agree, or no longer. What is about troubles is deleted at once: the record says that one
    was, not whose. Another kind, criticism with help, ends with that word, and the branch may propose something else.
    """
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_decline(actor, undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
    )
    if not policies.is_erased(undertaking):
        told = (
            _("本人不同意这样帮")
            if actor.person == undertaking.about_id
            else _("本人不同意这样帮，由帮助人代记")
        )
        end(undertaking, UndertakingState.GIVEN_UP, now)
        undertaking.result = told
        taken(actor, "undertakings.decline", undertaking, StepKind.GIVEN_UP, told, now)
        return
    organisation, kind = undertaking.organisation, undertaking.kind
    erase([undertaking.pk])
    write(actor, "undertakings.decline", None, organisation=organisation, now=now, kind=kind)
