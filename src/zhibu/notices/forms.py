"""Forms about publication windows and about what is said against them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.calendar import has_days
from zhibu.notices.models import SLOGANS, NoticeKind, ObjectionChannel, PostingKind
from zhibu.ui import fields
from zhibu.ui.language import chinese

MOST_OBJECTIONS = 9999
LONGEST_DAYS = 366
LONGEST_TEXT = 20_000


class _Window(forms.Form):
    """A window: the end follows the beginning, within a year."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        opens, closes = values.get("opens_on"), values.get("closes_on")
        for name, day in (("opens_on", opens), ("closes_on", closes)):
            if isinstance(day, date) and not has_days(day.year):
                # the days after it cannot be counted
                self.add_error(name, _("请核对日期"))
        if isinstance(opens, date) and isinstance(closes, date):
            if closes < opens:
                self.add_error("closes_on", _("结束日期不能早于开始日期。"))
            elif (closes - opens).days > LONGEST_DAYS:
                self.add_error("closes_on", _("公示不能超过一年。"))
        return values


class NoticeForm(_Window):
    """What is published, about whom, from when to when."""

    kind = forms.ChoiceField(label=gettext_lazy("公示类别"), choices=NoticeKind.choices)
    subject = fields.Person(label=gettext_lazy("公示对象"), required=False)
    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(label=gettext_lazy("结束日期（含当日）"))
    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("留空即用规定的格式"),
    )
    text = fields.LongText(
        label=gettext_lazy("公示内容"), rows=6, required=False, max_length=LONGEST_TEXT,
        help_text=gettext_lazy("留空即用规定的格式：只写姓名，不写身份证号、电话、住址"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[int, str, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["subject"].people = people


class SloganForm(_Window):
    """One line for the screens, from one day to another."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[(each.value, each.label) for each in SLOGANS],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=gettext_lazy("标语"), max_length=60, help_text=gettext_lazy("一句话，越短字越大")
    )
    text = forms.CharField(
        label=gettext_lazy("下面的小字"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("留空用默认的一句"),
    )
    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(label=gettext_lazy("结束日期（含当日）"))


class CorrectForm(forms.Form):
    """A slip of the pen put right, or a later end."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    text = fields.LongText(label=gettext_lazy("公示内容"), rows=8, max_length=LONGEST_TEXT)
    closes_on = fields.Day(label=gettext_lazy("结束日期（只能延后）"))
    reason = forms.CharField(label=gettext_lazy("更正原因"), max_length=200)


class ReopenForm(_Window):
    """The same published anew, with a window of its own."""

    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(label=gettext_lazy("结束日期（含当日）"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    text = fields.LongText(label=gettext_lazy("公示内容"), rows=8, max_length=LONGEST_TEXT)
    reason = forms.CharField(label=gettext_lazy("重新公示的原因"), max_length=200)


class PostingForm(forms.Form):
    """Where else the sheet hung."""

    kind = forms.ChoiceField(label=gettext_lazy("张贴在"), choices=PostingKind.choices)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    from_on = fields.Day(label=gettext_lazy("张贴日期"))
    until_on = fields.Day(label=gettext_lazy("撤下日期（含当日）"))


class ResultForm(forms.Form):
    """How a publication ended."""

    result = fields.LongText(
        label=gettext_lazy("公示结果"), rows=3, max_length=300, initial=gettext_lazy("公示期满，无异议。")
    )
    objections = forms.IntegerField(
        label=gettext_lazy("系统以外收到并已答复的异议（件）"),
        min_value=0,
        max_value=MOST_OBJECTIONS,
        initial=0,
    )
    affects = forms.BooleanField(label=gettext_lazy("异议属实，影响公示事项"), required=False)


class WithdrawForm(forms.Form):
    """Why a notice comes down."""

    reason = forms.CharField(label=gettext_lazy("撤回原因"), max_length=200)


BANDS = {
    "good": gettext_lazy("做得好"),
    "better": gettext_lazy("有进步"),
    "short": gettext_lazy("还不够"),
}
"""What the masses say of a pledge, in one touch: no number, and never shown to anyone but whoever answers."""


class SendForm(forms.Form):
    """The three fields of the public board; of a pledge, how it is kept may be said with a touch and without words."""

    text = forms.CharField(
        label=gettext_lazy("意见内容"), max_length=2000,
        error_messages={
            "required": gettext_lazy("请写明意见内容。"),
            "max_length": gettext_lazy("意见内容请控制在 2000 字以内，多的可以分几次提交。"),
            "null_characters_not_allowed": gettext_lazy("内容里有不能识别的字符，请删去。"),
        },
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("姓名（可不填）"), max_length=30, required=False,
        error_messages={"max_length": gettext_lazy("姓名请控制在 30 字以内。")},
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("联系方式（可不填）"), max_length=60, required=False,
        error_messages={"max_length": gettext_lazy("联系方式请控制在 60 字以内。")},
    )  # fmt: skip
    band = forms.ChoiceField(
        label=gettext_lazy("承诺做得怎么样（可不选）"), choices=[("", ""), *BANDS.items()], required=False
    )
    noticed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, pledge: bool = False, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if not pledge:
            del self.fields["band"]
        elif self.data.get("band"):
            self.fields["text"].required = False

    def values(self) -> dict[str, str]:
        """What the act takes; a touch becomes the first line of the words."""
        with chinese():
            band = BANDS.get(self.cleaned_data.get("band", ""))
            first = _("群众评价：%(band)s") % {"band": band} if band else ""
        words = "\n".join(filter(None, (first, self.cleaned_data["text"])))
        return {"text": words, "name": self.cleaned_data["name"], "contact": self.cleaned_data["contact"]}


class ObjectionForm(forms.Form):
    """An objection that came by letter, in person or by telephone."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么收到的"),
        choices=[each for each in ObjectionChannel.choices if each[0] != ObjectionChannel.BOARD],
    )
    received_on = fields.Day(label=gettext_lazy("收到日期"))
    text = fields.LongText(label=gettext_lazy("意见内容"), rows=6, max_length=2000)
    name = forms.CharField(label=gettext_lazy("反映人姓名（不署名的留空）"), max_length=30, required=False)
    contact = forms.CharField(label=gettext_lazy("联系方式"), max_length=60, required=False)


class AnswerForm(forms.Form):
    """What was found, and what the sender is told."""

    finding = fields.LongText(label=gettext_lazy("核查情况（只存档，不给反映人看）"), rows=5, max_length=2000)
    answer = fields.LongText(label=gettext_lazy("答复（反映人凭回执码可见）"), rows=5, max_length=2000)
    affects = forms.BooleanField(label=gettext_lazy("异议属实，影响公示事项"), required=False)

    def __init__(self, *args: Any, comment: bool = False, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if comment:
            # praise needs no inquiry, and nothing hangs on a comment
            self.fields["finding"].required = False
            del self.fields["affects"]
