"""Notices and disclosures, the sheets that stood on the board, where else they hung, and objections."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class NoticeKind(models.TextChoices):
    """What is published; publications.yaml says how each kind is worded and whether it takes objections."""

    ADMISSION = "admission", _("发展党员公示")
    CONVERSION = "conversion", _("预备党员转正公示")
    CANDIDATES = "candidates", _("候选人公示")
    COMMENDATION = "commendation", _("表彰公示")
    PROJECT = "project", _("创新项目公示")
    RESOLUTION = "resolution", _("决议公示")
    RESULT = "result", _("结果公示")
    NOTICE = "notice", _("其他公示")
    DUES = "dues", _("党费收缴公开")
    PLEDGE = "pledge", _("承诺公开")
    ANSWER = "answer", _("答复公开")
    HONOUR = "honour", _("荣誉公开")
    ZONES = "zones", _("责任区公开")
    OTHER = "other", _("其他公开")
    SLOGAN_SAFETY = "slogan_safety", _("安全标语")
    SLOGAN_QUALITY = "slogan_quality", _("质量标语")
    SLOGAN_PARTY = "slogan_party", _("党建标语")


SLOGANS = (NoticeKind.SLOGAN_SAFETY, NoticeKind.SLOGAN_QUALITY, NoticeKind.SLOGAN_PARTY)
"""Shown on screens and nowhere else: they have no place on the public board."""


class NoticeReply(models.TextChoices):
    """What a reader may answer."""

    OBJECTION = "objection", _("受理异议")
    COMMENT = "comment", _("听取意见")
    NONE = "none", _("只作公开")


class Outcome(models.TextChoices):
    """How a notice ended."""

    CLEAR = "clear", _("无异议")
    UNAFFECTED = "unaffected", _("有异议，经核查不影响")
    AFFECTED = "affected", _("有异议，经核查影响公示事项")


class Board(models.Model):
    """The public board of an organisation, under an address that says nothing of ids and may be renewed."""

    organisation = models.OneToOneField("register.Organisation", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=12, unique=True)
    screen = models.CharField(max_length=24, null=True, unique=True, help_text="secret")  # noqa: DJ001 - unique, so absent must be NULL

    class Meta:
        db_table = "zb_board"


class Notice(models.Model):
    """One publication window. ``working_days`` is counted by core.windows, and again when it is closed."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    reply = models.CharField(max_length=10, choices=NoticeReply.choices, default=NoticeReply.OBJECTION)
    title = models.CharField(max_length=120)
    subject = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="", help_text="what was on the sheet")
    opens_on = DayField()
    closes_on = DayField(help_text="last day of the window")
    least = models.PositiveSmallIntegerField(
        default=0, help_text="working days the rule asked when it opened"
    )
    exclude_start = models.SmallIntegerField(default=0, help_text="1: the opening day does not count")
    working_days = models.PositiveSmallIntegerField(default=0)
    provisional = models.SmallIntegerField(default=0, help_text="1: counted beyond the published calendar")
    address = models.CharField(max_length=12, null=True, unique=True, help_text="on the public board")  # noqa: DJ001 - unique, so absent must be NULL
    has_result = models.SmallIntegerField(default=0)
    objections = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    result = models.CharField(max_length=300, blank=True, default="")
    result_on = DayField(null=True)
    withdrawn = models.SmallIntegerField(default=0)
    withdrawn_because = models.CharField(max_length=200, blank=True, default="")
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", help_text="opened anew"
    )
    # what it was opened for, as values: the rooms above are not known here
    purpose_table = models.CharField(max_length=63, blank=True, default="")
    purpose_id = models.BigIntegerField(null=True)
    purpose_step = models.CharField(max_length=60, blank=True, default="")
    places_asked = models.JSONField(
        default=list, help_text="unit, residence: where it must hang besides the board"
    )
    barred = models.JSONField(default=list, help_text="persons who may not handle objections: the sponsors")
    entered_on = DayField(
        null=True, help_text="local day of entry; later than opens_on: entered after it was up"
    )
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_notice"
        indexes = (
            models.Index(fields=["organisation", "closes_on"], name="zb_notice_branch_day"),
            models.Index(fields=["purpose_table", "purpose_id"], name="zb_notice_purpose"),
        )


class NoticeSheet(models.Model):
    """What stood on the board, word for word, from when to when; its digest is in the record."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    number = models.PositiveSmallIntegerField()
    organisation_name = models.CharField(max_length=120, default="", help_text="as it was called then")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, default="")
    opens_on = DayField()
    closes_on = DayField()
    sha256 = models.CharField(max_length=64)
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField(
        null=True, help_text="replaced or withdrawn; empty: to the end of its window"
    )
    entry_sequence = models.BigIntegerField(
        help_text="the entry of the organisation's chain that holds the digest"
    )

    class Meta:
        db_table = "zb_notice_sheet"
        constraints = (models.UniqueConstraint(fields=["notice", "number"], name="zb_notice_sheet_number"),)


class PostingKind(models.TextChoices):
    """Where a notice hangs besides the public board."""

    UNIT = "unit", _("工作单位")
    RESIDENCE = "residence", _("居住地")


class Posting(models.Model):
    """A sheet of paper hung up somewhere, from one day to another, as whoever hung it says."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="postings")
    kind = models.CharField(max_length=12, choices=PostingKind.choices)
    place = models.CharField(max_length=120)
    from_on = DayField()
    until_on = DayField(help_text="last day on which it hung")
    entered_on = DayField()

    class Meta:
        db_table = "zb_notice_posting"


class ObjectionState(models.TextChoices):
    """How far an objection has come."""

    RECEIVED = "received", _("已收到")
    EXAMINING = "examining", _("核查中")
    ANSWERED = "answered", _("已答复")


class ObjectionChannel(models.TextChoices):
    """How an objection came in."""

    BOARD = "board", _("公示栏")
    LETTER = "letter", _("来信")
    VISIT = "visit", _("来访")
    PHONE = "phone", _("来电")
    ANOTHER = "another", _("其他方式")


class Objection(models.Model):
    """An objection or comment. Everything said in it is sealed; of when it came only the day is kept.

    Nothing tells who sent one without a name: no address, no browser, no time of day, no account. ``receipt`` is a
    keyed digest of the code the sender was shown; it finds the answer and recognises a second click.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="received", db_index=False)
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, so absent must be NULL
    channel = models.CharField(
        max_length=10, choices=ObjectionChannel.choices, default=ObjectionChannel.BOARD
    )
    received_on = DayField()
    entered_on = DayField()
    late = models.SmallIntegerField(default=0, help_text="1: after the last day of the window")
    signed = models.SmallIntegerField(default=0)
    text_sealed = models.TextField()
    name_sealed = models.TextField(blank=True, default="")
    contact_sealed = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.RECEIVED)
    examined_on = DayField(null=True)
    finding_sealed = models.TextField(blank=True, default="", help_text="what was found; for the file only")
    answer_sealed = models.TextField(blank=True, default="", help_text="what the sender is told")
    answered_on = DayField(null=True)
    affects = models.SmallIntegerField(default=0, help_text="1: it changes what is published")

    class Meta:
        db_table = "zb_objection"
        constraints = (models.UniqueConstraint(fields=["notice", "number"], name="zb_objection_number"),)
        indexes = (models.Index(fields=["notice", "state"], name="zb_objection_state"),)


PastNotice = past_of(
    Notice,
    "organisation subject kind title opens_on closes_on working_days provisional has_result withdrawn result_on",
)
