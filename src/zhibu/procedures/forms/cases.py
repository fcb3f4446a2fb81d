"""Forms about a case: opening it, and what happens to it apart from its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.norms.procedures import Procedure, Subject
from zhibu.procedures.forms.given import PREFIX, form_field, values_of
from zhibu.ui import fields
from zhibu.ui.language import pick

MATERIAL = ("pdf", "docx", "xlsx", "png", "jpg", "jpeg")
REASON = 300
YEAR = "year"
"""What is done every year is about this one until somebody says otherwise."""


class CaseForm(forms.Form):
    """Whom or what the case is about, since when, and what its procedure asks."""

    def __init__(
        self,
        *args: Any,
        procedure: Procedure,
        people: Sequence[Any],
        organisations: Sequence[tuple[int, str]],
        today: date,
        called: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.procedure = procedure
        if procedure.subject is Subject.PERSON:
            self.fields["person"] = fields.Person(label=_("为谁办理"), people=people)
        elif procedure.subject is Subject.MATTER:
            # a case about the branch bears its name
            self.fields["title"] = forms.CharField(label=_("事项名称"), max_length=120)
        self.fields["opened_on"] = fields.Day(label=_("立项日期"), latest=today, initial=today)
        for each in procedure.fields:
            made = form_field(each, required=each.required, people=people, organisations=organisations)
            if each.id == YEAR:
                made.initial = today.year
            if each.id in called:
                made.initial, made.help_text = called[each.id], _("从上级正在办理的通知带入")
            self.fields[f"{PREFIX}{each.id}"] = made

    def told(self) -> dict[str, Any]:
        """What was entered, as the act takes it."""
        given = self.cleaned_data
        return {
            "person": given.get("person"),
            "title": given.get("title") or "",
            "opened_on": given["opened_on"],
            "fields": values_of(self.procedure.fields, given),
        }


class ExportForm(forms.Form):
    """What the case file is taken for."""

    reason = forms.CharField(
        label=gettext_lazy("用途"), max_length=200, help_text=gettext_lazy("如“移交档案”“上级检查”，记入留痕")
    )


class HappeningForm(forms.Form):
    """From which day, and why."""

    on = fields.Day(label=gettext_lazy("日期"))
    reason = fields.LongText(label=gettext_lazy("原因"), rows=3, max_length=REASON)


class ReverseForm(forms.Form):
    """Why a step is reversed."""

    reason = fields.LongText(label=gettext_lazy("撤销原因"), rows=3, max_length=REASON)


class TransferForm(HappeningForm):
    """To which branch."""

    field_order = ("organisation", "on", "reason")
    organisation = forms.TypedChoiceField(label=gettext_lazy("转到"), coerce=int)

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = branches


class EndForm(HappeningForm):
    """How a case ends before its last step."""

    field_order = ("ending", "on", "reason")
    ending = forms.ChoiceField(label=gettext_lazy("终止的情形"))

    def __init__(self, *args: Any, endings: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["ending"].choices = [(code, pick(text)) for code, text in endings]


class PaperForm(forms.Form):
    """A paper: the file, or where the original lies."""

    paper = forms.ChoiceField(label=gettext_lazy("材料"))
    file = fields.Upload(label=gettext_lazy("文件"), kinds=MATERIAL, required=False)
    note = forms.CharField(label=gettext_lazy("原件存放处"), max_length=200, required=False)

    def __init__(self, *args: Any, papers: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(code, pick(text)) for code, text in papers]
