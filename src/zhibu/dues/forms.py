"""Turning what is typed into values; the choices come from the view, which got them through its door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.core.calendar import Month
from zhibu.dues.models import ArrangementKind, Channel, PayerKind, Purpose
from zhibu.ui import fields

MOST_FEN = 10_000_000_00
"""Ten million yuan: more is a slip of the keyboard."""
PAPER = ("pdf", "png", "jpg", "jpeg")
BYTES = 20 * 1024 * 1024
HAND = [(Channel.CASH.value, Channel.CASH.label), (Channel.TRANSFER.value, Channel.TRANSFER.label)]


def month_asked(text: str, otherwise: Month) -> Month:
    """The month of an address, another when it names none."""
    try:
        return Month.parse(text)
    except ValueError:
        return otherwise


class _MonthForm(forms.Form):
    """Months come as (year, number) and go as Month."""

    months: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in self.months:
            if values.get(name):
                values[name] = Month(*values[name])
        return values


class CollectForm(forms.Form):
    """A whole month of a branch: everybody ticked, except those who did not pay."""

    people = fields.People(label=_("已交"), required=False)
    paid_on = fields.Day(label=_("收款日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=HAND)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["people"].people = people


class PaymentForm(_MonthForm):
    """One member, one or several months."""

    months = ("first", "last")
    person = fields.Person(label=_("党员"))
    first = fields.Month(label=_("从哪个月"))
    last = fields.Month(label=_("到哪个月"), required=False, help_text=_("只交一个月的不填。"))
    paid_on = fields.Day(label=_("收款日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=HAND)
    memo = forms.CharField(label=_("备注"), max_length=120, required=False, help_text=_("如代交人姓名。"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("first"), values.get("last") or values.get("first")
        if first and last and not 0 <= last.key - first.key < 36:
            self.add_error("last", _("截止月份要在起始月份之后三年以内。"))
        values["last"] = last
        return values


class ExtraForm(forms.Form):
    """A voluntary payment."""

    person = fields.Person(label=_("党员"))
    fen = fields.Fen(label=_("金额"), minimum=1, maximum=MOST_FEN)
    paid_on = fields.Day(label=_("收款日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=HAND)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people


class ReverseForm(forms.Form):
    """Which lines of a voucher are taken back, and why."""

    postings = forms.TypedMultipleChoiceField(label=_("分录"), coerce=int)
    reason = forms.CharField(label=_("原因"), max_length=120)

    def __init__(self, *args: Any, postings: Sequence[int], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["postings"].choices = [(each, each) for each in postings]


class BaseForm(_MonthForm):
    """How income comes, from when on, and how much."""

    months = ("since",)
    payer = forms.ChoiceField(label=_("收入情况"), choices=PayerKind.choices)
    since = fields.Month(label=_("从哪个月起"))
    fen = fields.Fen(
        label=_("金额"), maximum=MOST_FEN, required=False,
        help_text=_("按月领取工资的填税后月固定收入；年薪制填当月实发；没有固定工资的填上季度纯收入合计；离退休填每月养老金总额；学生、失业、低保不填。"),
    )  # fmt: skip
    basic_fen = fields.Fen(
        label=_("其中基本养老金"),
        maximum=MOST_FEN,
        required=False,
        help_text=_("只有离退休党员填，分不开的不填。"),
    )


class FileForm(forms.Form):
    """A spreadsheet."""

    file = fields.Upload(label=_("文件"), kinds=("xlsx",), max_bytes=BYTES)


class ReliefForm(_MonthForm):
    """A request for relief."""

    months = ("since", "until")
    person = fields.Person(label=_("党员"))
    to_fen = fields.Fen(label=_("减免后每月应交"), maximum=MOST_FEN, help_text=_("免交填 0。"))
    since = fields.Month(label=_("从哪个月起"))
    until = fields.Month(label=_("到哪个月止"), required=False, help_text=_("没有期限的不填。"))
    studied_on = fields.Day(label=_("党支部研究日期"))
    reason = fields.LongText(
        label=_("原因"), rows=3, max_length=200, help_text=_("加密保存，只有收缴人和批准人可见。")
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people


class AgreeForm(forms.Form):
    """A consent of the branch."""

    person = fields.Person(label=_("党员"))
    kind = forms.ChoiceField(label=_("同意"), choices=ArrangementKind.choices)
    proxy = forms.CharField(label=_("代交人"), max_length=60, required=False)
    since_on = fields.Day(label=_("自哪天起"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people


class RemitForm(_MonthForm):
    """Money handed up."""

    months = ("until",)
    until = fields.Month(label=_("交到哪个月"))
    fen = fields.Fen(label=_("上缴金额"), minimum=1, maximum=MOST_FEN)
    kept_fen = fields.Fen(label=_("本级留存"), maximum=MOST_FEN)
    sent_on = fields.Day(label=_("上缴日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=HAND)


class DayForm(forms.Form):
    """A day of acceptance."""

    accepted_on = fields.Day(label=_("签收日期"))


class UseForm(forms.Form):
    """A use of kept dues."""

    purpose = forms.ChoiceField(label=_("使用范围"), choices=Purpose.choices)
    what = forms.CharField(label=_("用于什么"), max_length=200)
    fen = fields.Fen(label=_("金额"), minimum=1, maximum=MOST_FEN)
    used_on = fields.Day(label=_("使用日期"))
    channel = forms.ChoiceField(label=_("付款方式"), choices=HAND)
    decided_on = fields.Day(label=_("集体决定日期"))
    decided_by = forms.CharField(
        label=_("作出决定的会议"), max_length=120, help_text=_("如“支部委员会会议”。")
    )
    present_count = forms.IntegerField(label=_("参加人数"), min_value=0, max_value=9999)
    paper = fields.Upload(label=_("凭证扫描件"), kinds=PAPER, max_bytes=BYTES, required=False)


class IncomeForm(forms.Form):
    """Money allocated, or interest."""

    kind = forms.ChoiceField(label=_("来源"), choices=[("allocated", _("上级下拨")), ("interest", _("利息"))])
    fen = fields.Fen(label=_("金额"), minimum=1, maximum=MOST_FEN)
    came_on = fields.Day(label=_("到账日期"))
    memo = forms.CharField(label=_("备注"), max_length=120, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=120)


class AmountForm(forms.Form):
    """The money that was really seen."""

    fen = fields.Fen(label=_("实际到账"), minimum=1, maximum=MOST_FEN)


class ReconcileForm(forms.Form):
    """A day of the platform's statement."""

    day = fields.Day(label=_("对账日期"))
