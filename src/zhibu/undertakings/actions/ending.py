"""How it ends, and what whoever confirms may do with it on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.undertakings import policies, queries
from zhibu.undertakings.actions.opening import alone
from zhibu.undertakings.actions.steps import local_day, locked, said, taken
from zhibu.undertakings.actions.working import end
from zhibu.undertakings.models import Helper, StepKind, Undertaking, UndertakingState


@transaction.atomic
def close(actor: Actor, *, undertaking: Undertaking, now: datetime, note: str = "") -> Undertaking:
    """Confirm that it is done: by whoever the kind says, never by whoever did it."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_end(actor, "undertakings.close", undertaking),
        policies.must_be(undertaking, UndertakingState.DONE),
        policies.closing_said(undertaking, note),
    )
    end(undertaking, UndertakingState.CLOSED, now)
    return taken(
        actor,
        "undertakings.close",
        undertaking,
        StepKind.CLOSED,
        note[:300],
        now,
        in_time=undertaking.in_time,
    )


@transaction.atomic
def send_back(actor: Actor, *, undertaking: Undertaking, reason: str, now: datetime) -> Undertaking:
    """Not done yet: it is open again, and the day it was first said to be done no longer counts."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_end(actor, "undertakings.send_back", undertaking),
        policies.must_be(undertaking, UndertakingState.DONE),
        said(reason, "undertakings.reason_needed", _("请写明原因")),
    )
    undertaking.state, undertaking.done_on, undertaking.result = UndertakingState.OPEN, None, ""
    return taken(actor, "undertakings.send_back", undertaking, StepKind.SENT_BACK, reason[:300], now)


@transaction.atomic
def give_up(actor: Actor, *, undertaking: Undertaking, reason: str, now: datetime) -> Undertaking:
    """No longer pursued; why stays with it."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_end(actor, "undertakings.give_up", undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
        policies.may_leave(undertaking),
        said(reason, "undertakings.reason_needed", _("请写明原因")),
    )
    end(undertaking, UndertakingState.GIVEN_UP, now)
    undertaking.result = reason.strip()[:300]
    return taken(actor, "undertakings.give_up", undertaking, StepKind.GIVEN_UP, reason[:300], now)


@transaction.atomic
def extend(
    actor: Actor, *, undertaking: Undertaking, due_on: date, reason: str, now: datetime
) -> Undertaking:
    """Agree on a later day; how often that happened, and the first day, stay visible."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_end(actor, "undertakings.extend", undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
        said(reason, "undertakings.reason_needed", _("请写明原因")),
        _later(undertaking, due_on, local_day(now)),
    )
    undertaking.due_on, undertaking.extensions = due_on, undertaking.extensions + 1
    undertaking.first_due_on = undertaking.first_due_on or due_on
    return taken(
        actor,
        "undertakings.extend",
        undertaking,
        StepKind.EXTENDED,
        reason[:300],
        now,
        due_on=due_on.isoformat(),
    )


def _later(undertaking: Undertaking, due_on: date, today: date) -> Refusal | None:
    if due_on >= today and (undertaking.due_on is None or due_on > undertaking.due_on):
        return None
    return Refusal("undertakings.not_later", _("延期要比原来的期限晚"), remedy=_("请选择更晚的日期"))


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    undertaking: Undertaking,
    owner: int,
    reason: str,
    now: datetime,
    helpers: Sequence[int] = (),
) -> Undertaking:
    """Someone else takes it over, with helpers of their own."""
    undertaking = locked(undertaking)
    known = {person for person, *_rest in queries.people(undertaking.organisation, local_day(now))}
    refuse_if(
        policies.may_end(actor, "undertakings.hand_over", undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
        policies.may_leave(undertaking),
        said(reason, "undertakings.reason_needed", _("请写明原因")),
        None
        if {owner, *helpers} <= known
        else Refusal(
            "undertakings.not_of_the_branch", _("责任人、协办人要是本支部的人"), remedy=_("请从名单里选择")
        ),
        alone(policies.kinds().get(undertaking.kind), helpers),
    )
    undertaking.owner_id = owner
    undertaking.helpers.all().delete()
    Helper.objects.bulk_create(
        Helper(undertaking=undertaking, person_id=each) for each in dict.fromkeys(helpers) if each != owner
    )
    return taken(actor, "undertakings.hand_over", undertaking, StepKind.HANDED_OVER, reason[:300], now)
