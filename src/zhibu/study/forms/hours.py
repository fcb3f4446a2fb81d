"""Forms about study outside meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.study.models import StudyKind
from zhibu.ui import fields

MOST_MINUTES = 720


class SelfStudyForm(forms.Form):
    """One line: what, how long, when."""

    title = forms.CharField(label=gettext_lazy("学了什么"), max_length=120)
    minutes = forms.IntegerField(
        label=gettext_lazy("时长（分钟）"), min_value=1, max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "zb-short", "inputmode": "numeric"}),
    )  # fmt: skip
    studied_on = fields.Day(label=gettext_lazy("日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        _until(self.fields["studied_on"], today)


class TrainingForm(forms.Form):
    """Training of several members at once."""

    people = fields.People(label=gettext_lazy("参加的人"))
    title = forms.CharField(label=gettext_lazy("培训内容"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("方式"),
        choices=[each for each in StudyKind.choices if each[0] != StudyKind.SELF_STUDY],
    )
    studied_on = fields.Day(label=gettext_lazy("日期"))
    minutes = forms.IntegerField(
        label=gettext_lazy("当天时长（分钟）"), min_value=1, max_value=MOST_MINUTES, initial=240
    )

    def __init__(self, *args: Any, people: Sequence[Any], today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["people"].people = people
        _until(self.fields["studied_on"], today)


class ResultsForm(forms.Form):
    """A file exported from another platform."""

    file = fields.Upload(
        label=gettext_lazy("学习结果（csv 或 xlsx）"),
        kinds=["csv", "xlsx", "txt"],
        max_bytes=20 * 1024 * 1024,
    )


def _until(field: Any, today: date) -> None:
    field.latest = today
    field.widget.attrs["max"] = today.isoformat()
