"""Forms about letters and bulletins."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.letters.models import ON_PORTAL, PracticeField
from zhibu.register.models import Organisation
from zhibu.ui import fields

LONGEST_TEXT = 2000
MOST_FEN = 100_000_000_00


def _named() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("姓名可以公开"), required=False,
        help_text=gettext_lazy("内容里写到人名，而且这些姓名可以公开的，才勾选"),
    )  # fmt: skip


class SendForm(forms.Form):
    """The three fields of the portal."""

    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=LONGEST_TEXT,
        error_messages={
            "required": gettext_lazy("请写明内容。"),
            "max_length": gettext_lazy("内容请控制在 2000 字以内，多的可以分几次提交。"),
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

    noticed = forms.BooleanField(required=False)


class WriteForm(forms.Form):
    """A letter in one's own name, to the branch or to an organisation above it."""

    to = forms.TypedChoiceField(label=gettext_lazy("写给"), coerce=int)
    text = fields.LongText(label=gettext_lazy("内容"), rows=6, max_length=LONGEST_TEXT)
    contact = forms.CharField(label=gettext_lazy("联系方式"), max_length=60, required=False)

    def __init__(self, *args: Any, to: list[Organisation], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(each.pk, each.name) for each in to]


class AnswerForm(forms.Form):
    """What the sender is told."""

    answer = fields.LongText(label=gettext_lazy("答复（来信人凭回执码或登录可见）"), rows=6, max_length=4000)


class PublishForm(forms.Form):
    """Question and answer as everyone reads them."""

    asked = fields.LongText(
        label=gettext_lazy("公开的问题"), rows=2, max_length=300,
        help_text=gettext_lazy("重新写成一句话，不带来信人和他人的姓名、电话、住址。"),
    )  # fmt: skip
    answer = fields.LongText(label=gettext_lazy("公开的答复"), rows=6, max_length=4000)
    named = _named()


class ReasonForm(forms.Form):
    """Why something comes down, or what is to be changed."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class BulletinForm(forms.Form):
    """A bulletin."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=ON_PORTAL)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    body = fields.LongText(label=gettext_lazy("正文"), rows=14, max_length=20_000)


class PracticeForm(forms.Form):
    """A practice; the three headings are there already."""

    topic = forms.ChoiceField(label=gettext_lazy("哪方面"), choices=PracticeField.choices)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    body = fields.LongText(
        label=gettext_lazy("解决什么问题、怎么做、效果"), rows=14, max_length=20_000,
        help_text=gettext_lazy("写到别的支部照着能做。不写个人情况和号码。"),
    )  # fmt: skip
    # its headings are of the text, whatever the language of the page: for whoever has it read aloud
    body.widget.attrs["lang"] = "zh-CN"


class TakeOverForm(forms.Form):
    """How a practice of another branch is done here."""

    body = fields.LongText(
        label=gettext_lazy("在本支部怎么做"), rows=14, max_length=20_000,
        help_text=gettext_lazy("照搬的留着原文，改了的写清改在哪"),
    )  # fmt: skip


class ReviewForm(forms.Form):
    """That names may be public."""

    named = _named()


class RemarkForm(forms.Form):
    """What is to be changed."""

    remark = fields.LongText(label=gettext_lazy("要改什么"), rows=3, max_length=300)


class EnterForm(forms.Form):
    """What came on paper or was said."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    text = fields.LongText(label=gettext_lazy("内容"), rows=6, max_length=LONGEST_TEXT)
    name = forms.CharField(
        label=gettext_lazy("姓名（不愿署名的不填）"), max_length=30, required=False,
        help_text=gettext_lazy("只有受理来信的人看得到"),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class ForwardForm(forms.Form):
    """To whom a letter is handed on, and why."""

    to = forms.TypedChoiceField(label=gettext_lazy("转给"), coerce=int)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)

    def __init__(self, *args: Any, to: list[Organisation], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.places = {each.pk: each for each in to}
        self.fields["to"].choices = [(each.pk, each.name) for each in to]

    def clean_to(self) -> Organisation:
        """The place itself."""
        return self.places[self.cleaned_data["to"]]


class TakeUpForm(forms.Form):
    """The suggestion as members read it."""

    title = fields.LongText(
        label=gettext_lazy("建议内容（党员可见）"), rows=2, max_length=120,
        help_text=gettext_lazy("重新写成一句话，不带来信人和他人的姓名、电话。"),
    )  # fmt: skip
    named = _named()


class TaskForm(forms.Form):
    """A small matter as members read it, and by when."""

    text = fields.LongText(
        label=gettext_lazy("要办什么（党员可见）"), rows=2, max_length=300,
        help_text=gettext_lazy("重新写成一句话，不带来信人和他人的姓名、电话。"),
    )  # fmt: skip
    due_on = fields.Day(label=gettext_lazy("何时办结"))
    named = _named()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["due_on"].earliest = today


class AdoptForm(forms.Form):
    """Who carries it out, by when, and what the sender is told."""

    owner = fields.Person(label=gettext_lazy("责任人"))
    due_on = fields.Day(label=gettext_lazy("何时办结"))
    answer = fields.LongText(label=gettext_lazy("答复（来信人凭回执码可见）"), rows=3, max_length=2000)

    def __init__(self, *args: Any, people: list[Any], today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["owner"].people = people
        self.fields["due_on"].earliest = today


class DeclineForm(forms.Form):
    """Why not; the sender and the members read it."""

    reason = fields.LongText(label=gettext_lazy("不采纳的理由（来信人和党员可见）"), rows=3, max_length=300)


class BenefitForm(forms.Form):
    """What came of it, and who of the unit says so."""

    told = fields.LongText(label=gettext_lazy("见到什么效益"), rows=2, max_length=200)
    fen = fields.Fen(label=gettext_lazy("节约或增加效益"), maximum=MOST_FEN, required=False)
    hours = forms.IntegerField(
        label=gettext_lazy("节省工时（小时）"), min_value=0, max_value=1_000_000, required=False
    )
    confirmed_by = forms.CharField(
        label=gettext_lazy("由单位哪个部门确认"),
        max_length=60,
        help_text=gettext_lazy("例如财务部、安全环保部"),
    )


class ThanksForm(forms.Form):
    """A sentence for whoever suggested it."""

    thanks = fields.LongText(label=gettext_lazy("感谢的话（来信人凭回执码可见）"), rows=2, max_length=200)
    award_fen = fields.Fen(
        label=gettext_lazy("奖励"), maximum=MOST_FEN, required=False,
        help_text=gettext_lazy("未署名的，凭回执码到支部领取"),
    )  # fmt: skip
