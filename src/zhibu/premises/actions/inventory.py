"""Looking at what the home of a branch has."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms import HomeItem
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.premises import policies, queries
from zhibu.premises.models import Fixture, FixtureState
from zhibu.record.attachments import attach
from zhibu.record.files import picture
from zhibu.record.writing import write
from zhibu.register.models import Organisation

PHOTO_BYTES = 8 * 1024 * 1024
READ = "premises.view"


@transaction.atomic
def record_fixture(
    actor: Actor,
    *,
    organisation: Organisation,
    item: str,
    state: str,
    seen_on: date,
    now: datetime,
    lacking: str = "",
    cost_fen: int = 0,
    photo: tuple[str, bytes] | None = None,
    keeper: int | None = None,
) -> Fixture:
    """Enter how a thing was found, with what it lacks, what that would cost, a photograph, and who looks after it.

    A photograph of before stays until there is another one; it is taken away with the thing itself.
    """
    standard = queries.item_called(item)
    refuse_if(
        policies.may_act(actor, "premises.record_fixture", organisation),
        not_later(seen_on, now),
        _one_of_us(standard, organisation, keeper),
        None
        if state == FixtureState.PRESENT or lacking.strip()
        else Refusal(
            "premises.lacking_needed", _("请写明缺什么"), remedy=_("例如：没有专用房间，借用会议室")
        ),
    )
    found = Fixture.objects.select_for_update().filter(organisation=organisation, item=standard.id).first()
    fixture = found or Fixture(organisation=organisation, item=standard.id, version=0)
    whole = state == FixtureState.PRESENT
    fixture.state, fixture.seen_on = FixtureState(state), seen_on
    fixture.lacking, fixture.cost_fen = ("", 0) if whole else (lacking.strip()[:120], cost_fen)
    fixture.photo = fixture.photo if state != FixtureState.MISSING else None
    fixture.keeper_id = keeper if state != FixtureState.MISSING else None
    fixture.version += 1
    fixture.save()
    write(
        actor, "premises.record_fixture", fixture, organisation=organisation, now=now, item=standard.id, state=state,
        seen_on=seen_on.isoformat(), cost_fen=fixture.cost_fen,
    )  # fmt: skip
    if photo is not None:
        fixture.photo = attach(
            actor, subject=fixture, organisation=organisation, read_verb=READ, name=photo[0],
            content=picture(photo[1], PHOTO_BYTES), now=now,
        )  # fmt: skip
        fixture.save(update_fields=["photo"])
    return fixture


@transaction.atomic
def confirm_fixtures(actor: Actor, *, organisation: Organisation, seen_on: date, now: datetime) -> int:
    """Everything that was entered before was looked at and is as it was; how many things these are."""
    refuse_if(policies.may_act(actor, "premises.confirm_fixtures", organisation), not_later(seen_on, now))
    rows = Fixture.objects.filter(organisation=organisation, seen_on__lt=seen_on)
    number = rows.count()
    refuse_if(None if number else Refusal("premises.nothing_to_confirm", _("没有需要确认的项目")))
    rows.update(seen_on=seen_on)
    write(
        actor, "premises.confirm_fixtures", organisation, organisation=organisation, now=now, things=number,
        seen_on=seen_on.isoformat(),
    )  # fmt: skip
    return number


def _one_of_us(standard: HomeItem, organisation: Organisation, keeper: int | None) -> Refusal | None:
    """Where somebody is named for a thing, it is a member of the branch."""
    if keeper is None:
        return None
    if standard.keeper is None:
        return Refusal("premises.no_keeper", _("这一项不设管理人"))
    if any(keeper == person for person, _name, _stage in queries.members_of(organisation)):
        return None
    return Refusal("premises.not_a_member", _("此人不是本支部党员"), remedy=_("请在名册中选择"))


def not_later(day: date, now: datetime) -> Refusal | None:
    """Nothing was seen or given tomorrow."""
    if day <= timezone.localtime(now).date():
        return None
    return Refusal("premises.not_yet", _("{day} 还没有到"), {"day": day.isoformat()}, remedy=_("请核对日期"))
