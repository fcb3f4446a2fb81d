"""Papers around the ledger: consents, statements of a bank, orders of a platform, remittances, uses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class ArrangementKind(models.TextChoices):
    """What a branch consented to (art. 12)."""

    QUARTERLY = "quarterly", _("按季交纳")
    PROXY = "proxy", _("委托他人代交")


class Arrangement(models.Model):
    """A consent of the branch to pay by the quarter, or through somebody else."""

    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=ArrangementKind.choices)
    proxy = models.CharField(max_length=60, blank=True, default="")
    since_on = DayField()
    until_on = DayField(null=True)
    actor_name = models.CharField(max_length=150)

    class Meta:
        db_table = "zb_dues_arrangement"
        indexes = (models.Index(fields=["organisation", "person"], name="zb_dues_arrangement_branch"),)


class Statement(models.Model):
    """A statement of a bank or a platform, taken once."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    imported_on = DayField()
    actor_name = models.CharField(max_length=150)

    class Meta:
        db_table = "zb_dues_statement"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "sha256"], name="zb_dues_statement_once"),
        )


class StatementLineState(models.TextChoices):
    """What became of a line."""

    OPEN = "open", _("待核对")
    MATCHED = "matched", _("已入账")
    SET_ASIDE = "set_aside", _("与党费无关")


class StatementLine(models.Model):
    """Money that came in by a statement; a person confirms to whom it belongs, or it is kept unmatched."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="rows")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=80, help_text="the bank's own number of the transfer")
    came_on = DayField()
    fen = models.BigIntegerField()
    payer_sealed = models.TextField(help_text="name as the bank gives it")
    memo_sealed = models.TextField(blank=True, default="")
    state = models.CharField(
        max_length=10, choices=StatementLineState.choices, default=StatementLineState.OPEN
    )
    proposed = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, blank=True, default="", help_text="why the person is proposed")
    voucher = models.ForeignKey("dues.Voucher", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "zb_dues_statement_line"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "reference"], name="zb_dues_statement_line_once"),
        )


class OrderState(models.TextChoices):
    """How far an order of the payment door has come."""

    CREATED = "created", _("待支付")
    PAID = "paid", _("已支付")
    REFUSED = "refused", _("支付失败")
    REVIEW = "review", _("待人工核对")


class PayOrder(models.Model):
    """A payment begun at a platform. Only its signed callback, or a reconciliation, makes it paid."""

    number = models.CharField(max_length=40, unique=True)
    door = models.CharField(max_length=20)
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    fen = models.BigIntegerField()
    months = models.JSONField(default=list, help_text='[["2026-07", fen], …]')
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.CREATED)
    platform_number = models.CharField(max_length=80, blank=True, default="")
    told_fen = models.BigIntegerField(null=True, help_text="what the platform said was paid")
    voucher = models.ForeignKey("dues.Voucher", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    callbacks = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "zb_dues_order"
        constraints = (models.CheckConstraint(condition=models.Q(fen__gt=0), name="zb_dues_order_sane"),)


class RemittanceState(models.TextChoices):
    """A remittance is under way until the superior accepts it."""

    SENT = "sent", _("待上级签收")
    ACCEPTED = "accepted", _("已签收")


class Remittance(models.Model):
    """Money handed up along the tree, with a receipt on both sides."""

    sender = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    receiver = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    until_on = DayField(help_text="first day of the last month it covers")
    fen = models.BigIntegerField()
    kept_fen = models.BigIntegerField(default=0)
    extra_fen = models.BigIntegerField(default=0, help_text="voluntary payments that go whole to the Centre")
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=RemittanceState.choices, default=RemittanceState.SENT)
    sent_on = DayField()
    sent_by = models.CharField(max_length=150)
    accepted_on = DayField(null=True)
    accepted_by = models.CharField(max_length=150, blank=True, default="")
    sent_voucher = models.ForeignKey("dues.Voucher", on_delete=models.PROTECT, related_name="+")
    accepted_voucher = models.ForeignKey(
        "dues.Voucher", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "zb_dues_remittance"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fen__gt=0, kept_fen__gte=0, extra_fen__gte=0),
                name="zb_dues_remittance_sane",
            ),
        )
        indexes = (
            models.Index(fields=["receiver", "state"], name="zb_dues_remittance_receiver"),
            models.Index(fields=["sender", "until_on"], name="zb_dues_remittance_sender"),
        )


class Purpose(models.TextChoices):
    """The five uses article 19 allows."""

    TRAINING = "training", _("培训党员")
    MATERIALS = "materials", _("订阅或购买用于开展党员教育的报刊、资料、音像制品和设备")
    COMMENDATION = "commendation", _("表彰先进基层党组织、优秀共产党员和优秀党务工作者")
    HARDSHIP = "hardship", _("补助生活困难的党员")
    DISASTER = "disaster", _("补助遭受严重自然灾害的党员和修缮因灾受损的基层党员教育设施")


class FundUse(models.Model):
    """Money used: what for, which meeting decided it, and the paper behind it."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=14, choices=Purpose.choices)
    fen = models.BigIntegerField()
    used_on = DayField()
    what = models.CharField(max_length=200)
    decided_on = DayField()
    decided_by = models.CharField(max_length=120, help_text="the meeting that decided")
    present_count = models.PositiveSmallIntegerField(help_text="how many took part in the decision")
    paper_sha256 = models.CharField(max_length=64, blank=True, default="", help_text="the scanned voucher")
    voucher = models.ForeignKey("dues.Voucher", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "zb_dues_use"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fen__gt=0, present_count__gte=2), name="zb_dues_use_sane"
            ),
        )


class PlatformPayment(models.Model):
    """The local platform's own side: what it was asked for and what was paid. The ledger never reads it directly."""

    number = models.CharField(max_length=40, unique=True)
    fen = models.BigIntegerField()
    subject = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    platform_number = models.CharField(max_length=80, blank=True, default="")
    paid_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "zb_dues_platform_payment"
