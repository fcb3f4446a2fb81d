"""Forms about publication windows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.notices.models import NoticeKind
from zhibu.ui import fields

MOST_OBJECTIONS = 9999
LONGEST_DAYS = 366


class NoticeForm(forms.Form):
    """What is published, about whom, from when to when."""

    kind = forms.ChoiceField(label=gettext_lazy("公示类别"), choices=NoticeKind.choices)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    subject = fields.Person(label=gettext_lazy("公示对象"), required=False)
    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(label=gettext_lazy("结束日期（含当日）"))
    text = fields.LongText(label=gettext_lazy("公示内容"), rows=5, required=False, max_length=20_000)

    def __init__(self, *args: Any, people: list[tuple[int, str, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["subject"].people = people

    def clean(self) -> dict[str, Any]:
        """The end follows the beginning, within a year."""
        values: dict[str, Any] = super().clean() or {}
        opens, closes = values.get("opens_on"), values.get("closes_on")
        if isinstance(opens, date) and isinstance(closes, date):
            if closes < opens:
                self.add_error("closes_on", _("结束日期不能早于开始日期。"))
            elif (closes - opens).days > LONGEST_DAYS:
                self.add_error("closes_on", _("公示不能超过一年。"))
        return values


class ResultForm(forms.Form):
    """How a publication ended."""

    objections = forms.IntegerField(
        label=gettext_lazy("收到异议（件）"), min_value=0, max_value=MOST_OBJECTIONS, initial=0
    )
    result = fields.LongText(
        label=gettext_lazy("公示结果"), rows=3, max_length=300, initial=gettext_lazy("公示期满，无异议。")
    )


class WithdrawForm(forms.Form):
    """Why a notice comes down."""

    reason = forms.CharField(label=gettext_lazy("撤回原因"), max_length=200)
