"""Honours: entered, shown on the public board, revoked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice, NoticeKind
from zhibu.notices.told import Purpose
from zhibu.premises import policies, queries
from zhibu.premises.actions.inventory import PHOTO_BYTES, READ, not_later
from zhibu.premises.models import Honour, HonourLevel
from zhibu.record.attachments import attach
from zhibu.record.files import picture
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Membership, Organisation

ON_BOARD_DAYS = 30
TITLE_LENGTH = 120


@transaction.atomic
def record_honour(
    actor: Actor,
    *,
    organisation: Organisation,
    title: str,
    given_by: str,
    level: str,
    given_on: date,
    now: datetime,
    person: int | None = None,
    shown: bool = True,
    photo: tuple[str, bytes] | None = None,
) -> Honour:
    """Enter an honour of the branch, or of someone who was its member on that day.

    `shown` False: the member does not want others to see it; it stays between the member, the committee and above.
    """
    refuse_if(
        policies.may_act(actor, "premises.record_honour", organisation),
        not_later(given_on, now),
        _belonged(organisation, person, given_on),
    )
    honour = Honour.objects.create(
        organisation=organisation, person_id=person, title=title.strip()[:120], given_by=given_by.strip()[:120],
        level=HonourLevel(level), given_on=given_on, shown=int(shown or person is None), known_at=instant(now),
    )  # fmt: skip
    write(
        actor, "premises.record_honour", honour, organisation=organisation, now=now, title=honour.title, person=person,
        level=level, given_on=given_on.isoformat(), shown=bool(honour.shown),
    )  # fmt: skip
    if photo is not None:
        honour.photo = attach(
            actor, subject=honour, organisation=organisation, read_verb=READ, name=photo[0],
            content=picture(photo[1], PHOTO_BYTES), now=now,
        )  # fmt: skip
        honour.save(update_fields=["photo"])
    return honour


@transaction.atomic
def revoke_honour(actor: Actor, *, honour: Honour, reason: str, now: datetime) -> Honour:
    """Say that an honour was taken away, or entered by mistake: it stands with the reason and counts no longer."""
    honour = Honour.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=honour.pk)
    refuse_if(
        policies.may_act(actor, "premises.revoke_honour", honour.organisation),
        _stands(honour),
        None if reason.strip() else Refusal("premises.reason_needed", _("请写明原因")),
    )
    honour.revoked_on = timezone.localtime(now).date()
    honour.revoked_because = reason.strip()[:200]
    honour.known_at, honour.version = instant(now), honour.version + 1
    honour.save()
    write(
        actor,
        "premises.revoke_honour",
        honour,
        organisation=honour.organisation,
        now=now,
        reason=honour.revoked_because,
    )
    return honour


@transaction.atomic
def publish_honour(actor: Actor, *, honour: Honour, now: datetime) -> Notice:
    """Show an honour on the public board, and thereby on the screens, for a month."""
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "premises.publish_honour", honour.organisation),
        _stands(honour),
        None
        if honour.person_id is None or honour.shown
        else Refusal(
            "premises.not_to_be_shown", _("本人不同意公开这项荣誉"), remedy=_("征得本人同意后再公开")
        ),
        Refusal("premises.published_already", _("这项荣誉已经上过公示栏"))
        if queries.published(honour, today)
        else None,
    )
    who = honour.person.name if honour.person else honour.organisation.name
    # what hangs on a wall in China is in Chinese, whoever is at work
    title = f"喜报：{who}获“{honour.title}”"[:TITLE_LENGTH]
    text = f"{_in_full(honour.given_on)}，{who}获{honour.given_by}授予的“{honour.title}”。"
    notice = notices.publish(
        actor, organisation=honour.organisation, kind=NoticeKind.HONOUR, title=title, text=text, opens_on=today,
        closes_on=today + timedelta(days=ON_BOARD_DAYS), subject=honour.person_id, now=now,
        purpose=Purpose(queries.TABLE, honour.pk),
    )  # fmt: skip
    write(
        actor, "premises.publish_honour", honour, organisation=honour.organisation, now=now, notice=notice.pk
    )
    return notice


def _belonged(organisation: Organisation, person: int | None, day: date) -> Refusal | None:
    if person is None:
        return None
    spells = Membership.objects.filter(organisation=organisation, person=person, since__lte=day)
    if spells.filter(until__isnull=True).exists() or spells.filter(until__gt=day).exists():
        return None
    return Refusal(
        "premises.not_of_the_branch", _("{day} 时此人不在本支部名册中"), {"day": day.isoformat()},
        remedy=_("请核对姓名和日期"),
    )  # fmt: skip


def _stands(honour: Honour) -> Refusal | None:
    return Refusal("premises.revoked", _("这项荣誉已经撤销")) if honour.revoked_on else None


def _in_full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
