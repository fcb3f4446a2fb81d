"""Monthly totals of dues per branch.

The full ledger replaces this table later; standards read it through the facts
``dues.*`` only, so they do not change then.
"""

from __future__ import annotations

from django.db import models

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class DuesMonth(models.Model):
    """What a branch should have received for a month, and what came in time and late. Fen."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    month_on = DayField(help_text="first day of the month")
    members_due = models.PositiveIntegerField(default=0)
    members_paid = models.PositiveIntegerField(default=0)
    due_fen = models.BigIntegerField(default=0)
    received_fen = models.BigIntegerField(default=0, help_text="received for this month in all")
    in_time_fen = models.BigIntegerField(default=0, help_text="of which received by the end of the month")
    entered_on = DayField()
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_dues_month"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "month_on"], name="zb_dues_month_once"),
            models.CheckConstraint(
                condition=models.Q(due_fen__gte=0, received_fen__gte=0, in_time_fen__gte=0)
                & models.Q(in_time_fen__lte=models.F("received_fen")),
                name="zb_dues_month_sane",
            ),
        )


PastDuesMonth = past_of(
    DuesMonth, "organisation month_on members_due members_paid due_fen received_fen in_time_fen"
)
