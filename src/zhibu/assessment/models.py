"""Quarterly runs, what they found, who judged, what was published, and what followed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class RulebookSnapshot(models.Model):
    """The effective rulebook of a run, so that a past quarter re-runs under its own rules."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.TextField(help_text="core.norms JSON, exact round trip")
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "zb_rulebook_snapshot"


class RunState(models.TextChoices):
    """A run goes one way: open, published, frozen."""

    OPEN = "open", _("考核中")
    PUBLISHED = "published", _("已公布")
    FROZEN = "frozen", _("已定案")


class Run(models.Model):
    """One quarter's assessment of all branches below one committee."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quarter = models.IntegerField(help_text="year * 4 + number - 1")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.OPEN)
    rulebook = models.ForeignKey(RulebookSnapshot, on_delete=models.PROTECT, related_name="+")
    known_by = models.BigIntegerField(help_text="records known up to this instant counted; epoch ms")
    computed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    minimum_group = models.PositiveSmallIntegerField(
        default=3, help_text="smaller peer groups are not ranked"
    )
    version = models.PositiveIntegerField(default=1)
    sums = models.TextField(
        default="",
        help_text='JSON: path of a superior -> "S12" -> [earned, decided] micro, over its branches',
    )

    class Meta:
        db_table = "zb_run"
        constraints = (models.UniqueConstraint(fields=["organisation", "quarter"], name="zb_run_once"),)


class Result(models.Model):
    """A branch's total in a run. Points in hundredths; the branch as it stood is kept."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results", db_index=False)
    branch = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    branch_path = models.CharField(max_length=80)
    branch_name = models.CharField(max_length=120)
    unit_type = models.CharField(max_length=20)
    superior_id = models.BigIntegerField()
    months = models.PositiveSmallIntegerField(default=3)
    assessed = models.SmallIntegerField(default=1, help_text="0: existed in no whole month of the quarter")
    earned_micro = models.BigIntegerField(default=0)
    decided_micro = models.BigIntegerField(default=0, help_text="weights of applicable parts already decided")
    applicable_micro = models.BigIntegerField(default=0, help_text="weights of all applicable parts")
    points = models.IntegerField(null=True, help_text="hundredths, over what is decided")
    self_points = models.IntegerField(null=True, help_text="the branch's own assessment, hundredths")
    place = models.PositiveIntegerField(null=True)
    place_of = models.PositiveIntegerField(null=True)
    is_last = models.SmallIntegerField(default=0, help_text="1: last place of a ranked group")
    facts = models.TextField(default="{}", help_text="JSON: fact name -> integer as the run counted it")
    parts = models.TextField(
        default="{}", help_text='JSON: "S12.general" -> [state, points micro|null, weight micro]'
    )
    standards = models.TextField(
        default="{}", help_text='JSON: "S12" -> [state, earned, decided, applicable] micro'
    )

    class Meta:
        db_table = "zb_result"
        constraints = (models.UniqueConstraint(fields=["run", "branch"], name="zb_result_once"),)
        indexes = (models.Index(fields=["branch"], name="zb_result_branch"),)


class Review(models.Model):
    """A reviewer's judgement of a part that no count may fill."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    branch = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=12)
    part = models.CharField(max_length=40)
    applicable = models.SmallIntegerField(
        default=1, help_text="0: not applicable, with the comment as reason"
    )
    points_micro = models.BigIntegerField(default=0)
    comment = models.CharField(max_length=400, blank=True, default="")
    evidence = models.TextField(blank=True, default="", help_text="linked records, JSON list of [table, key]")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_review"
        constraints = (
            models.UniqueConstraint(fields=["run", "branch", "standard", "part"], name="zb_review_once"),
        )


class SelfReview(models.Model):
    """The branch's own points for a reviewed part, set beside the superior's."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    branch = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=12)
    part = models.CharField(max_length=40)
    points_micro = models.BigIntegerField(default=0)
    comment = models.CharField(max_length=400, blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_self_review"
        constraints = (
            models.UniqueConstraint(fields=["run", "branch", "standard", "part"], name="zb_self_review_once"),
        )


class AppealState(models.TextChoices):
    """An appeal is open until the superior answers it."""

    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("采纳")
    DISMISSED = "dismissed", _("不采纳")


class Appeal(models.Model):
    """A branch's appeal against a published part, and the answer."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="appeals")
    branch = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=12)
    text = models.CharField(max_length=600)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.OPEN)
    answer = models.CharField(max_length=600, blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_appeal"


class RectificationState(models.TextChoices):
    """A person decides to open and to close a rectification; the system only proposes."""

    OPEN = "open", _("整改中")
    CLOSED = "closed", _("已销号")


class Rectification(models.Model):
    """Help for a weak branch: an owner, a date and how it ended."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    quarter = models.IntegerField()
    reason = models.CharField(max_length=300)
    owner = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = DayField()
    state = models.CharField(
        max_length=10, choices=RectificationState.choices, default=RectificationState.OPEN
    )
    outcome = models.CharField(max_length=400, blank=True, default="")
    closed_on = DayField(null=True)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "zb_rectification"
