"""What of a plan of the unit a member answers for, and the half-year marks of the pledge.

Who holds a zone, since when and what was found there is an undertaking; so is the pledge itself.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class Zone(models.Model):
    """An area somebody answers for, or a post that shows how work is done: a standing undertaking with a place on a plan.

    `shape` holds its corners as "x,y x,y x,y" in thousandths of the picture `plan`; empty, it is not drawn yet. On another
    picture than the one that holds now it counts as not drawn.
    """

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    undertaking = models.OneToOneField(
        "undertakings.Undertaking", on_delete=models.PROTECT, related_name="+", help_text="whose it is"
    )
    title = models.CharField(max_length=60)
    asks = models.CharField(max_length=200, blank=True, default="", help_text="what the holder answers for")
    shape = models.CharField(max_length=240, blank=True, default="")
    plan = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    checked_on = DayField(null=True, help_text="when somebody of the branch last looked at it")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_zone"

    def __str__(self) -> str:
        return self.title


class MarkStage(models.TextChoices):
    """Who gives a mark: the member, the Party group, the branch."""

    SELF = "self", _("自评")
    GROUP = "group", _("小组评")
    BRANCH = "branch", _("支部评")


class MarkLevel(models.TextChoices):
    """How far what was promised was kept in the half-year."""

    KEPT = "kept", _("全部做到")
    PARTLY = "partly", _("部分做到")
    SHORT = "short", _("差距较大")


class Mark(models.Model):
    """One mark of a member's half-year. Seen by the member, the committee of the branch, the superior; by nobody else."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, choices=MarkStage.choices)
    level = models.CharField(max_length=8, choices=MarkLevel.choices)
    words = models.CharField(max_length=300, blank=True, default="", help_text="what was kept, what was not")
    given_on = DayField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_mark"
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "person", "year", "half", "stage"], name="zb_mark_once"
            ),
        )
