"""What those who work on it report."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms import Closer, Proof
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record.attachments import attach as keep
from zhibu.record.models import Attachment
from zhibu.undertakings import policies, queries
from zhibu.undertakings.actions.steps import local_day, locked, said, taken
from zhibu.undertakings.models import StepKind, Undertaking, UndertakingState

LONGEST = 2000
BY_ITS_PAGE = "page"
"""Nobody holds this verb: its page alone gives out the file, and asks who may see the undertaking."""


@transaction.atomic
def claim(actor: Actor, *, undertaking: Undertaking, now: datetime) -> Undertaking:
    """Take on what stands open: a small task is done by whoever of the branch says so first."""
    undertaking = locked(undertaking)
    known = {person for person, *_rest in queries.people(undertaking.organisation, local_day(now))}
    refuse_if(
        policies.may_claim(actor, undertaking),
        None
        if actor.person in known
        else Refusal(
            "undertakings.not_of_the_branch", _("责任人、协办人要是本支部的人"), remedy=_("请从名单里选择")
        ),
    )
    undertaking.owner_id = actor.person or 0
    return taken(actor, "undertakings.claim", undertaking, StepKind.CLAIMED, "", now)


@transaction.atomic
def report_progress(actor: Actor, *, undertaking: Undertaking, text: str, now: datetime) -> Undertaking:
    """Say how far it has come."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_report(actor, "undertakings.report_progress", undertaking),
        policies.must_be(undertaking, UndertakingState.OPEN),
        policies.may_begin(undertaking),
        said(text, "undertakings.progress_needed", _("请写明进展")),
    )
    return taken(actor, "undertakings.report_progress", undertaking, StepKind.PROGRESS, text[:LONGEST], now)


@transaction.atomic
def report_done(
    actor: Actor,
    *,
    undertaking: Undertaking,
    result: str,
    now: datetime,
    file: tuple[str, bytes] | None = None,
) -> Undertaking:
    """Say that it is done, and show by what. Where the owner confirms, this closes it."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_report(actor, "undertakings.report_done", undertaking),
        policies.must_be(undertaking, UndertakingState.OPEN),
        policies.may_be_done(undertaking),
        policies.may_begin(undertaking),
        None if file is None else policies.no_files(undertaking),
        said(result, "undertakings.result_needed", _("请写明办理结果"), _("写清做了什么、结果怎样")),
    )
    if file is not None:
        _keep(actor, undertaking, file, now)
    refuse_if(_shown(undertaking))
    today = local_day(now)
    undertaking.state, undertaking.done_on = UndertakingState.DONE, today
    undertaking.result = result.strip()[:LONGEST]
    if policies.closer_of(undertaking) is Closer.OWNER:
        end(undertaking, UndertakingState.CLOSED, now)
    return taken(actor, "undertakings.report_done", undertaking, StepKind.DONE, undertaking.result, now)


def end(undertaking: Undertaking, state: UndertakingState, now: datetime) -> None:
    """Put the end into the row; in time is what was done by the day due, however late it is confirmed."""
    undertaking.state, undertaking.ended_on = state, local_day(now)
    done, due = undertaking.done_on, undertaking.due_on
    undertaking.in_time = int(
        state == UndertakingState.CLOSED and done is not None and (due is None or done <= due)
    )


def _shown(undertaking: Undertaking) -> Refusal | None:
    kind = policies.kinds().get(undertaking.kind)
    if kind is None or kind.proof is Proof.WORDS or queries.attachments(undertaking):
        return None
    return Refusal(
        "undertakings.file_needed", _("这类事项办结时要附材料"), remedy=_("请附上照片、报告或签字件")
    )


@transaction.atomic
def attach(actor: Actor, *, undertaking: Undertaking, name: str, content: bytes, now: datetime) -> Attachment:
    """Add a file while it is open; `record.attach` writes the entry."""
    undertaking = locked(undertaking)
    refuse_if(
        policies.may_report(actor, "undertakings.report_progress", undertaking),
        policies.must_be(undertaking, *policies.OPEN_STATES),
        policies.no_files(undertaking),
    )
    return _keep(actor, undertaking, (name, content), now)


def _keep(actor: Actor, undertaking: Undertaking, file: tuple[str, bytes], now: datetime) -> Attachment:
    return keep(
        actor, subject=undertaking, organisation=undertaking.organisation, read_verb=BY_ITS_PAGE, name=file[0],
        content=file[1], now=now,
    )  # fmt: skip
