"""Forms about the library."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.study.models import Audience, MaterialKind, Subject
from zhibu.study.told import Told
from zhibu.ui import fields

FILES = ("docx", "pdf", "xlsx", "txt", "png", "jpg", "jpeg")
MOST_MINUTES = 600
_PARTED = re.compile(r"[\s,，、;；]+")


class MaterialForm(forms.Form):
    """A material: what it is, whom it is for, and its words, its address or its file."""

    title = forms.CharField(label=gettext_lazy("资料名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=MaterialKind.choices)
    subject = forms.ChoiceField(label=gettext_lazy("学习主题"), choices=Subject.choices)
    audience = forms.ChoiceField(
        label=gettext_lazy("谁能看"), choices=Audience.choices, initial=Audience.BRANCH,
        help_text=gettext_lazy("选“公开”的，不登录也能在门户上看到。请勿上传涉密内容。"),
    )  # fmt: skip
    summary = forms.CharField(label=gettext_lazy("简介"), max_length=300, required=False)
    content = fields.LongText(label=gettext_lazy("正文"), rows=10, max_length=50_000, required=False)
    link = forms.CharField(
        label=gettext_lazy("网址"), max_length=500, required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    file = fields.Upload(
        label=gettext_lazy("文件"), kinds=FILES, required=False,
        help_text=gettext_lazy("Word、Excel、PDF、纯文本文件中的文字可以搜到；图片和扫描件按名称、简介查找。"),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=gettext_lazy("学完约需（分钟）"), min_value=0, max_value=MOST_MINUTES, required=False
    )
    tags = forms.CharField(
        label=gettext_lazy("标签"), max_length=120, required=False,
        help_text=gettext_lazy("最多六个，用空格或顿号分开，如：班组安全 师带徒"),
    )  # fmt: skip

    def told(self) -> Told:
        """What was typed."""
        values: dict[str, Any] = self.cleaned_data
        return Told(
            title=values["title"], kind=values["kind"], subject=values["subject"], audience=values["audience"],
            summary=values["summary"], content=values["content"], link=values["link"],
            minutes=values["minutes"] or 0, tags=tuple(filter(None, _PARTED.split(values["tags"]))),
        )  # fmt: skip

    def given(self) -> tuple[str, bytes] | None:
        """The file, its name and its bytes."""
        upload = self.cleaned_data["file"]
        return (upload.name or "", upload.read()) if upload else None


class WithdrawForm(forms.Form):
    """Why a material leaves the library."""

    reason = forms.CharField(label=gettext_lazy("撤下原因"), max_length=200)
