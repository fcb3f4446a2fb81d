"""A notice goes up, is corrected, is withdrawn, goes up anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices import policies, queries
from zhibu.notices.actions import checks, sheets
from zhibu.notices.actions.closing import outcome_of
from zhibu.notices.models import SLOGANS, Notice, NoticeKind
from zhibu.notices.told import OnPaper, Purpose
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class _Window:
    """What is to be published, everything left open filled in by the rulebook."""

    title: str
    text: str
    opens_on: date
    closes_on: date
    least: int
    exclude: bool
    days: int
    provisional: bool


@transaction.atomic
def publish(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    opens_on: date,
    now: datetime,
    closes_on: date | None = None,
    title: str = "",
    text: str = "",
    subject: int | None = None,
    least: int = 0,
    places: Sequence[str] | None = None,
    barred: Sequence[int] = (),
    purpose: Purpose | None = None,
    board: bool = True,
    ended: OnPaper | None = None,
) -> Notice:
    """Put up a notice from one day to another, both included; its working days are counted.

    What is left out the rulebook fills in: the shortest lawful window, the wording of the kind, where else it must
    hang. `least` asks more working days than the kind does; `barred` are persons who may not handle objections.
    A notice that was put up before it is entered here is shown as entered late. A window shorter than the rule asks
    is recorded as it is: it will not count. With `ended` it hung on paper only and is over: its result goes with it.
    """
    today = timezone.localtime(now).date()
    window = _window(
        organisation, kind, opens_on, closes_on, title=title, text=text, subject=subject, least=least
    )
    cautions = refuse_if(
        policies.may_act(actor, "notices.publish", organisation),
        *_asked(organisation, kind, subject, window),
        checks.has_ended(window.closes_on, today) if ended else None,
    )
    asked = queries.places_asked(kind, subject, opens_on) if places is None else tuple(places)
    notice = _put_up(
        window, organisation, kind, now, on_board=board and not ended and _hangs(kind, window, today),
        subject_id=subject,
        places_asked=list(asked), barred=[int(each) for each in barred], **_of_purpose(purpose), **_of_paper(window, ended),
    )  # fmt: skip
    told = {"outcome": notice.outcome, "objections": notice.objections} if ended else {}
    _record(
        actor, "notices.publish", notice, now, kind=kind, cautions=[each.code for each in cautions], **told
    )
    return notice


@transaction.atomic
def correct(
    actor: Actor,
    *,
    notice: Notice,
    reason: str,
    now: datetime,
    title: str = "",
    text: str = "",
    closes_on: date | None = None,
) -> Notice:
    """Correct a slip of the pen on a running notice, or let it hang longer; both sheets stay in the proof.

    Whatever changes what one could object to is published anew instead (`reopen`): its window starts again.
    """
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    title, text, closes_on = (
        title.strip() or notice.title,
        text.strip() or notice.text,
        closes_on or notice.closes_on,
    )
    refuse_if(
        policies.may_act(actor, "notices.correct", notice.organisation),
        checks.still_open(notice),
        checks.window_runs(notice, today),
        checks.given(reason, "notices.reason_needed", _("更正公示要写明原因")),
        _longer(notice, closes_on),
        checks.no_numbers(title, text),
        None
        if (title, text, closes_on) != (notice.title, notice.text, notice.closes_on)
        else Refusal("notices.nothing_changed", _("内容没有变化")),
    )
    notice.title, notice.text, notice.closes_on = title[:120], text, closes_on
    counted = queries.counted(notice.opens_on, closes_on, exclude_start=bool(notice.exclude_start))
    notice.working_days, notice.provisional = counted.days, int(counted.provisional)
    sheets.save(notice, now)
    _record(actor, "notices.correct", notice, now, reason=reason.strip()[:200])
    return notice


@transaction.atomic
def withdraw(actor: Actor, *, notice: Notice, reason: str, now: datetime) -> Notice:
    """Take a notice down before its result: it stays in the list, with the reason, and counts for nothing.

    One that hung on paper and was entered in error with its result is taken back the same way.
    """
    notice = sheets.locked(notice)
    refuse_if(
        policies.may_act(actor, "notices.withdraw", notice.organisation),
        None if queries.hung_on_paper(notice) else checks.still_open(notice),
        checks.given(reason, "notices.reason_needed", _("撤回公示要写明原因")),
    )
    _take_off(notice, reason, now)
    write(
        actor, "notices.withdraw", notice, organisation=notice.organisation, now=now,
        reason=notice.withdrawn_because,
    )  # fmt: skip
    return notice


@transaction.atomic
def reopen(
    actor: Actor,
    *,
    notice: Notice,
    opens_on: date,
    reason: str,
    now: datetime,
    closes_on: date | None = None,
    title: str = "",
    text: str = "",
) -> Notice:
    """Publish anew with a window of its own; the notice before is withdrawn unless it has ended with a result."""
    notice = sheets.locked(notice)
    today = timezone.localtime(now).date()
    window = _window(
        notice.organisation, notice.kind, opens_on, closes_on, title=title or notice.title,
        text=text or notice.text, subject=notice.subject_id, least=notice.least,
    )  # fmt: skip
    cautions = refuse_if(
        policies.may_act(actor, "notices.reopen", notice.organisation),
        checks.given(reason, "notices.reason_needed", _("重新公示要写明原因")),
        _not_followed(notice),
        *_asked(notice.organisation, notice.kind, notice.subject_id, window),
    )
    if not notice.withdrawn and not notice.has_result:
        _take_off(notice, reason, now)
    anew = _put_up(
        window, notice.organisation, notice.kind, now, on_board=_hangs(notice.kind, window, today),
        subject_id=notice.subject_id, places_asked=notice.places_asked, barred=notice.barred, follows=notice,
        purpose_table=notice.purpose_table, purpose_id=notice.purpose_id, purpose_step=notice.purpose_step,
    )  # fmt: skip
    _record(
        actor, "notices.reopen", anew, now, follows=notice.pk, reason=reason.strip()[:200],
        cautions=[each.code for each in cautions],
    )  # fmt: skip
    return anew


def _window(
    organisation: Organisation,
    kind: str,
    opens_on: date,
    closes_on: date | None,
    *,
    title: str,
    text: str,
    subject: int | None,
    least: int,
) -> _Window:
    exclude = queries.publication(kind).exclude_start_day
    least = max(least, queries.least_days(opens_on, kind) or 0)
    closes_on = closes_on or queries.earliest_close(opens_on, least, exclude_start=exclude).day
    counted = queries.counted(opens_on, closes_on, exclude_start=exclude)
    if not (title.strip() and text.strip()):
        named = Person.objects.filter(pk=subject) if subject else Person.objects.none()
        name = named.values_list("name", flat=True).first() or ""
        worded = queries.worded(
            kind,
            branch=organisation.name,
            name=name,
            opens_on=opens_on,
            closes_on=closes_on,
            days=counted.days,
        )
        title, text = title.strip() or worded.title, text.strip() or worded.text
    return _Window(
        title.strip()[:120], text.strip(), opens_on, closes_on, least, exclude, counted.days, counted.provisional
    )  # fmt: skip


def _asked(
    organisation: Organisation, kind: str, subject: int | None, window: _Window
) -> tuple[Refusal | None, ...]:
    return (
        checks.order(window.opens_on, window.closes_on),
        checks.existed(organisation, window.opens_on),
        checks.needs_subject(kind, subject),
        checks.no_numbers(window.title, window.text),
        checks.too_short(window.opens_on, window.days, window.least),
    )


def _hangs(kind: str, window: _Window, today: date) -> bool:
    """Whether it has a place on the public board: not when it is over, and never a slogan."""
    return window.closes_on >= today and kind not in SLOGANS


def _put_up(
    window: _Window, organisation: Organisation, kind: str, now: datetime, *, on_board: bool, **more: Any
) -> Notice:
    if on_board:
        sheets.board_of(organisation)
    return Notice.objects.create(
        organisation=organisation, kind=NoticeKind(kind), reply=queries.publication(kind).reply.value,
        title=window.title, text=window.text, opens_on=window.opens_on, closes_on=window.closes_on,
        least=window.least, exclude_start=int(window.exclude), working_days=window.days,
        provisional=int(window.provisional), entered_on=timezone.localtime(now).date(),
        known_at=instant(now), address=sheets.new_address(sheets.NOTICE_LENGTH) if on_board else None, **more,
    )  # fmt: skip


def _record(actor: Actor, act: str, notice: Notice, now: datetime, **values: Any) -> None:
    """One entry with the digest of the sheet, and the sheet itself beside it."""
    entry = write(
        actor, act, notice, organisation=notice.organisation, now=now, opens_on=notice.opens_on.isoformat(),
        closes_on=notice.closes_on.isoformat(), working_days=notice.working_days, sheet=sheets.digest_of(notice),
        on_board=notice.address is not None, **values,
    )  # fmt: skip
    sheets.keep_sheet(notice, sequence=entry.sequence, now=now)


def _take_off(notice: Notice, reason: str, now: datetime) -> None:
    notice.withdrawn, notice.withdrawn_because = 1, reason.strip()[:200]
    sheets.save(notice, now)
    sheets.take_down(notice, now)


def _of_paper(window: _Window, ended: OnPaper | None) -> dict[str, Any]:
    """The result of a notice that hung on paper holds from its last day; `entered_on` shows when it was entered."""
    if ended is None:
        return {}
    return {
        "has_result": 1, "objections": ended.objections, "result": ended.result.strip()[:300], "result_on": window.closes_on,
        "outcome": outcome_of(ended.objections, affects=ended.affects),
    }  # fmt: skip


def _of_purpose(purpose: Purpose | None) -> dict[str, Any]:
    if purpose is None:
        return {}
    return {"purpose_table": purpose.table, "purpose_id": purpose.id, "purpose_step": purpose.step}


def _longer(notice: Notice, closes_on: date) -> Refusal | None:
    if (closes_on - notice.opens_on).days > LONGEST_DAYS:
        return Refusal("notices.too_long", _("公示不能超过一年。"), remedy=_("请核对日期"))
    if closes_on >= notice.closes_on:
        return None
    return Refusal("notices.made_shorter", _("公示期只能延长，不能缩短"), remedy=_("要提前结束的，撤回公示"))


def _not_followed(notice: Notice) -> Refusal | None:
    if not Notice.objects.filter(follows=notice).exists():
        return None
    return Refusal("notices.opened_anew", _("已经重新公示过"), remedy=_("请在后一次公示上办理"))
