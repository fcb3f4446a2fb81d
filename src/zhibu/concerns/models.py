"""Surveys without names, and what the branch makes of a quarter. Answers are no rows: see `answers`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class Audience(models.TextChoices):
    """Who is asked."""

    MEMBERS = "members", _("党员")
    MASSES = "masses", _("群众")
    EVERYONE = "everyone", _("党员和群众")


class SurveyState(models.TextChoices):
    """A survey goes one way: it is answered, then counted, or told of too few, or called off."""

    OPEN = "open", _("答题中")
    COUNTED = "counted", _("已汇总")
    TOO_FEW = "too_few", _("答卷不足，不出结果")
    CANCELLED = "cancelled", _("已取消")
    LAPSED = "lapsed", _("过期未汇总")


class Survey(models.Model):
    """One survey: what was asked (kept as it was), of whom, until when; and after it what may be told.

    What may not be told is in no column: with too few answers there is not even their number.
    """

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24, help_text="a kind of surveys.yaml")
    covers_on = DayField(help_text="first day of the quarter it is about")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    code = models.CharField(max_length=16, unique=True, help_text="its address, and the name of its box")
    asked = models.JSONField(default=list, help_text="the questions as they were asked")
    slips = models.PositiveSmallIntegerField(
        default=0, help_text="0: whoever has the address, and as often as they like"
    )
    opens_on = DayField()
    closes_on = DayField(help_text="last day to answer")
    fewest = models.PositiveSmallIntegerField()
    fewest_words = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SurveyState.choices, default=SurveyState.OPEN)
    ended_on = DayField(null=True, help_text="counted, called off or lapsed")
    answers = models.PositiveSmallIntegerField(null=True, help_text="none when there were too few")
    totals = models.JSONField(default=list, help_text="what may be told of each question")
    words_sealed = models.TextField(blank=True, default="", help_text="shuffled; until released or deleted")
    words = models.JSONField(default=list, help_text="what the committee released")
    released_on = DayField(null=True)

    class Meta:
        db_table = "zb_survey"
        indexes = (models.Index(fields=["organisation", "covers_on"], name="zb_survey_branch"),)
        constraints = (
            # one for a quarter: two samples of the same few people could be compared
            models.UniqueConstraint(
                fields=["organisation", "kind", "covers_on"],
                condition=~models.Q(state="cancelled"),
                name="zb_survey_one_a_quarter",
            ),
        )


class Analysis(models.Model):
    """What the branch makes of a quarter. Its causes, measures, owners and their end are undertakings (kind measure)."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    covers_on = DayField(help_text="first day of the quarter")
    findings = models.TextField(help_text="how things stand; no names")
    written_on = DayField()
    version = models.PositiveIntegerField(default=1)
    document = models.ForeignKey("life.FiledDocument", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "zb_analysis"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "covers_on"], name="zb_analysis_one_a_quarter"),
        )
