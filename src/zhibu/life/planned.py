"""Tables of what is to come: the plan of a year, recurring days, shifts, who is expected, and one's own calendar.

Models of this room like those of `life.models`, which loads them; in a file of their own beside what was held.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class PlanState(models.TextChoices):
    """A plan is a draft until the committee adopts it; what is adjusted afterwards says since when."""

    DRAFT = "draft", _("草案")
    ADOPTED = "adopted", _("已通过")


class Plan(models.Model):
    """The work plan of a branch for a year. Adopted, it is the document that is asked for (S29)."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    covers_on = DayField(help_text="1 January of its year")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    title = models.CharField(max_length=120)
    aims = models.TextField(
        blank=True, default="", help_text="what the year is about, in the branch's own words"
    )
    drafted_on = DayField()
    adopted_on = DayField(null=True)
    adopted_by = models.CharField(max_length=60, blank=True, default="")
    rules = models.CharField(
        max_length=64, blank=True, default="", help_text="digest of the rulebook it was proposed from"
    )
    version = models.PositiveIntegerField(default=1)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_plan"
        constraints = (models.UniqueConstraint(fields=["organisation", "covers_on"], name="zb_plan_once"),)
        indexes = (models.Index(fields=["covers_on", "state"], name="zb_plan_year"),)


class PlanItem(models.Model):
    """A line of a plan: a meeting (`kind`) on a day or within a stretch of days, or work that is no meeting."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items", db_index=False)
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(
        max_length=30, blank=True, default="", help_text="kind of meeting; empty: other work"
    )
    title = models.CharField(max_length=160)
    standard = models.CharField(
        max_length=12, blank=True, default="", help_text="the standard that asks for it"
    )
    part = models.CharField(max_length=40, blank=True, default="", help_text="the check of the standard")
    cadence = models.CharField(
        max_length=12, blank=True, default="", help_text="of work: how often it comes back"
    )
    must = models.SmallIntegerField(default=0, help_text="1: a rule says it must be done")
    from_on = DayField()
    until_on = DayField(help_text="its last lawful day")
    day = DayField(null=True)
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=80, blank=True, default="")
    session = models.ForeignKey(
        "life.Session", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    dropped = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True, default="", help_text="why it was dropped")

    class Meta:
        db_table = "zb_plan_item"
        indexes = (
            models.Index(fields=["plan", "until_on"], name="zb_plan_item_plan"),
            models.Index(fields=["day", "organisation"], name="zb_plan_item_day"),
            # not of lines without a meeting: SQLite would take them all by it, and leave the day aside
            models.Index(
                fields=["session"],
                condition=models.Q(session__isnull=False),
                name="zb_plan_item_session",
            ),
        )


class RecurringDay(models.Model):
    """The usual day of a kind of meeting of a branch or Party group: "second Thursday, 16:00"."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30)
    week = models.PositiveSmallIntegerField(help_text="week of the month, 1 to 4; 5: the last")
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday to 6 Sunday")
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "zb_recurring_day"
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=models.Q(party_group__isnull=True),
                name="zb_recurring_day_branch",
            ),
            models.UniqueConstraint(fields=["party_group", "kind"], name="zb_recurring_day_group"),
        )


class Shift(models.Model):
    """A line of a published shift roster: a person, or a whole Party group, at work on a day."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    day = DayField()
    name = models.CharField(max_length=20)
    begins = models.TimeField()
    ends = models.TimeField(help_text="not later than `begins`: on the next day")
    batch = models.ForeignKey("record.ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "zb_shift"
        indexes = (models.Index(fields=["organisation", "day"], name="zb_shift_branch_day"),)


class InvitationRole(models.TextChoices):
    """Whether someone is expected, or comes to listen."""

    EXPECTED = "expected", _("应到")
    OBSERVER = "observer", _("列席")


class Reply(models.TextChoices):
    """What someone answered to a notice of meeting."""

    NONE = "none", _("未回复")
    COMING = "coming", _("参加")
    EXCUSED = "excused", _("请假")
    CANNOT = "cannot", _("不能参加")


class Invitation(models.Model):
    """Someone told of a meeting, by the register of the day it was convened for, and the answer."""

    session = models.ForeignKey(
        "life.Session", on_delete=models.CASCADE, related_name="invitations", db_index=False
    )
    organisation = models.ForeignKey(
        "register.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the person's own branch",
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=10, choices=InvitationRole.choices, default=InvitationRole.EXPECTED)
    votes = models.SmallIntegerField(
        default=0, help_text="1: a full member on the day, with a vote at this meeting"
    )
    reply = models.CharField(max_length=10, choices=Reply.choices, default=Reply.NONE)
    reason = models.CharField(max_length=80, blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(help_text="when the last notice went out")
    withdrawn = models.SmallIntegerField(default=0, help_text="1: no longer expected")
    exempt: bool = False  # need not come; from the exemptions of the day, for the person's own page
    asks: bool = False  # opinions are collected for its meeting; for the same page

    class Meta:
        db_table = "zb_invitation"
        constraints = (models.UniqueConstraint(fields=["session", "person"], name="zb_invitation_once"),)
        indexes = (models.Index(fields=["person", "session"], name="zb_invitation_person"),)


class CalendarFeed(models.Model):
    """A person's own calendar under a secret address, of which only the digest is kept."""

    person = models.OneToOneField("register.Person", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "zb_calendar_feed"


PastPlan = past_of(Plan, "organisation covers_on state title adopted_on")
