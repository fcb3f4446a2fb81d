"""Forms of this room; the one that is answered without a name is read by hand, from the questions as they were asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.concerns.models import Audience
from zhibu.ui import fields


class OpenForm(forms.Form):
    """Who is asked, until when, and whether by slips."""

    kind = forms.ChoiceField(label=gettext_lazy("问卷"))
    audience = forms.ChoiceField(label=gettext_lazy("请谁填"), choices=Audience.choices)
    closes_on = fields.Day(label=gettext_lazy("截止日"))
    way = forms.ChoiceField(
        label=gettext_lazy("怎么填"), widget=forms.RadioSelect, initial="slips",
        choices=[
            ("slips", gettext_lazy("凭一次性卡片：打印、打乱、各人自己抽，一张卡片填一份")),
            ("address", gettext_lazy("凭网址：谁扫码谁能填，同一个人填几份分不出来，结果只能说“份”")),
        ],
    )  # fmt: skip
    slips_count = forms.IntegerField(
        label=gettext_lazy("卡片张数（凭卡片的填）"), required=False, min_value=0, max_value=400,
        help_text=gettext_lazy("请谁填就备多少张，够抽即可，不要多印；凭网址的不用填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["closes_on"].earliest = today + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """A survey by slips has some; one by its address has none."""
        values: dict[str, Any] = super().clean() or {}
        by_slips = values.pop("way", "slips") == "slips"
        if by_slips and not values.get("slips_count") and "slips_count" not in self.errors:
            self.add_error("slips_count", _("请填卡片张数。"))
        return values | {"slips_count": (values.get("slips_count") or 0) if by_slips else 0}


class ReasonForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class WordsForm(forms.Form):
    """What the branch may read."""

    chosen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("给支部看的"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有勾选的，提交后删除，谁也找不回来。不要猜是谁写的。"),
    )  # fmt: skip
    named = forms.BooleanField(label=gettext_lazy("不是人名，只是字面相同"), required=False)

    def __init__(self, *args: Any, words: Iterable[str], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(enumerate(words))


class AnalysisForm(forms.Form):
    """How things stand."""

    findings = fields.LongText(
        label=gettext_lazy("基本情况"), rows=8, max_length=2000,
        help_text=gettext_lazy("大家关心什么、情绪怎样、比上季度有什么变化。只写事，不写人，不写谁说的。"),
    )  # fmt: skip
    named = forms.BooleanField(label=gettext_lazy("不是人名，只是字面相同"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MeasureForm(fields.Assigned):
    """A cause and what is done about it."""

    cause = fields.LongText(label=gettext_lazy("原因"), rows=2, max_length=300)
    text = fields.LongText(label=gettext_lazy("措施"), rows=2, max_length=300)
    field_order = ("cause", "text", "owner", "due_on")
