"""Forms: how a thing was found, an honour, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.premises.models import FixtureState, HonourLevel
from zhibu.record.files.scaling import PHOTO_SIDE
from zhibu.ui import fields

KINDS = ("png", "jpg", "jpeg")
PHOTO_BYTES = 8 * 1024 * 1024
MOST_FEN = 100_000_000_00


def _photo() -> fields.Upload:
    return fields.Upload(
        label=gettext_lazy("照片"), kinds=KINDS, max_bytes=PHOTO_BYTES, longest=PHOTO_SIDE, required=False,
        help_text=gettext_lazy("png 或 jpg。照片里的拍摄地点等信息会自动去掉"),
    )  # fmt: skip


class FixtureForm(forms.Form):
    """How a thing was found."""

    state = forms.ChoiceField(
        label=gettext_lazy("现状"), choices=FixtureState.choices, widget=forms.RadioSelect
    )
    seen_on = fields.Day(label=gettext_lazy("查看日期"))
    lacking = forms.CharField(
        label=gettext_lazy("缺什么"), max_length=120, required=False, help_text=gettext_lazy("有的不用填")
    )
    cost_fen = fields.Fen(label=gettext_lazy("添置、修理约需"), maximum=MOST_FEN, required=False)
    keeper = fields.Person(required=False)
    photo = _photo()

    def __init__(self, *args: Any, keeper: str, people: list[tuple[int, str, str]], **kwargs: Any) -> None:
        """`keeper`: the title of whoever is named for the thing; empty when nobody is."""
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if keeper:
            self.fields["keeper"].label, self.fields["keeper"].people = keeper, people
        else:
            del self.fields["keeper"]

    def values(self) -> dict[str, Any]:
        """What the act takes."""
        found = dict(self.cleaned_data)
        file = found.pop("photo")
        return found | {
            "cost_fen": found["cost_fen"] or 0,
            "photo": (file.name, file.read()) if file else None,
        }


class HonourForm(forms.Form):
    """An honour of the branch or of a member."""

    title = forms.CharField(label=gettext_lazy("荣誉名称"), max_length=120)
    given_by = forms.CharField(label=gettext_lazy("授予单位"), max_length=120)
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=HonourLevel.choices)
    given_on = fields.Day(label=gettext_lazy("授予日期"))
    person = fields.Person(
        label=gettext_lazy("授予党员个人的，选人"), required=False, help_text=gettext_lazy("授予党支部的不选")
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("本人不愿公开：只有本人、支部委员和上级看得到"), required=False
    )
    photo = _photo()

    def __init__(self, *args: Any, people: list[tuple[int, str, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people

    def values(self) -> dict[str, Any]:
        """What the act takes."""
        found = dict(self.cleaned_data)
        file, hidden = found.pop("photo"), found.pop("hidden")
        return found | {"shown": not hidden, "photo": (file.name, file.read()) if file else None}


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
