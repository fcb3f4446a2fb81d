"""Forms about undertakings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.record.files import MATERIAL
from zhibu.ui import fields
from zhibu.ui.language import pick
from zhibu.undertakings.told import Source, Undertaken

LONGEST_FILE = 20 * 1024 * 1024


class UndertakeForm(forms.Form):
    """What, by whom, by when; the kind says what else is asked. What is claimed stands with whoever writes it down."""

    text = fields.LongText(label=gettext_lazy("要办什么"), rows=2, max_length=300)
    problem = fields.LongText(
        label=gettext_lazy("针对什么问题"), rows=2, max_length=300, required=False,
        help_text=gettext_lazy("在哪里、是什么、有什么影响，一句话"),
    )  # fmt: skip
    owner = fields.Person(label=gettext_lazy("责任人"))
    helpers = fields.People(label=gettext_lazy("协办人"), required=False)
    about = fields.Person(label=gettext_lazy("当事人"), required=False)
    whom = forms.CharField(
        label=gettext_lazy("不在名册上的，写称呼"), max_length=20, required=False,
        help_text=gettext_lazy("例如“检修班张师傅”。不写电话、住址、病情、收入；到期同这份记录一起删除。"),
    )  # fmt: skip
    due_on = fields.Day(label=gettext_lazy("何时办结"), required=False)

    def __init__(
        self, *args: Any, kind: Any, people: list[Any], today: date, opener: int | None, **kwargs: Any
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if kind.asks:
            self.fields["text"].label = pick(kind.asks)
        self.kind, self.opener = kind, opener if kind.claimed else None
        for name in ("owner", "helpers", "about"):
            self.fields[name].people = people
        self.fields["due_on"].earliest = today
        self.fields["due_on"].required = kind.due_needed
        self.fields["problem"].required = kind.answers_problem
        if not kind.answers_problem:
            del self.fields["problem"]
        else:
            self.order_fields(["problem", "text"])
        self.fields["about"].required = kind.about_person and not kind.outside
        if not kind.about_person:
            del self.fields["about"]
        if not kind.outside:
            del self.fields["whom"]
        if kind.alone or self.opener is not None:
            del self.fields["helpers"]
        if self.opener is not None:
            del self.fields["owner"]

    def what(self, source: Source) -> Undertaken:
        """As the act takes it."""
        values = self.cleaned_data
        return Undertaken(
            kind=self.kind.id, text=values["text"], owner=self.opener or values["owner"], due_on=values["due_on"],
            helpers=values.get("helpers", ()), about=values.get("about"), whom=values.get("whom", ""), problem=values.get("problem", ""), source=source,
        )  # fmt: skip


class NothingForm(forms.Form):
    """Only a button."""


class ProgressForm(forms.Form):
    """How far it has come."""

    text = fields.LongText(label=gettext_lazy("进展"), rows=4, max_length=2000)


class DoneForm(forms.Form):
    """What came of it, and a file where there is one."""

    result = fields.LongText(
        label=gettext_lazy("办理结果"), rows=4, max_length=2000, help_text=gettext_lazy("做了什么、结果怎样")
    )
    file = fields.Upload(
        label=gettext_lazy("材料（照片、报告）"), kinds=sorted(MATERIAL), max_bytes=LONGEST_FILE, required=False,
        help_text=gettext_lazy("不得上传涉密文件"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, needs_file: bool, takes_file: bool = True, asks: str = "", **kwargs: Any
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["result"].label, self.fields["result"].help_text = asks, ""
        if not takes_file:
            del self.fields["file"]
        if needs_file:
            self.fields["file"].required = True
            self.fields["file"].label = _("材料（照片、报告、签字件）")


class CloseForm(forms.Form):
    """A word of whoever confirms."""

    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, closing: str, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if closing:
            self.fields["note"].required = True
            self.fields["note"].label = closing


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class ExtendForm(ReasonForm):
    """Until when, and why."""

    due_on = fields.Day(label=gettext_lazy("延到"))
    field_order = ("due_on", "reason")


class HandOverForm(ReasonForm):
    """To whom, and why."""

    owner = fields.Person(label=gettext_lazy("新的责任人"))
    helpers = fields.People(label=gettext_lazy("协办人"), required=False)
    field_order = ("owner", "helpers", "reason")

    def __init__(self, *args: Any, people: list[Any], alone: bool = False, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        for name in ("owner", "helpers"):
            self.fields[name].people = people
        if alone:
            del self.fields["helpers"]
