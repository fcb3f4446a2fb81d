"""A meeting while it goes on: signing in, shows of hands, who said what."""

from __future__ import annotations

from django.db import models

from zhibu.life.models.sessions import Session


class SignInWindow(models.Model):
    """Signing in by the code in the room: open for one meeting, its code rotating; `secret` never leaves the server."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sign_in_window")
    secret = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_sign_in_window"


class Arrival(models.Model):
    """That someone signed in in the room. It fills the chair's list in beforehand and is no evidence by itself."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="arrivals", db_index=False)
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "zb_arrival"
        constraints = (models.UniqueConstraint(fields=["session", "person"], name="zb_arrival_once"),)


class Decision(models.Model):
    """A show of hands on an item, as counted and tested against its rule; `rule_text` is the rule as it stood."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="decisions")
    item = models.CharField(max_length=160)
    rule = models.CharField(max_length=60)
    rule_text = models.TextField()
    expected_voters = models.PositiveIntegerField()
    present_voters = models.PositiveIntegerField()
    yes = models.PositiveIntegerField()
    no = models.PositiveIntegerField()
    abstain = models.PositiveIntegerField()
    carried = models.SmallIntegerField()
    void = models.SmallIntegerField(
        default=0, help_text="1: there was no quorum, or another reason it does not count"
    )
    told = models.TextField(help_text="the count explained, in Chinese, a line for each step")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=60)

    class Meta:
        db_table = "zb_decision"
        ordering = ("id",)


class Remark(models.Model):
    """What someone said at a meeting. Written by whoever writes; two may write at once, each remark is its own."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="remarks")
    item = models.CharField(max_length=160, blank=True, default="")
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    speaker = models.CharField(max_length=60)
    text = models.TextField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_remark"
        ordering = ("id",)
