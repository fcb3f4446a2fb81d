"""What the home of a branch has, and what was given to it and to its members."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class FixtureState(models.TextChoices):
    """How a thing was found."""

    PRESENT = "present", _("有")
    WORN = "worn", _("破损待换")
    MISSING = "missing", _("没有")


class Fixture(models.Model):
    """One thing of home.yaml as it was last found in a branch, with its photograph and what putting it right would cost."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.CharField(max_length=40, help_text="of home.yaml")
    state = models.CharField(max_length=10, choices=FixtureState.choices)
    seen_on = DayField()
    lacking = models.CharField(max_length=120, blank=True, default="")
    cost_fen = models.BigIntegerField(default=0, help_text="what putting it right would cost")
    photo = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    # who looks after it, where home.yaml has somebody named: a station of distance education, the seal
    keeper = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_fixture"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "item"], name="zb_fixture_item"),
            models.CheckConstraint(condition=models.Q(cost_fen__gte=0), name="zb_fixture_cost"),
        )


class HonourLevel(models.TextChoices):
    """Who gave it."""

    BRANCH = "branch", _("党支部")
    COMMITTEE = "committee", _("上级党委")
    GROUP = "group", _("集团（系统）")
    CITY = "city", _("市")
    PROVINCE = "province", _("省")
    NATION = "nation", _("国家")


class Honour(models.Model):
    """An honour or commendation of a branch, or of a member; of a member it is shown to others only when that member agrees."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    given_by = models.CharField(max_length=120)
    level = models.CharField(max_length=10, choices=HonourLevel.choices)
    given_on = DayField()
    shown = models.SmallIntegerField(default=1, help_text="1: the member agrees that others see it")
    photo = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    revoked_on = DayField(null=True)
    revoked_because = models.CharField(max_length=200, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_honour"
        indexes = (models.Index(fields=["organisation", "given_on"], name="zb_honour_branch_day"),)

    def __str__(self) -> str:
        return self.title


PastHonour = past_of(Honour, "organisation person title level given_on revoked_on")
