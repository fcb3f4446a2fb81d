"""Cases of procedures: what was opened, the steps taken, what else happened to the case, its papers and notices.

Only what was done is kept; where a case stands is worked out by the engine. The columns `next_*`, `above_*` and
`repeat_*` are worked out by every act and kept for lists; `zhibu cases rebuild` works them out anew.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class CaseState(models.TextChoices):
    """Whether a case goes on."""

    RUNNING = "running", _("办理中")
    SUSPENDED = "suspended", _("中止")
    ENDED = "ended", _("已了结")


class Case(models.Model):
    """One running or finished case of a procedure."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    procedure = models.CharField(max_length=60, help_text="id of the procedure in the rulebook")
    person = models.ForeignKey(
        "register.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=120)
    fields = models.JSONField(default=dict, help_text="what was given when it was opened; days as ISO text")
    sealed = models.TextField(blank=True, default="", help_text="sensitive fields, sealed JSON")
    opened_on = DayField()
    entered_on = DayField(help_text="local day of entry; later than opened_on: entered late")
    digest = models.CharField(max_length=64, help_text="rulebook under which it was opened")
    opened_by = models.CharField(max_length=150, blank=True, default="")
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RUNNING)
    ended = models.CharField(max_length=60, blank=True, default="", help_text="id of the ending")
    ended_on = DayField(null=True)
    suspended_on = DayField(null=True)
    next_step = models.CharField(max_length=60, blank=True, default="", help_text="what the case waits for")
    next_role = models.CharField(max_length=20, blank=True, default="")
    next_from = DayField(null=True, help_text="earliest lawful day of the next step")
    next_due = DayField(null=True)
    overdue_from = DayField(null=True, help_text="first day on which the branch is late with the next step")
    above_step = models.CharField(
        max_length=60, blank=True, default="", help_text="what waits for the superior"
    )
    above_from = DayField(null=True)
    above_due = DayField(null=True)
    repeat_step = models.CharField(max_length=60, blank=True, default="", help_text="what falls due again")
    repeat_due = DayField(null=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    judged_by = models.CharField(max_length=64, blank=True, default="", help_text="rulebook of these columns")
    judged_on = DayField(null=True)
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_case"
        indexes = (
            models.Index(fields=["organisation", "state", "procedure"], name="zb_case_branch"),
            models.Index(fields=["procedure", "state", "next_step"], name="zb_case_stage"),
            models.Index(fields=["above_step", "above_from"], name="zb_case_above"),
            models.Index(fields=["person"], name="zb_case_person"),
        )

    def __str__(self) -> str:
        return self.title


class StepTaken(models.Model):
    """One step as it was taken. Never edited: one taken in error is reversed by an act and stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    procedure = models.CharField(max_length=60)
    step = models.CharField(max_length=60)
    taken_on = DayField()
    until_on = DayField(null=True, help_text="last day of a step that lasts")
    outcome = models.CharField(max_length=60)
    passes = models.SmallIntegerField(default=1)
    role = models.CharField(max_length=20, blank=True, default="")
    reply = models.CharField(max_length=20, blank=True, default="")
    values = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="", help_text="sensitive fields, sealed JSON")
    people = models.JSONField(default=list, help_text="person, name, stage, sanction as on that day")
    vote = models.JSONField(null=True, help_text="counts, as core.tally reads them")
    note = models.CharField(max_length=500, blank=True, default="")
    cautions = models.JSONField(default=list, help_text="codes of the softer rules it did not keep")
    caution_words = models.JSONField(default=list, help_text="what each of them said, Chinese and English")
    effects = models.JSONField(default=list, help_text="what it changed in the register")
    cautioned = models.SmallIntegerField(default=0, help_text="1: some softer rule was not kept")
    digest = models.CharField(max_length=64, help_text="rulebook it was judged by")
    row_since = DayField(null=True, help_text="first day of the row of terms it was judged by")
    entered_on = DayField()
    entry_delay = models.IntegerField(
        default=0, help_text="days between the last day of the step and its entry"
    )
    paper_delay = models.IntegerField(
        default=0, help_text="days between the entry and the filing of the last paper it asked for"
    )
    entered_by = models.CharField(max_length=150)
    session = models.ForeignKey("life.Session", null=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey("notices.Notice", null=True, on_delete=models.PROTECT, related_name="+")
    evidence_table = models.CharField(
        max_length=63, blank=True, default="", help_text="row it was recorded in once"
    )
    evidence_id = models.BigIntegerField(null=True)
    reversed = models.SmallIntegerField(default=0)
    reversed_on = DayField(null=True)
    reversed_because = models.CharField(max_length=300, blank=True, default="")
    reversed_by = models.CharField(max_length=150, blank=True, default="")
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_step"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=["case", "reversed"], name="zb_step_case"),
            models.Index(fields=["organisation", "taken_on", "procedure"], name="zb_step_branch_day"),
        )


class CaseEventKind(models.TextChoices):
    """What may happen to a case apart from its steps."""

    SUSPENDED = "suspended", _("中止")
    RESUMED = "resumed", _("恢复")
    TRANSFERRED = "transferred", _("转移")
    EXTENDED = "extended", _("延长期限")
    ENDED = "ended", _("终止")


class CaseEvent(models.Model):
    """Something that happened to the case itself, with its reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=CaseEventKind.choices)
    happened_on = DayField()
    detail = models.CharField(
        max_length=60, blank=True, default="", help_text="the ending, or the step extended"
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    whence = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    entered_on = DayField()
    entered_by = models.CharField(max_length=150)

    class Meta:
        db_table = "zb_case_event"
        ordering = ("pk",)


class CasePaper(models.Model):
    """A paper of the case, handed in or scanned; papers that the platform makes are made anew when asked for."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    paper = models.CharField(max_length=60, help_text="paper of the procedure")
    attachment = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="", help_text="where the original lies")
    filed_on = DayField()
    filed_by = models.CharField(max_length=150)

    class Meta:
        db_table = "zb_case_paper"
        ordering = ("pk",)


PastCase = past_of(Case, "organisation person procedure title state opened_on ended_on overdue_from")
PastStepTaken = past_of(
    StepTaken,
    "organisation case procedure step taken_on until_on outcome passes cautioned entry_delay paper_delay reversed",
)
