"""Turning what people type into judgements, appeals and rectifications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.core.norms import Reviewed, Standard
from zhibu.ui import fields

from .actions.reviews import Judgement


class ReviewForm(forms.Form):
    """Points and a comment for every part a person judges, on one page.

    ``parts`` are (standard, part, weight in hundredths, current points or None, comment, applicable, evidence).
    """

    def __init__(self, *args: Any, parts: list[tuple[Standard, Reviewed, int]], own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.own = own
        for standard, part, weight in parts:
            name = field_name(standard, part)
            self.fields[f"{name}-points"] = fields.Points(required=False, label=_("得分"), maximum=weight)
            self.fields[f"{name}-comment"] = forms.CharField(required=False, max_length=400, label=_("评语"))
            if not own:
                self.fields[f"{name}-na"] = forms.BooleanField(required=False, label=_("不适用"))

    def clean(self) -> dict[str, Any]:
        """A part not applicable needs its reason where the reviewer can see it."""
        cleaned = super().clean() or {}
        for standard, part, _weight in self.parts:
            name = field_name(standard, part)
            if cleaned.get(f"{name}-na") and not (cleaned.get(f"{name}-comment") or "").strip():
                self.add_error(f"{name}-comment", forms.ValidationError(_("认定不适用，须写明理由"), code="reason_missing"))
        return cleaned

    def judgements(self) -> list[Judgement]:
        """What was judged, part by part; an empty field takes a judgement back."""
        found = []
        for standard, part, _weight in self.parts:
            name = field_name(standard, part)
            found.append(
                Judgement(
                    standard.id,
                    part.id,
                    self.cleaned_data.get(f"{name}-points"),
                    self.cleaned_data.get(f"{name}-comment") or "",
                    not self.cleaned_data.get(f"{name}-na", False),
                )
            )
        return found


def field_name(standard: Standard, part: Reviewed) -> str:
    """The name of a part's fields."""
    return f"{standard.id}-{part.id}"


class AppealForm(forms.Form):
    """Why a branch thinks a standard was judged wrongly."""

    text = fields.LongText(label=_("申诉理由"), max_length=600, help_text=_("写明哪项记录未计入、依据是什么、应得多少分"))


class AnswerForm(forms.Form):
    """The superior's answer to an appeal."""

    upheld = forms.TypedChoiceField(
        label=_("结论"),
        choices=(("1", _("采纳")), ("0", _("不采纳"))),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        empty_value=None,
    )
    answer = fields.LongText(label=_("答复"), max_length=600, help_text=_("写明理由；采纳的，随后在评审页更正分值"))


class RectificationForm(forms.Form):
    """Who helps a weak branch, and by when."""

    reason = fields.LongText(label=_("整改事由"), max_length=300)
    owner = fields.Person(label=_("责任人"), required=False, people=[])
    due_on = fields.Day(label=_("完成期限"))

    def __init__(self, *args: Any, people: list[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].people = people  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    """How a rectification ended."""

    outcome = fields.LongText(label=_("整改结果"), max_length=400)
