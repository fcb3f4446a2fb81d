"""Forms of those who were not there, and of members away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.life.models.missing import ExemptGround, MakeUpWay, VoiceKind
from zhibu.life.models.mobile import ContactWay
from zhibu.ui import fields

OWN_WAYS = (MakeUpWay.STUDY, MakeUpWay.SECOND_SITTING, MakeUpWay.TALK)


class _Until(forms.Form):
    """A form with a day that lies in the past or is today."""

    day = ""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields[self.day].latest = today
        self.fields[self.day].widget.attrs["max"] = today.isoformat()
        self.fields[self.day].initial = today


class OwnMakeUpForm(_Until):
    """How one made up for a meeting. Two answers; nobody measures how long one read."""

    day = "done_on"
    way = forms.ChoiceField(
        label=gettext_lazy("怎么补的"), choices=[(each.value, each.label) for each in OWN_WAYS],
        widget=forms.RadioSelect, initial=MakeUpWay.STUDY.value,
    )  # fmt: skip
    done_on = fields.Day(label=gettext_lazy("哪天补的"))
    note = forms.CharField(
        label=gettext_lazy("补充说明"), max_length=200, required=False,
        help_text=gettext_lazy("如：跟第二党小组一起听的"),
    )  # fmt: skip


class MakeUpForm(_Until):
    """Who made up for a meeting, how and when: several people at once."""

    day = "done_on"
    people = fields.People(label=gettext_lazy("谁补了"))
    way = forms.ChoiceField(label=gettext_lazy("怎么补的"), choices=MakeUpWay.choices)
    done_on = fields.Day(label=gettext_lazy("哪天补的"))
    note = forms.CharField(label=gettext_lazy("补充说明"), max_length=200, required=False)

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].people = people


class ReturnForm(forms.Form):
    """Why it does not count yet."""

    reason = forms.CharField(label=gettext_lazy("还差什么"), max_length=200)


class ExemptForm(_Until):
    """Who need not come, and why; no diagnosis."""

    day = "since"
    person = fields.Person(label=gettext_lazy("党员"))
    ground = forms.ChoiceField(
        label=gettext_lazy("原因"), choices=ExemptGround.choices, help_text=gettext_lazy("只记类别，不记病情")
    )
    since = fields.Day(label=gettext_lazy("从哪天起"))

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people


class VisitForm(_Until):
    """That somebody was visited."""

    day = "held_on"
    held_on = fields.Day(label=gettext_lazy("哪天去的"))
    promised = forms.CharField(
        label=gettext_lazy("要支部办的事"), max_length=200, required=False,
        help_text=gettext_lazy("说了什么不记录"),
    )  # fmt: skip


class EndForm(_Until):
    """From which day on."""

    day = "until"
    until = fields.Day(label=gettext_lazy("从哪天起照常到会"))


class AskForm(forms.Form):
    """A few lines about a meeting."""

    kind = forms.ChoiceField(
        label=gettext_lazy("想说的是"), choices=VoiceKind.choices[:2], widget=forms.RadioSelect,
        initial=VoiceKind.QUESTION.value,
    )  # fmt: skip
    text = fields.LongText(label=gettext_lazy("内容"), rows=3, max_length=1000)


class OpinionForm(forms.Form):
    """What the branch should hear before its meeting."""

    text = fields.LongText(
        label=gettext_lazy("意见和建议"), rows=4, max_length=500,
        help_text=gettext_lazy("对支部班子、支部工作的意见，一条一条提；说事，写清希望怎么改"),
    )  # fmt: skip


class FindingForm(forms.Form):
    """What one saw elsewhere."""

    text = fields.LongText(
        label=gettext_lazy("见闻和经验"), rows=4, max_length=1000,
        help_text=gettext_lazy("当地支部的好做法、可以借鉴的经验；不写涉密内容"),
    )  # fmt: skip
    share = forms.BooleanField(label=gettext_lazy("同城的流动党员也能看到"), required=False)


class AnswerForm(forms.Form):
    """What the branch says."""

    answer = fields.LongText(label=gettext_lazy("答复"), rows=4, max_length=1000)
    adopted = forms.BooleanField(label=gettext_lazy("支部采纳"), required=False)


class OwnCardForm(forms.Form):
    """Where one is and how one is reached."""

    city = forms.CharField(
        label=gettext_lazy("所在城市"), max_length=40, widget=forms.TextInput(attrs={"list": "cities"})
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式（电话或微信）"), max_length=100, required=False,
        help_text=gettext_lazy("加密保存，本支部联系人看得到"),
    )  # fmt: skip
    shares = forms.BooleanField(
        label=gettext_lazy("加入同城小组：同城的流动党员能看到我的姓名、支部和联系方式"), required=False
    )


class CardForm(OwnCardForm):
    """The same written down by the branch; joining the group of a city is not the branch's to say."""

    keeper = fields.Person(label=gettext_lazy("支部联系人"), required=False)
    abroad = forms.BooleanField(label=gettext_lazy("出国（境）学习"), required=False)

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        del self.fields["shares"]
        self.fields["keeper"].people = people


class ContactForm(_Until):
    """That somebody was reached, or not."""

    day = "held_on"
    reached = forms.TypedChoiceField(
        label=gettext_lazy("联系上了吗"), choices=[("1", gettext_lazy("联系上了")), ("0", gettext_lazy("没联系上"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect, initial="1",
    )  # fmt: skip
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=ContactWay.choices)
    held_on = fields.Day(label=gettext_lazy("哪天"))
    promised = forms.CharField(
        label=gettext_lazy("要支部办的事"), max_length=200, required=False,
        help_text=gettext_lazy("说了什么不记录"),
    )  # fmt: skip
