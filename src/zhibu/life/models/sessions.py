"""Meetings, who came, what was decided.

``organisation`` on every evidence row is the branch, ``*_on`` is the local day, and
``known_at`` the instant (epoch milliseconds) from which the row counts as evidence.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhibu.life import (
    kinds,
    planned,  # noqa: F401 - tables of this room, in a file of their own
)
from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class SessionKind(StrEnum):
    """The kinds of meeting that code must name. All there are, with their titles, stand in session_kinds.yaml."""

    GENERAL_MEETING = "general_meeting"
    COMMITTEE_MEETING = "committee_meeting"
    GROUP_MEETING = "group_meeting"
    PARTY_LESSON = "party_lesson"
    THEMED_DAY = "themed_day"
    LIFE_MEETING = "organisational_life_meeting"
    COMMITTEE_STUDY = "committee_study"
    GROUP_STUDY = "group_study"
    MEMBER_APPRAISAL = "member_appraisal"


class SessionState(models.TextChoices):
    """A session goes one way: planned, convened, held, closed; or cancelled with a reason."""

    PLANNED = "planned", _("已计划")
    CONVENED = "convened", _("已通知")
    HELD = "held", _("已召开")
    CLOSED = "closed", _("已归档")
    CANCELLED = "cancelled", _("已取消")


class Session(models.Model):
    """One meeting, lesson, themed day or study of a branch or a Party group."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.PLANNED)
    title = models.CharField(max_length=120)
    planned_on = DayField(null=True)
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=80, blank=True, default="")
    held_on = DayField(null=True)
    chair = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    minute_taker = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.TextField(blank=True, default="")
    details = models.JSONField(
        default=dict,
        blank=True,
        help_text="what its kind and its matters ask, by the ids of session_kinds.yaml",
    )
    at_item = models.PositiveSmallIntegerField(
        default=0, help_text="position of the item being dealt with; 0: none yet, or all of them"
    )
    study_minutes = models.PositiveIntegerField(default=0, help_text="length of study, minutes of time")
    expected_count = models.PositiveIntegerField(default=0)
    present_count = models.PositiveIntegerField(default=0)
    excused_count = models.PositiveIntegerField(default=0)
    absent_count = models.PositiveIntegerField(default=0)
    observer_count = models.PositiveIntegerField(default=0)
    expected_voters = models.PositiveIntegerField(
        default=0, help_text="full members among the expected: the denominator of a vote (应到会有表决权人数)"
    )
    voters_present = models.PositiveIntegerField(default=0)
    half_present = models.SmallIntegerField(
        default=0, help_text="1: at least half of the expected were present"
    )
    made_up = models.SmallIntegerField(default=0, help_text="1: made up for a period already over")
    makes_up_for = DayField(null=True, help_text="first day of the month made up for")
    entered_on = DayField(null=True, help_text="local day of the first entry of what was held")
    entry_delay = models.IntegerField(default=0, help_text="days between held_on and entered_on")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True, default="")
    cancel_reason = models.CharField(max_length=200, blank=True, default="")
    batch = models.ForeignKey("record.ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")
    import_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, absent is NULL
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_session"
        indexes = (
            models.Index(fields=["organisation", "held_on"], name="zb_session_branch_day"),
            models.Index(fields=["organisation", "state", "planned_on"], name="zb_session_branch_plan"),
            # the calendar of hundreds of branches: a month of all days, those to come apart
            models.Index(fields=["held_on", "organisation"], name="zb_session_day"),
            models.Index(
                fields=["planned_on", "organisation"],
                condition=models.Q(held_on__isnull=True),
                name="zb_session_day_to_come",
            ),
            # the list of meetings, newest first, of whoever's: read in its order until a page is full
            models.Index(
                Coalesce("held_on", "planned_on").desc(), models.F("id").desc(), name="zb_session_newest"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def kind_title(self) -> str:
        """The kind in the reader's language."""
        return kinds.title(self.kind)


class AttendanceState(models.TextChoices):
    """The answers to "were you there"; who need not come and did not; and the guest without a vote."""

    PRESENT = "present", _("实到")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")
    EXEMPT = "exempt", _("可不到会")
    OBSERVER = "observer", _("列席")


class AttendanceWay(models.TextChoices):
    """How it is known that someone was there: by the chair's list, by the code in the room, or from afar."""

    LIST = "list", _("点名")
    CODE = "code", _("扫码签到")
    ONLINE = "online", _("线上参加")


class Attendance(models.Model):
    """One person's attendance; branch and day repeat on the row so that facts need no join."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance", db_index=False)
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=AttendanceState.choices)
    reason = models.CharField(max_length=80, blank=True, default="")
    way = models.CharField(max_length=8, choices=AttendanceWay.choices, default=AttendanceWay.LIST)
    votes = models.SmallIntegerField(default=0, help_text="1: a full member on the day of the meeting")
    held_on = DayField()
    study_minutes = models.PositiveIntegerField(default=0)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_attendance"
        constraints = (models.UniqueConstraint(fields=["session", "person"], name="zb_attendance_once"),)
        indexes = (
            # covers every fact over attendance, so that a quarter reads the index alone
            models.Index(
                fields=["organisation", "held_on", "state", "study_minutes", "known_at", "person"],
                name="zb_attendance_branch_day",
            ),
            models.Index(fields=["person", "held_on"], name="zb_attendance_person"),
        )


class AgendaTag(models.TextChoices):
    """What an agenda item is about; standards count some of these."""

    OTHER = "other", _("一般议题")
    COMMITTEE_REPORT = "committee_report", _("支委会工作报告")
    PRODUCTION_PLAN = "production_plan", _("生产（科研）计划")
    OPERATING_PLAN = "operating_plan", _("经营与成本")
    SAFETY = "safety", _("安全生产")
    MASS_ORGANISATIONS = "mass_organisations", _("工会共青团工作")
    INTEGRITY = "integrity", _("党风廉政教育")
    ADMISSION = "admission", _("发展党员")
    CULTURE = "culture", _("企业文化")
    DIFFICULTIES = "difficulties", _("热点难点问题")
    SUGGESTIONS = "suggestions", _("合理化建议")
    STUDY = "study", _("理论学习")


class AgendaItem(models.Model):
    """An item of the agenda and, once decided, its resolution."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=1)
    tag = models.CharField(max_length=24, choices=AgendaTag.choices, default=AgendaTag.OTHER)
    title = models.CharField(max_length=160)
    resolution = models.TextField(blank=True, default="")
    session_kind = models.CharField(max_length=30)
    session_closed = models.SmallIntegerField(default=0, help_text="1: the session's minutes are closed")
    held_on = DayField(null=True)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_agenda_item"
        ordering = ("position",)
        indexes = (models.Index(fields=["organisation", "held_on", "tag"], name="zb_agenda_branch_day"),)


class Correction(models.Model):
    """A visible change to minutes already closed."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=200)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "zb_correction"


class MinutesDraft(models.Model):
    """What someone is still typing; kept so that a closed window loses nothing. No record, no evidence."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.BigIntegerField()
    values = models.JSONField(default=dict)
    based_on = models.PositiveIntegerField(help_text="version of the session it was begun from")
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "zb_minutes_draft"
        constraints = (models.UniqueConstraint(fields=["session", "user"], name="zb_minutes_draft_once"),)


PastSession = past_of(
    Session,
    "organisation party_group kind state title planned_on held_on entered_on entry_delay made_up half_present"
    " expected_count present_count study_minutes",
)
PastAttendance = past_of(Attendance, "organisation session person state held_on study_minutes")
PastAgendaItem = past_of(AgendaItem, "organisation session tag title session_kind session_closed held_on")
