"""Talks, examinations and filed documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class TalkKind(models.TextChoices):
    """Talks of which only the fact and the promise are kept, never the content."""

    ACTIVIST_TALK = "activist_talk", _("积极分子谈话")
    HEART_TO_HEART = "heart_to_heart", _("谈心谈话")
    ADMISSION_TALK = "admission_talk", _("入党谈话")


class Talk(models.Model):
    """That two people talked, and what was promised."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    talker = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=TalkKind.choices)
    held_on = DayField()
    entered_on = DayField()
    promised = models.CharField(max_length=200, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    served: str = ""  # the steps of cases it is, in words, for who records it

    class Meta:
        db_table = "zb_talk"
        indexes = (models.Index(fields=["organisation", "held_on", "kind"], name="zb_talk_branch_day"),)


class Examination(models.Model):
    """The branch's half-yearly examination of an activist, with its written opinion (考察意见)."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    held_on = DayField()
    entered_on = DayField()
    opinion = models.CharField(max_length=300, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    served: str = ""  # as of a talk

    class Meta:
        db_table = "zb_examination"
        indexes = (models.Index(fields=["organisation", "held_on"], name="zb_examination_branch_day"),)


class DocumentKind(models.TextChoices):
    """Papers that a standard asks to be on file."""

    YEAR_PLAN = "year_plan", _("年度工作计划")
    STUDY_PLAN = "study_plan", _("学习计划")
    HALF_YEAR_SUMMARY = "half_year_summary", _("半年小结")
    YEAR_SUMMARY = "year_summary", _("年度总结")
    THOUGHT_ANALYSIS = "thought_analysis", _("员工思想动态分析")
    RULES = "rules", _("制度文件")
    INTEGRITY_PROMISE = "integrity_promise", _("廉政承诺书")
    INTEGRITY_CHECK = "integrity_check", _("廉政检查与反馈")
    ZONE_MAP = "zone_map", _("党员责任区示意图")
    NETWORK_CHART = "network_chart", _("思想政治工作网络")
    OTHER = "other", _("其他材料")


class FiledDocument(models.Model):
    """A plan, summary or analysis filed by a branch for a period."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24, choices=DocumentKind.choices)
    title = models.CharField(max_length=120)
    covers_on = DayField(help_text="first day of the period it is about")
    filed_on = DayField()
    attachment = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, default="")
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_filed_document"
        indexes = (models.Index(fields=["organisation", "kind", "filed_on"], name="zb_document_branch_kind"),)


PastTalk = past_of(Talk, "organisation person kind held_on entered_on")
PastExamination = past_of(Examination, "organisation person held_on entered_on")
PastFiledDocument = past_of(FiledDocument, "organisation kind title covers_on filed_on")
