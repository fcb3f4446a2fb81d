"""Forms about pledges."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.pledges import policies
from zhibu.ui import fields

PHOTO_BYTES = 8 * 1024 * 1024


class PledgeForm(forms.Form):
    """What is promised; the branch says for whom it writes."""

    person = fields.Person(label=gettext_lazy("承诺人"))
    text = fields.LongText(
        label=gettext_lazy("承诺内容"), rows=6, min_length=policies.LEAST, max_length=policies.MOST_TEXT,
        help_text=gettext_lazy("写自己岗位上做得到、看得见的几件事，一件一行。公示时只公开姓名、职务和这段话。"),
    )  # fmt: skip
    photo = fields.Upload(
        label=gettext_lazy("手写承诺书的照片（可不附）"), kinds=("jpg", "jpeg", "png"), max_bytes=PHOTO_BYTES,
        required=False, help_text=gettext_lazy("照片只在支部内留存，不上公示栏；内容仍要照抄在上面"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any] | None, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].people = people


class WithdrawForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
