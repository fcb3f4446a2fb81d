"""Forms about integrity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.ui import fields

PAPER_BYTES = 8 * 1024 * 1024


class PaperForm(forms.Form):
    """A letter signed on paper: whose, and the paper."""

    person = fields.Person(label=gettext_lazy("承诺人"))
    paper = fields.Upload(
        label=gettext_lazy("签字的承诺书"), kinds=("jpg", "jpeg", "png", "pdf"), max_bytes=PAPER_BYTES,
        help_text=gettext_lazy("照片或扫描件，只有支委会和上级看得到"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people


class CheckForm(forms.Form):
    """What was looked at, by whom, and what came of it."""

    text = fields.LongText(
        label=gettext_lazy("查了什么"), rows=2, max_length=300,
        help_text=gettext_lazy("例如：上半年廉政承诺履行、党费和活动经费、评先选优"),
    )  # fmt: skip
    owner = fields.Person(label=gettext_lazy("牵头检查的人"))
    helpers = fields.People(label=gettext_lazy("参加检查的人"), required=False)
    result = fields.LongText(
        label=gettext_lazy("检查结论"), rows=4, max_length=2000,
        help_text=gettext_lazy("查出的问题，登记后逐条添加；没有问题的，写明查了哪些、怎样认定没有"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        for name in ("owner", "helpers"):
            self.fields[name].people = people


class FindingForm(fields.Assigned):
    """The problem, how it is put right, by whom, by when."""

    problem = fields.LongText(label=gettext_lazy("查出的问题"), rows=2, max_length=300)
    text = fields.LongText(label=gettext_lazy("怎样纠正"), rows=2, max_length=300)
    field_order = ("problem", "text", "owner", "due_on")
