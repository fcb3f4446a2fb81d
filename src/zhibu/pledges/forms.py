"""Forms about pledges."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.pledges import policies
from zhibu.pledges.models import MarkLevel
from zhibu.ui import fields

PHOTO_BYTES, PORTRAIT_SIDE = policies.PHOTO_BYTES, policies.PORTRAIT_SIDE


class PledgeForm(forms.Form):
    """What is promised; the branch says for whom it writes."""

    person = fields.Person(label=gettext_lazy("承诺人"))
    text = fields.LongText(
        label=gettext_lazy("承诺内容"), rows=6, min_length=policies.LEAST, max_length=policies.MOST_TEXT,
        help_text=gettext_lazy("写自己岗位上做得到、看得见的几件事，一件一行。公示时只公开姓名、职务和这段话。"),
    )  # fmt: skip
    photo = fields.Upload(
        label=gettext_lazy("手写承诺书的照片（可不附）"), kinds=("jpg", "jpeg", "png"), max_bytes=PHOTO_BYTES,
        required=False, help_text=gettext_lazy("照片只在支部内留存，不上公示栏，拍摄地点等信息会自动去掉；内容仍要照抄在上面"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any] | None, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].people = people


class PortraitForm(forms.Form):
    """A portrait; the branch says that the member agrees."""

    file = fields.Upload(
        label=gettext_lazy("照片"), kinds=("jpg", "jpeg", "png"), max_bytes=PHOTO_BYTES, longest=PORTRAIT_SIDE,
        help_text=gettext_lazy("正面免冠，竖的。只印在监督台和身份卡上，不上网上的公示栏；随时可以撤下，撤下即删除"),
    )  # fmt: skip
    agreed = forms.BooleanField(label=gettext_lazy("本人同意"), required=False)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["agreed"]


class WithdrawForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class PlanForm(forms.Form):
    """A picture of the unit, or of a part of it."""

    title = forms.CharField(
        label=gettext_lazy("图名"), max_length=policies.PLAN_TITLE,
        help_text=gettext_lazy("一层楼、一个工段、一处现场各一张图，例如：一楼、码头、二工段"),
    )  # fmt: skip
    file = fields.Upload(
        label=gettext_lazy("平面图或现场照片"), kinds=("jpg", "jpeg", "png"), max_bytes=PHOTO_BYTES,
        help_text=gettext_lazy("png 或 jpg，太大的自动缩小。照片里的拍摄地点等信息会自动去掉。不得上传涉密的图"),
    )  # fmt: skip
    keep = forms.BooleanField(
        label=gettext_lazy("同一张图换清楚的，已划的位置不变"), required=False,
        help_text=gettext_lazy("不勾的，已划的区域要在新图上重新划"),
    )  # fmt: skip

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if replaces:
            # another picture under the same name: how it is recognised
            self.fields["title"].widget = forms.HiddenInput()
        else:
            del self.fields["keep"]


class ZoneForm(forms.Form):
    """What, whose, and where on the plan."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    holder = fields.Person(label=gettext_lazy("责任人"))
    asks = forms.CharField(label=gettext_lazy("负责什么"), max_length=200, required=False)
    shape = forms.CharField(
        label=gettext_lazy("位置"), max_length=240, required=False,
        help_text=gettext_lazy("每个角写“左,上”，图宽、图高各算 1000；只写对角两个就是矩形，例如 100,100 400,300"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], kinds: list[Any] | None, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["holder"].people = people
        if kinds is None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = kinds


class CheckForm(forms.Form):
    """When, and what was found if anything."""

    checked_on = fields.Day(label=gettext_lazy("检查日期"))
    found = fields.LongText(
        label=gettext_lazy("发现的问题"), rows=3, max_length=300, required=False,
        help_text=gettext_lazy("正常的不填。写了的，立一项整改交责任人，支委会和上级看得到"),
    )  # fmt: skip
    fix_by = fields.Day(label=gettext_lazy("何时改好"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["fix_by"].earliest = today


class MarkForm(forms.Form):
    """One mark."""

    level = forms.ChoiceField(
        label=gettext_lazy("对照承诺"), choices=MarkLevel.choices, widget=forms.RadioSelect
    )
    words = fields.LongText(
        label=gettext_lazy("做到了什么，哪里没做到"), rows=3, max_length=300, required=False
    )


class MarksForm(forms.Form):
    """A mark for each of several people; who is left out stays as is."""

    def __init__(self, *args: Any, people: list[int], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.people = people
        for person in people:
            self.fields[f"level_{person}"] = forms.ChoiceField(
                label=gettext_lazy("评议"),
                choices=MarkLevel.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"words_{person}"] = forms.CharField(
                label=gettext_lazy("评语"), max_length=300, required=False
            )

    def given(self) -> dict[int, tuple[str, str]]:
        """(level, words) of those who were marked, and marked otherwise than before."""
        found = {
            person: (self.cleaned_data[f"level_{person}"], self.cleaned_data[f"words_{person}"])
            for person in self.people
        }
        before = {
            person: (self.initial.get(f"level_{person}", ""), self.initial.get(f"words_{person}", ""))
            for person in self.people
        }
        return {person: each for person, each in found.items() if each[0] and each != before[person]}
