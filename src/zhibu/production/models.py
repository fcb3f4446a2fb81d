"""The unit's figures of a month, campaigns with their teams."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class Figures(models.Model):
    """What the unit planned and did in a month, as one person of the branch enters it once. Empty: not kept by the unit."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month_on = DayField(help_text="first day of the month")
    measure = models.CharField(
        max_length=20, blank=True, default="", help_text="what is counted, such as tons"
    )
    planned = models.BigIntegerField(null=True)
    done = models.BigIntegerField(null=True)
    cost_plan_fen = models.BigIntegerField(null=True)
    cost_fen = models.BigIntegerField(null=True)
    accidents = models.PositiveSmallIntegerField(default=0)
    hazards_found = models.PositiveIntegerField(default=0)
    hazards_fixed = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, default="")
    entered_on = DayField()
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_figures"
        constraints = (models.UniqueConstraint(fields=["organisation", "month_on"], name="zb_figures_month"),)


class CampaignKind(models.TextChoices):
    """What members and staff take part in."""

    LABOUR_COMPETITION = "labour_competition", _("劳动竞赛")
    SHOCK_TASK = "shock_task", _("突击任务")
    SKILLS_CONTEST = "skills_contest", _("技能比武")
    INNOVATION_DRIVE = "innovation_drive", _("创新创效活动")


class Campaign(models.Model):
    """A competition or shock task: rules, teams, results. Teams are shifts, gangs, offices; no person is ranked."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=CampaignKind.choices)
    title = models.CharField(max_length=120)
    rules = models.TextField()
    opens_on = DayField()
    closes_on = DayField()
    teams = models.JSONField(
        default=list, help_text="[name, result, place] of each team; place 0: none given"
    )
    outcome = models.CharField(max_length=500, blank=True, default="")
    ended_on = DayField(null=True, help_text="results entered")
    cancelled = models.SmallIntegerField(default=0)
    cancelled_because = models.CharField(max_length=200, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_campaign"
        indexes = (models.Index(fields=["organisation", "closes_on"], name="zb_campaign_branch_day"),)

    def __str__(self) -> str:
        return self.title


PastFigures = past_of(
    Figures,
    "organisation month_on planned done cost_plan_fen cost_fen accidents hazards_found hazards_fixed entered_on",
)
PastCampaign = past_of(Campaign, "organisation kind title opens_on closes_on ended_on cancelled")
