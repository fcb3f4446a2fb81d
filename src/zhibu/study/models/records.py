"""Study outside meetings, one line each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class StudyKind(models.TextChoices):
    """How somebody studied outside the meetings of the branch."""

    SELF_STUDY = "self_study", _("自学")
    TRAINING = "training", _("集中培训")
    ONLINE = "online", _("网络培训")


class StudyRecord(models.Model):
    """That somebody studied: what, when, how long. Evidence; never compared between people."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=StudyKind.choices)
    studied_on = DayField()
    minutes = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    material = models.ForeignKey("study.Material", null=True, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=60, blank=True, default="", help_text="where it was exported from")
    entered_on = DayField()
    batch = models.ForeignKey("record.ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")
    import_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, absent is NULL
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_study_record"
        indexes = (
            models.Index(fields=["organisation", "studied_on"], name="zb_study_branch_day"),
            models.Index(fields=["person", "studied_on"], name="zb_study_person_day"),
        )


PastStudyRecord = past_of(StudyRecord, "organisation person kind studied_on minutes title entered_on")
