"""The record: entries chained for each organisation, and what is kept beside them.

Actors and subjects are kept as values, not as foreign keys: an entry must outlive whatever it speaks of, and this
room lies below all rooms that write to it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.canonical import BEGINNING


class Entry(models.Model):
    """One act: who did what to which thing, when, with which values. Never changed, never deleted.

    `sequence` counts from 1 within an organisation without a gap; `digest` covers every other column and the digest
    of the entry before. The database itself refuses UPDATE and DELETE (migration 0002).
    """

    organisation_id = models.BigIntegerField(help_text="0: the installation itself")
    sequence = models.BigIntegerField()
    act = models.CharField(max_length=80)
    actor_user = models.BigIntegerField(null=True)
    actor_person = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    actor_post = models.CharField(max_length=40, blank=True, default="")
    subject_table = models.CharField(max_length=63, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    values = models.TextField(help_text="canonical JSON")
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "zb_entry"
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "sequence"], name="zb_entry_sequence"),
        ]
        indexes = [
            models.Index(fields=["subject_table", "subject_id", "id"], name="zb_entry_subject"),
            models.Index(fields=["organisation_id", "act", "sequence"], name="zb_entry_act"),
            models.Index(fields=["actor_person", "id"], name="zb_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.sequence} {self.act}"


class Head(models.Model):
    """The newest entry of a chain; whoever writes to the chain locks this row first."""

    organisation_id = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=BEGINNING)

    class Meta:
        db_table = "zb_chain_head"


class Anchor(models.Model):
    """The state of all chains at one moment in one number, to be printed and kept elsewhere.

    Everything up to entry `last_entry` is covered. An anchor kept off the machine proves an edit, a deletion and a
    truncation even to whoever rewrote the whole chain.
    """

    at = models.DateTimeField()
    last_entry = models.BigIntegerField()
    chains = models.BigIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        db_table = "zb_anchor"


class Attachment(models.Model):
    """A file given as supporting material; its bytes lie in the media directory under their own digest."""

    organisation_id = models.BigIntegerField()
    subject_table = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    read_verb = models.CharField(
        max_length=80, help_text="who holds this verb at the organisation may read it"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    actor_user = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "zb_attachment"
        indexes = [models.Index(fields=["subject_table", "subject_id"], name="zb_attachment_subject")]

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    """How far an import has come; it is applied as a whole or not at all."""

    STAGED = "staged", _("已校验")
    REFUSED = "refused", _("未通过")
    APPLIED = "applied", _("已导入")
    UNDONE = "undone", _("已撤销")


class Cut(models.Model):
    """The last instant as of which evidence was read and kept; one row. What is written afterwards is known later."""

    at = models.BigIntegerField(help_text="epoch ms")

    class Meta:
        db_table = "zb_cut"


class ImportBatch(models.Model):
    """One imported file: what was in it, what was found wrong, and what is needed to undo it."""

    kind = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(default=0)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    rows = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.STAGED)
    report = models.JSONField(default=dict, help_text="findings, row by row")
    staged = models.JSONField(default=list, help_text="the rows as read; emptied when applied")
    undo = models.JSONField(default=dict)
    actor_user = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_import_batch"


class Submission(models.Model):
    """A form that was sent, and the address it was answered with: a second click gets the same answer."""

    token = models.CharField(max_length=64)
    user = models.BigIntegerField()
    url = models.CharField(
        max_length=2000, blank=True, default="", help_text="empty: being answered just now"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "zb_submission"
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="zb_submission_token")]
        indexes = [models.Index(fields=["at"], name="zb_submission_at")]


class LetterState(models.TextChoices):
    """How far a letter has come. What nobody can know is said so: `unsure` is never sent again by itself."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发出")
    UNSURE = "unsure", _("不知是否送达")
    FAILED = "failed", _("未能发出")
    REPLACED = "replaced", _("已由新通知代替")


class Letter(models.Model):
    """A message to be sent outside, written in the transaction of the act it speaks of (`record.outbox`)."""

    key = models.CharField(max_length=120, unique=True, help_text="the same message is written once")
    organisation_id = models.BigIntegerField()
    subject_table = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    recipient_id = models.BigIntegerField(help_text="the person, or the row of the channel, it goes to")
    title = models.CharField(max_length=160)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True, default="")
    written_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_letter"
        indexes = [
            models.Index(fields=["state", "next_at", "id"], name="zb_letter_due"),
            models.Index(fields=["organisation_id", "-id"], name="zb_letter_place"),
            models.Index(fields=["subject_table", "subject_id"], name="zb_letter_subject"),
        ]

    def __str__(self) -> str:
        return self.title
