"""Competitions and shock tasks: opened with their rules, ended with the results of their teams, or called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.production import policies
from zhibu.production.actions import checks
from zhibu.production.models import Campaign, CampaignKind
from zhibu.production.told import Announced, Team
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.doors import Stale


@transaction.atomic
def open_campaign(
    actor: Actor, *, organisation: Organisation, announced: Announced, now: datetime
) -> Campaign:
    """Open a competition or shock task with its rules and the teams that take part."""
    refuse_if(
        policies.may_act(actor, "production.open_campaign", organisation), *_sound(organisation, announced)
    )
    campaign = Campaign(organisation=organisation, known_at=instant(now))
    _announce(campaign, announced)
    campaign.save()
    write(
        actor, "production.open_campaign", campaign, organisation=organisation, now=now, kind=campaign.kind,
        title=campaign.title, opens_on=campaign.opens_on.isoformat(), closes_on=campaign.closes_on.isoformat(),
        teams=len(campaign.teams),
    )  # fmt: skip
    return campaign


@transaction.atomic
def edit_campaign(
    actor: Actor, *, campaign: Campaign, announced: Announced, now: datetime, version: int = 0
) -> Campaign:
    """Change the rules, the days or the teams of a campaign before its results are entered.

    The record keeps what was announced before beside what is announced now. `version` is what the person saw; someone
    else's change of meanwhile is not overwritten.
    """
    campaign = _locked(campaign, version)
    refuse_if(
        policies.may_act(actor, "production.edit_campaign", campaign.organisation),
        _runs(campaign),
        *_sound(campaign.organisation, announced),
    )
    before = _told(campaign)
    _announce(campaign, announced)
    _save(campaign, now)
    write(
        actor, "production.edit_campaign", campaign, organisation=campaign.organisation, now=now, before=before,
        after=_told(campaign),
    )  # fmt: skip
    return campaign


@transaction.atomic
def enter_results(
    actor: Actor, *, campaign: Campaign, teams: Sequence[Team], outcome: str, now: datetime, version: int = 0
) -> Campaign:
    """End a campaign: what each team reached, its place if places are given, what came of the whole.

    Entered again, they put right what was entered; the record keeps what was said before.
    """
    campaign = _locked(campaign, version)
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "production.enter_results", campaign.organisation),
        _goes_on(campaign),
        None
        if today >= campaign.opens_on
        else Refusal("production.not_begun", _("{day} 才开始"), {"day": campaign.opens_on.isoformat()}),
        checks.said(outcome, "production.outcome_needed", _("请写明结果：完成了什么，效果怎样")),
        checks.no_person(campaign.organisation, [team.name for team in teams]),
    )
    campaign.teams = [team.kept() for team in teams]
    campaign.outcome, campaign.ended_on = outcome.strip()[:500], campaign.ended_on or today
    _save(campaign, now)
    write(
        actor, "production.enter_results", campaign, organisation=campaign.organisation, now=now, teams=campaign.teams,
        outcome=campaign.outcome,
    )  # fmt: skip
    return campaign


@transaction.atomic
def cancel_campaign(actor: Actor, *, campaign: Campaign, reason: str, now: datetime) -> Campaign:
    """Call a campaign off; it stays in the list with the reason."""
    campaign = _locked(campaign)
    refuse_if(
        policies.may_act(actor, "production.cancel_campaign", campaign.organisation),
        _runs(campaign),
        checks.said(reason, "production.reason_needed", _("请写明原因")),
    )
    campaign.cancelled, campaign.cancelled_because = 1, reason.strip()[:200]
    _save(campaign, now)
    write(
        actor, "production.cancel_campaign", campaign, organisation=campaign.organisation, now=now,
        reason=campaign.cancelled_because,
    )  # fmt: skip
    return campaign


def _locked(campaign: Campaign, version: int = 0) -> Campaign:
    """The row as it is now; a version that was seen and is no longer so is refused."""
    row = Campaign.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=campaign.pk)
    if version and row.version != version:
        raise Stale([(str(_("版本")), row.version, version)])
    return row


def _announce(campaign: Campaign, announced: Announced) -> None:
    campaign.kind = CampaignKind(announced.kind)
    campaign.title, campaign.rules = announced.title.strip()[:120], announced.rules.strip()[:2000]
    campaign.opens_on, campaign.closes_on = announced.opens_on, announced.closes_on
    campaign.teams = [Team(name).kept() for name in announced.named]


def _told(campaign: Campaign) -> dict[str, object]:
    """A campaign as the record keeps it when it is changed."""
    return {
        "kind": str(campaign.kind), "title": campaign.title, "rules": campaign.rules,
        "opens_on": campaign.opens_on.isoformat(), "closes_on": campaign.closes_on.isoformat(),
        "teams": [team[0] for team in campaign.teams],
    }  # fmt: skip


def _sound(organisation: Organisation, announced: Announced) -> tuple[Refusal | None, ...]:
    """What has to be right about a campaign whenever it is written down."""
    return (
        checks.said(announced.rules, "production.rules_needed", _("请写明规则：比什么、怎么比、怎么奖励")),
        checks.in_order(announced.opens_on, announced.closes_on),
        checks.no_person(organisation, announced.named),
    )


def _save(campaign: Campaign, now: datetime) -> None:
    campaign.known_at, campaign.version = instant(now), campaign.version + 1
    campaign.save()


def _goes_on(campaign: Campaign) -> Refusal | None:
    return Refusal("production.cancelled", _("已经取消")) if campaign.cancelled else None


def _runs(campaign: Campaign) -> Refusal | None:
    if campaign.cancelled:
        return _goes_on(campaign)
    return Refusal("production.ended", _("结果已经登记")) if campaign.ended_on else None
