"""Tables of the ways on which people are told outside: a person's own mailbox, a branch's group robots.

Models of this room like those of `accounts.models`, which loads them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

KEY = "zb_channel.key"
SECRET = "zb_channel.secret"  # noqa: S105 - the name of a column
ADDRESS = "zb_mailbox.address"
"""What the sealed columns are bound to (`record.vault`)."""


class Installation:
    """Where letters belong that are nobody's but the person's own."""

    pk = 0
    path = ""


class ChannelKind(models.TextChoices):
    """Group robots that take messages."""

    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")


class Channel(models.Model):
    """A group robot of an organisation. Its key is a secret: whoever has it can write to the group."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=ChannelKind.choices)
    name = models.CharField(max_length=40, help_text="the group, as people call it")
    key_sealed = models.TextField()
    secret_sealed = models.TextField(
        blank=True, default="", help_text="for signing, where the robot asks for it"
    )
    connected_at = models.DateTimeField()
    connected_by = models.CharField(max_length=60, blank=True, default="")
    disconnected_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_channel"
        indexes = (models.Index(fields=["organisation", "disconnected_at"], name="zb_channel_place"),)

    def __str__(self) -> str:
        return self.name


class Mailbox(models.Model):
    """A person's own e-mail address; used once a code sent to it was typed in."""

    person = models.OneToOneField("register.Person", on_delete=models.PROTECT, related_name="+")
    address_sealed = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_mailbox"
