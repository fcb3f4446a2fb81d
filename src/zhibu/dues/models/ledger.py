"""The ledger itself. A posting moves an amount from one fund to another, so every row balances by its own shape.

The database refuses to change or delete vouchers, postings, effects and closings, refuses a voucher in a month that was
closed, and a reversal that is not the exact opposite of what it reverses (migration 0003).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class Fund(models.TextChoices):
    """Where money stands, or for what it stands. Postings go from `credit` to `debit`."""

    RECEIVABLE = "receivable", _("应收党费")
    CASH = "cash", _("现金")
    BANK = "bank", _("转账和平台")
    IN_TRANSIT = "in_transit", _("上缴在途")
    DUES = "dues", _("党费收入")
    EXTRA = "extra", _("自愿多交")
    FROM_BELOW = "from_below", _("下级上缴")
    REMITTED = "remitted", _("已上缴")
    RETAINED = "retained", _("留存")
    SET_ASIDE = "set_aside", _("留存转出")
    ALLOCATED = "allocated", _("上级下拨")
    INTEREST = "interest", _("利息")
    USED = "used", _("使用")


class VoucherKind(models.TextChoices):
    """What a voucher is about."""

    OPENING = "opening", _("期初")
    CHARGE = "charge", _("应交")
    PAYMENT = "payment", _("交纳")
    EXTRA = "extra", _("自愿多交")
    REVERSAL = "reversal", _("冲销")
    RETAIN = "retain", _("留存")
    SEND = "send", _("上缴")
    ACCEPT = "accept", _("收到上缴")
    INCOME = "income", _("其他收入")
    USE = "use", _("使用")


class Channel(models.TextChoices):
    """How money came or went."""

    CASH = "cash", _("现金")
    TRANSFER = "transfer", _("转账")
    PLATFORM = "platform", _("支付平台")


class DuesBook(models.Model):
    """The book of one organisation; whoever posts locks this row first."""

    organisation = models.OneToOneField(
        "register.Organisation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    last_number = models.PositiveIntegerField(default=0)
    closed_through = DayField(null=True, help_text="first day of the last closed month")

    class Meta:
        db_table = "zb_dues_book"


class Voucher(models.Model):
    """One act on a book: numbered without a gap, booked in one month, never changed."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=VoucherKind.choices)
    book_on = DayField(help_text="first day of the month it is booked in")
    posted_on = DayField()
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, default="")
    memo = models.CharField(max_length=200, blank=True, default="")
    reference = models.CharField(  # noqa: DJ001 - unique, so absent must be NULL
        max_length=100,
        null=True,
        unique=True,
        help_text="what made it, once only: an order, a line of a statement",
    )
    rulebook = models.CharField(
        max_length=64, blank=True, default="", help_text="digest a charge was judged by"
    )
    lines = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    actor_user = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_dues_voucher"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="zb_dues_voucher_number"),
            models.CheckConstraint(
                condition=models.Q(total_fen__gte=0, lines__gte=0), name="zb_dues_voucher_sane"
            ),
        )
        indexes = (models.Index(fields=["organisation", "book_on"], name="zb_dues_voucher_month"),)

    def __str__(self) -> str:
        return f"{self.book_on:%Y%m}-{self.number:04d}"


class DuesPosting(models.Model):
    """An amount from one fund of a book to another; for a member and a month where it concerns one.

    `turn` counts how often a month of a member was charged before (and reversed), so that no month is charged twice.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="postings")
    line = models.PositiveIntegerField(default=1)
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    book_on = DayField()
    posted_on = DayField()
    person = models.ForeignKey(
        "register.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month_on = DayField(null=True)
    debit = models.CharField(max_length=10, choices=Fund.choices)
    credit = models.CharField(max_length=10, choices=Fund.choices)
    fen = models.BigIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    because = models.CharField(max_length=12, blank=True, default="", help_text="why a charge is what it is")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        db_table = "zb_dues_posting"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fen__gt=0) & ~models.Q(debit=models.F("credit")),
                name="zb_dues_posting_balanced",
            ),
            models.UniqueConstraint(
                fields=["person", "month_on", "turn"],
                condition=models.Q(debit="receivable", credit="dues", person__isnull=False),
                name="zb_dues_posting_charged_once",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "month_on"], name="zb_dues_posting_month"),
            models.Index(fields=["person", "month_on"], name="zb_dues_posting_person"),
        )


class DuesEffect(models.Model):
    """What a voucher did to the dues of a month of a branch: the evidence the standards read, row by row.

    Sums over a month give due, received, and received by its last day; a reversal has negative numbers.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="effects")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month_on = DayField()
    charged = models.SmallIntegerField(default=0, help_text="1: by this the month counts as entered")
    due_fen = models.BigIntegerField(default=0)
    received_fen = models.BigIntegerField(default=0)
    in_time_fen = models.BigIntegerField(default=0)
    members_due = models.IntegerField(default=0)
    members_paid = models.IntegerField(default=0)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_dues_effect"
        indexes = (models.Index(fields=["organisation", "month_on"], name="zb_dues_effect_month"),)


PastDuesEffect = past_of(
    DuesEffect, "organisation month_on charged due_fen received_fen in_time_fen members_due members_paid"
)
"""Always empty: the rows it would keep versions of never change. The one SQL text asks for it all the same."""


class Closing(models.Model):
    """A month that was closed, with the totals it was closed at; nothing can be booked in it any more."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month_on = DayField()
    vouchers = models.PositiveIntegerField()
    due_fen = models.BigIntegerField()
    received_fen = models.BigIntegerField()
    cash_fen = models.BigIntegerField(help_text="cash in hand at the end of the month")
    bank_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="over every posting booked up to then")
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "zb_dues_closing"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "month_on"], name="zb_dues_closing_once"),
        )
