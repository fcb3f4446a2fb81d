"""Study plans (content, time, effect) and whose turn it is to tutor."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class StudyPlan(models.Model):
    """The plan of a year: of a branch, of a Party group, or of one person."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    goal = models.CharField(max_length=300, blank=True, default="")
    adopted_on = DayField(null=True)
    document = models.ForeignKey("life.FiledDocument", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_study_plan"
        indexes = (models.Index(fields=["organisation", "year"], name="zb_study_plan_year"),)


class PlanWay(models.TextChoices):
    """How an item of a plan is studied."""

    TOGETHER = "together", _("集中学习")
    LESSON = "lesson", _("党课")
    THEMED_DAY = "themed_day", _("主题党日")
    SELF_STUDY = "self_study", _("自学")
    TRAINING = "training", _("培训")


class StudyPlanItem(models.Model):
    """One line of a plan: content, time, and the effect it is to have; later what came of it.

    `organisation` is filled once the line stands in the adopted plan of a branch, which makes it evidence; the plan of
    a group or of a person is none.
    """

    organisation = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.ForeignKey(StudyPlan, on_delete=models.CASCADE, related_name="items", db_index=False)
    month_on = DayField(help_text="first day of the month")
    content = models.CharField(max_length=160)
    way = models.CharField(max_length=12, choices=PlanWay.choices, default=PlanWay.TOGETHER)
    minutes = models.PositiveSmallIntegerField(default=0)
    effect = models.CharField(max_length=160, blank=True, default="", help_text="what it is to bring about")
    outcome = models.CharField(max_length=300, blank=True, default="", help_text="what came of it")
    outcome_on = DayField(null=True)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_study_plan_item"
        indexes = (
            models.Index(fields=["plan", "month_on"], name="zb_study_plan_item_month"),
            models.Index(fields=["organisation", "month_on"], name="zb_study_plan_item_branch"),
        )


PastStudyPlanItem = past_of(StudyPlanItem, "organisation month_on outcome_on")


class TutorTurn(models.Model):
    """Who tutors the study of a month (轮流辅导)."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    month_on = DayField(help_text="first day of the month")
    topic = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "zb_tutor_turn"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "month_on"], name="zb_tutor_turn_month"),
        )
