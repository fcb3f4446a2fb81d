"""Short self-tests: questions as data, and what somebody answered, which is that person's own affair."""

from __future__ import annotations

from django.db import models

from zhibu.record.fields import DayField


class SelfTest(models.Model):
    """A short test written by a branch. `questions`: [{"text", "options": […], "right": [places], "why"}]."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=120)
    material = models.ForeignKey("study.Material", null=True, on_delete=models.PROTECT, related_name="+")
    questions = models.JSONField(default=list)
    opened_on = DayField()
    closed_on = DayField(null=True)

    class Meta:
        db_table = "zb_self_test"
        indexes = (models.Index(fields=["organisation", "opened_on"], name="zb_self_test_day"),)


class SelfTestResult(models.Model):
    """What somebody answered last. Only that person sees it; the branch sees how many took the test."""

    test = models.ForeignKey(SelfTest, on_delete=models.PROTECT, related_name="results", db_index=False)
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=list)
    right = models.PositiveSmallIntegerField()
    taken_on = DayField()

    class Meta:
        db_table = "zb_self_test_result"
        constraints = (models.UniqueConstraint(fields=["test", "person"], name="zb_self_test_result_once"),)
