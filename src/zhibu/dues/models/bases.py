"""What a member's amount rests on. The figures themselves are sealed; see dues.secrets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class PayerKind(models.TextChoices):
    """How a member's income comes (core.norms.dues.Payer)."""

    MONTHLY_PAID = "monthly_paid", _("按月领取工资")
    ANNUAL_PAID = "annual_paid", _("实行年薪制")
    SELF_EMPLOYED = "self_employed", _("个体经营等没有固定工资")
    RETIRED = "retired", _("离退休")
    FARMER = "farmer", _("农民")
    STUDENT = "student", _("学生")
    UNEMPLOYED = "unemployed", _("下岗失业")
    RELIEF = "relief", _("依靠抚恤、救济或低保")


class BaseOrigin(models.TextChoices):
    """Who gave a base."""

    MEMBER = "member", _("本人申报")
    COLLECTOR = "collector", _("收缴人登记")
    PAY_SHEET = "pay_sheet", _("工资表导入")


class Base(models.Model):
    """A base from a month on. None is changed: a later one for the same month replaces it, once it is confirmed."""

    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    payer = models.CharField(max_length=16, choices=PayerKind.choices)
    since_on = DayField(help_text="first day of the month it counts from")
    sealed = models.TextField(blank=True, default="", help_text="the figures, encrypted")
    origin = models.CharField(max_length=10, choices=BaseOrigin.choices)
    declared_on = DayField()
    declared_by = models.CharField(max_length=150)
    confirmed_on = DayField(null=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    replaced = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "zb_dues_base"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "since_on"],
                condition=models.Q(replaced=0, confirmed_on__isnull=False),
                name="zb_dues_base_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["person", "since_on"],
                condition=models.Q(replaced=0, confirmed_on__isnull=True),
                name="zb_dues_base_waiting_once",
            ),
        )
        indexes = (models.Index(fields=["organisation", "since_on"], name="zb_dues_base_branch"),)


class Hardship(models.Model):
    """Dues reduced or waived for a member in hardship: studied by the branch, approved by the superior."""

    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_fen = models.BigIntegerField(default=0, help_text="what is still due a month; 0: nothing")
    since_on = DayField()
    until_on = DayField(null=True, help_text="first day of the last month")
    reason_sealed = models.TextField(blank=True, default="")
    studied_on = DayField(help_text="day of the branch's meeting")
    approved_on = DayField(null=True)
    approved_at = models.CharField(max_length=10, blank=True, default="", help_text="superior or branch")
    approved_by = models.CharField(max_length=150, blank=True, default="")
    refused_on = DayField(null=True)

    class Meta:
        db_table = "zb_dues_hardship"
        indexes = (models.Index(fields=["organisation", "since_on"], name="zb_dues_hardship_branch"),)
