"""Forms about self-tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from zhibu.study import trials
from zhibu.study.queries.trials import Asked
from zhibu.ui import fields

EXAMPLE = gettext_lazy(
    "题目写一行，每个选项一行，正确的在前面加 *，可以有几个；“解析：”一行写道理。题与题之间空一行。"
)


class TestForm(forms.Form):
    """A short test, typed as text."""

    __test__ = False  # no test of pytest
    title = forms.CharField(label=gettext_lazy("自测名称"), max_length=120)
    questions = fields.LongText(label=gettext_lazy("题目"), rows=14, max_length=20_000, help_text=EXAMPLE)

    def clean_questions(self) -> str:
        """Read it at once, so that what is unclear is said at the field."""
        text: str = self.cleaned_data["questions"]
        try:
            trials.parsed(text)
        except trials.Unclear as unclear:
            raise ValidationError(str(unclear), code="unclear") from unclear
        return text


class AnswerForm(forms.Form):
    """The questions of a test, each with its options."""

    def __init__(self, *args: Any, questions: Sequence[Asked], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        for each in questions:
            choices = [(str(place), option) for place, option, _chosen, _right in each.options]
            kind: Any = forms.MultipleChoiceField if each.several else forms.ChoiceField
            widget: Any = forms.CheckboxSelectMultiple if each.several else forms.RadioSelect
            self.fields[f"q{each.number}"] = kind(
                label=f"{each.number}. {each.text}", choices=choices, widget=widget,
                help_text=gettext_lazy("可选几项") if each.several else "",
            )  # fmt: skip

    def answers(self) -> list[list[int]]:
        """What was chosen, question by question."""
        return [
            [int(each) for each in value] if isinstance(value, list) else [int(value)]
            for value in self.cleaned_data.values()
        ]
