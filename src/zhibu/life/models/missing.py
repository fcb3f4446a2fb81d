"""Tables of those who were not there: what made up for it, who is exempt, what they ask and send.

Present, made up, exempt and missed stay four different things: nothing here changes a row of attendance.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class MakeUpWay(models.TextChoices):
    """How a meeting that was missed was made up."""

    SECOND_SITTING = "second_sitting", _("参加补开的一场")
    TALK = "talk", _("当面传达谈话")
    STUDY = "study", _("自学记录和材料")
    VISIT = "visit", _("送学上门")


class MakeUpState(models.TextChoices):
    """Told by the member, confirmed by the branch, or returned with a word why."""

    REPORTED = "reported", _("本人已报，待确认")
    CONFIRMED = "confirmed", _("已补")
    RETURNED = "returned", _("退回再补")


class MakeUp(models.Model):
    """That someone made up for one meeting; branch and day repeat on the row so that facts need no join."""

    session = models.ForeignKey("life.Session", on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=16, choices=MakeUpWay.choices)
    state = models.CharField(max_length=10, choices=MakeUpState.choices, default=MakeUpState.REPORTED)
    held_on = DayField(help_text="the day of the meeting that was missed")
    done_on = DayField()
    entered_on = DayField()
    in_time = models.SmallIntegerField(
        default=0, help_text="1: within the term of the rule on the day of the meeting"
    )
    note = models.CharField(max_length=200, blank=True, default="")
    answer = models.CharField(max_length=200, blank=True, default="", help_text="why it was returned")
    by_name = models.CharField(max_length=60)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_make_up"
        constraints = (models.UniqueConstraint(fields=["session", "person"], name="zb_make_up_once"),)
        indexes = (models.Index(fields=["organisation", "held_on", "state"], name="zb_make_up_branch_day"),)


class ExemptGround(models.TextChoices):
    """Why nothing hard is asked of a member (member-education-2019, art. 23); no diagnosis is kept."""

    OLD = "old", _("年老体弱")
    ILL = "ill", _("患重病")
    IMMOBILE = "immobile", _("行动不便")


class Exemption(models.Model):
    """A time during which a member need not come; study is brought home and they are visited."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=ExemptGround.choices)
    since = DayField()
    until = DayField(null=True)
    entered_on = DayField()
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_exemption"
        indexes = (models.Index(fields=["organisation", "until"], name="zb_exemption_branch"),)


class VoiceKind(models.TextChoices):
    """What a member writes to the branch."""

    QUESTION = "question", _("问一问")
    OPINION = "opinion", _("提意见")
    FINDING = "finding", _("见闻和经验")
    # collected before a meeting and told there without names; nobody answers each
    BEFOREHAND = "beforehand", _("会前意见")


class Voice(models.Model):
    """A few lines of a member to the branch, and the answer. About a meeting, or what was seen elsewhere."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("life.Session", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=VoiceKind.choices)
    text = models.CharField(max_length=1000)
    sent_on = DayField()
    shared = models.SmallIntegerField(default=0, help_text="1: members away in the same city may read it")
    city = models.CharField(max_length=40, blank=True, default="")
    answer = models.CharField(max_length=1000, blank=True, default="")
    answered_on = DayField(null=True)
    answered_by = models.CharField(max_length=60, blank=True, default="")
    adopted = models.SmallIntegerField(default=0, help_text="1: the branch takes it up")

    class Meta:
        db_table = "zb_voice"
        indexes = (
            models.Index(fields=["organisation", "answered_on"], name="zb_voice_branch"),
            models.Index(fields=["city", "shared"], name="zb_voice_city"),
        )


PastMakeUp = past_of(MakeUp, "organisation session person way state held_on done_on in_time")
PastExemption = past_of(Exemption, "organisation person since until")
