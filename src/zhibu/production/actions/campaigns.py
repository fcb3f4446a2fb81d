"""Competitions and shock tasks: opened with their rules, ended with the results of their teams, or called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.production import policies
from zhibu.production.actions import checks
from zhibu.production.models import Campaign, CampaignKind
from zhibu.production.told import Team
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.doors import Stale


@transaction.atomic
def open_campaign(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    rules: str,
    opens_on: date,
    closes_on: date,
    now: datetime,
    teams: Sequence[str] = (),
) -> Campaign:
    """Open a competition or shock task with its rules and the teams that take part."""
    named = _named(teams)
    refuse_if(
        policies.may_act(actor, "production.open_campaign", organisation),
        *_sound(organisation, rules, opens_on, closes_on, named),
    )
    campaign = Campaign.objects.create(
        organisation=organisation, kind=CampaignKind(kind), title=title.strip()[:120], rules=rules.strip()[:2000],
        opens_on=opens_on, closes_on=closes_on, teams=[Team(name).kept() for name in named], known_at=instant(now),
    )  # fmt: skip
    write(
        actor, "production.open_campaign", campaign, organisation=organisation, now=now, kind=kind, title=campaign.title,
        opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat(), teams=len(named),
    )  # fmt: skip
    return campaign


@transaction.atomic
def edit_campaign(
    actor: Actor,
    *,
    campaign: Campaign,
    kind: str,
    title: str,
    rules: str,
    opens_on: date,
    closes_on: date,
    now: datetime,
    teams: Sequence[str] = (),
    version: int = 0,
) -> Campaign:
    """Change the rules, the days or the teams of a campaign before its results are entered.

    `version` is what the person saw; someone else's change of meanwhile is not overwritten.
    """
    campaign, named = _locked(campaign, version), _named(teams)
    refuse_if(
        policies.may_act(actor, "production.edit_campaign", campaign.organisation),
        _runs(campaign),
        *_sound(campaign.organisation, rules, opens_on, closes_on, named),
    )
    campaign.kind, campaign.title, campaign.rules = (
        CampaignKind(kind),
        title.strip()[:120],
        rules.strip()[:2000],
    )
    campaign.opens_on, campaign.closes_on = opens_on, closes_on
    campaign.teams = [Team(name).kept() for name in named]
    _save(campaign, now)
    write(
        actor, "production.edit_campaign", campaign, organisation=campaign.organisation, now=now, kind=kind,
        title=campaign.title, rules=campaign.rules, opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat(),
        teams=named,
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


def _named(teams: Sequence[str]) -> list[str]:
    return [name.strip()[:40] for name in dict.fromkeys(teams) if name.strip()]


def _sound(
    organisation: Organisation, rules: str, opens_on: date, closes_on: date, named: list[str]
) -> tuple[Refusal | None, ...]:
    """What has to be right about a campaign whenever it is written down."""
    return (
        checks.said(rules, "production.rules_needed", _("请写明规则：比什么、怎么比、怎么奖励")),
        checks.in_order(opens_on, closes_on),
        checks.no_person(organisation, named),
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
