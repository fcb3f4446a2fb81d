"""Publication windows: a notice is up from one day to another and its result is recorded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class NoticeKind(models.TextChoices):
    """What is published; a notice takes objections, a disclosure informs."""

    ADMISSION = "admission", _("发展党员公示")
    CONVERSION = "conversion", _("预备党员转正公示")
    DUES = "dues", _("党费收缴公开")
    RESOLUTION = "resolution", _("决议公示")
    RESULT = "result", _("结果公示")
    OTHER = "other", _("其他公开")


class Notice(models.Model):
    """One publication window. ``working_days`` is counted by core.calendar when it is closed."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    title = models.CharField(max_length=120)
    subject = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="", help_text="what was on the sheet")
    opens_on = DayField()
    closes_on = DayField(help_text="last day of the window")
    working_days = models.PositiveSmallIntegerField(default=0)
    provisional = models.SmallIntegerField(default=0, help_text="1: counted beyond the published calendar")
    has_result = models.SmallIntegerField(default=0)
    objections = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=300, blank=True, default="")
    result_on = DayField(null=True)
    withdrawn = models.SmallIntegerField(default=0)
    withdrawn_because = models.CharField(max_length=200, blank=True, default="")
    entered_on = DayField(
        null=True, help_text="local day of entry; later than opens_on: entered after it was up"
    )
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_notice"
        indexes = (models.Index(fields=["organisation", "closes_on"], name="zb_notice_branch_day"),)
