"""Forms about study plans and tutors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy

from zhibu.study.models import PlanWay, StudyPlanItem
from zhibu.study.told import Planned
from zhibu.ui import fields

MOST_MINUTES = 1440
MOST_ROWS, SPARE = 120, 3


class GoalForm(forms.Form):
    """What the year is to bring about."""

    goal = forms.CharField(label=gettext_lazy("学习目标"), max_length=300, required=False)


class ItemForm(forms.Form):
    """A line of a plan; one without content is left out."""

    month = forms.TypedChoiceField(
        label=gettext_lazy("月份"), coerce=int, choices=[(number, str(number)) for number in range(1, 13)]
    )
    content = forms.CharField(label=gettext_lazy("内容"), max_length=160, required=False)
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=PlanWay.choices)
    minutes = forms.IntegerField(
        label=gettext_lazy("分钟"), min_value=0, max_value=MOST_MINUTES, required=False
    )
    effect = forms.CharField(label=gettext_lazy("预期效果"), max_length=160, required=False)


ItemForms = formset_factory(ItemForm, extra=SPARE, max_num=MOST_ROWS, absolute_max=MOST_ROWS + SPARE)


def items_of(formset: Any, year: int) -> list[Planned]:
    """The lines that were typed, in the order of their months."""
    found = [
        Planned(date(year, row["month"], 1), row["content"], row["way"], row["minutes"] or 0, row["effect"])
        for row in formset.cleaned_data
        if row.get("content")
    ]
    return sorted(found, key=lambda item: item.month_on)


def initial_of(items: Sequence[Planned | StudyPlanItem]) -> list[dict[str, Any]]:
    """Lines as the form shows them."""
    return [
        {
            "month": item.month_on.month, "content": item.content, "way": item.way, "minutes": item.minutes,
            "effect": item.effect,
        }
        for item in items
    ]  # fmt: skip


class OutcomeForm(forms.Form):
    """What came of a line of a plan."""

    outcome = fields.LongText(
        label=gettext_lazy("效果"), rows=4, max_length=300,
        help_text=gettext_lazy("学没学进去、用没用上，用事实说话；没有效果的，也如实写。"),
    )  # fmt: skip


class TutorForm(forms.Form):
    """Who tutors in a month."""

    person = fields.Person(label=gettext_lazy("辅导人"))
    topic = forms.CharField(label=gettext_lazy("辅导题目"), max_length=120, required=False)

    def __init__(self, *args: Any, people: Sequence[Any], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people
