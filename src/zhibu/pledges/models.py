"""What of a plan of the unit a member answers for. Who, since when and what was found is an undertaking."""

from __future__ import annotations

from django.db import models

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
