"""Turning what people type into judgements, appeals and rectifications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.core.norms import Reviewed, Standard
from zhibu.ui import fields
from zhibu.ui.language import pick

from .judgements import Judgement


class ReviewForm(forms.Form):
    """Points and a comment for every part a person judges, on one page.

    ``parts`` are (standard, part, weight in hundredths); ``records`` are (value, words) of what may be linked.
    """

    def __init__(
        self,
        *args: Any,
        parts: list[tuple[Standard, Reviewed, int]],
        records: list[tuple[str, str]],
        own: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts: list[tuple[Standard, Reviewed, int]] = parts
        self.own = own
        for standard, part, weight in parts:
            name = field_name(standard, part)
            title = f"{standard.id} {pick(part.title)}"
            self.fields[f"{name}-points"] = fields.Points(
                required=False, label=f"{title} {_('得分')}", maximum=weight,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control zb-short", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"{name}-comment"] = forms.CharField(
                required=False,
                max_length=400,
                label=f"{title} {_('评语')}",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self.fields[f"{name}-version"] = forms.IntegerField(
                required=False, min_value=0, widget=forms.HiddenInput
            )
            if records:
                self.fields[f"{name}-evidence"] = forms.MultipleChoiceField(
                    required=False,
                    label=f"{title} {_('关联记录')}",
                    choices=records,
                    widget=forms.CheckboxSelectMultiple,
                )
            if not own:
                self.fields[f"{name}-na"] = forms.BooleanField(
                    required=False,
                    label=f"{title} {_('不适用')}",
                    widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
                )

    def clean(self) -> dict[str, Any]:
        """A part not applicable needs its reason; words without points would be lost, so they are asked about."""
        cleaned = super().clean() or {}
        for standard, part, _weight in self.parts:
            name = field_name(standard, part)
            said = bool((cleaned.get(f"{name}-comment") or "").strip())
            not_applicable = cleaned.get(f"{name}-na", False)
            if not_applicable and not said:
                self.add_error(
                    f"{name}-comment",
                    forms.ValidationError(_("认定不适用，须写明理由"), code="reason_missing"),
                )
            linked = bool(cleaned.get(f"{name}-evidence"))
            given = cleaned.get(f"{name}-points") is not None or f"{name}-points" in self.errors
            if (said or linked) and not given and not not_applicable:
                self.add_error(
                    f"{name}-points",
                    forms.ValidationError(_("写了评语或关联了记录，还须给分"), code="points_missing"),
                )
        return cleaned

    def judgements(self) -> list[Judgement]:
        """What was judged, part by part; an empty field takes a judgement back."""
        return [self._judgement(standard, part) for standard, part, _weight in self.parts]

    def _judgement(self, standard: Standard, part: Reviewed) -> Judgement:
        name, data = field_name(standard, part), self.cleaned_data
        return Judgement(
            standard.id,
            part.id,
            data.get(f"{name}-points"),
            data.get(f"{name}-comment") or "",
            not data.get(f"{name}-na", False),
            tuple(
                (table, int(key))
                for table, _sep, key in (each.partition(":") for each in data.get(f"{name}-evidence") or ())
            ),
            data.get(f"{name}-version") or 0,
        )


def field_name(standard: Standard, part: Reviewed) -> str:
    """The name of a part's fields."""
    return f"{standard.id}-{part.id}"


class AppealForm(forms.Form):
    """Why a branch thinks a standard was judged wrongly."""

    text = fields.LongText(
        label=_("申诉理由"), max_length=600, help_text=_("写明哪项记录未计入、依据是什么、应得多少分")
    )


class AnswerForm(forms.Form):
    """The superior's answer to an appeal."""

    upheld = forms.TypedChoiceField(
        label=_("结论"),
        choices=(("1", _("采纳")), ("0", _("不采纳"))),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        empty_value=None,
    )
    answer = fields.LongText(
        label=_("答复"), max_length=600, help_text=_("写明理由；采纳的，随后在评审页更正分值")
    )


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
