"""What every act on an undertaking does alike: hold the row, note the step, keep the version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.undertakings.models import Step, StepKind, Undertaking


def locked(undertaking: Undertaking) -> Undertaking:
    """The undertaking as it is now, kept from others until the act is over."""
    rows = Undertaking.objects.select_for_update(of=("self",)).select_related("organisation", "party_group")
    return rows.get(pk=undertaking.pk)


def local_day(now: datetime) -> date:
    """The day of an act where the platform runs."""
    return timezone.localtime(now).date()


def taken(
    actor: Actor,
    verb: str,
    undertaking: Undertaking,
    kind: StepKind,
    text: str,
    now: datetime,
    **values: Any,
) -> Undertaking:
    """Save the row with its next version, note the step, and record the act: days and states, never the words."""
    noted(actor, undertaking, kind, text, now)
    write(
        actor, verb, undertaking, organisation=undertaking.organisation, now=now, kind=undertaking.kind,
        state=undertaking.state, **values,
    )  # fmt: skip
    return undertaking


def noted(actor: Actor, undertaking: Undertaking, kind: StepKind, text: str, now: datetime) -> None:
    """Save the row with its next version and note the step; an act of a room above records itself."""
    undertaking.version += 1
    undertaking.known_at = instant(now)
    undertaking.save()
    Step.objects.create(
        undertaking=undertaking,
        kind=kind,
        taken_on=local_day(now),
        text=text.strip(),
        by_name=actor.name[:60],
    )


def said(text: str, code: str, message: str, remedy: str = "") -> Refusal | None:
    """Something was written."""
    return None if text.strip() else Refusal(code, message, remedy=remedy)
