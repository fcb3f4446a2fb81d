"""Forms about talks, examinations, documents and ledgers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.life.models import DocumentKind, TalkKind
from zhibu.life.queries import Expected
from zhibu.ui import fields

MATERIAL = ("pdf", "docx", "xlsx", "png", "jpg", "jpeg")


class TalkForm(forms.Form):
    """That two people talked. There is no field for what was said."""

    kind = forms.ChoiceField(
        label=gettext_lazy("谈话类别"), choices=[("", gettext_lazy("按谈话对象自动判断")), *TalkKind.choices],
        required=False,
    )  # fmt: skip
    person = fields.Person(label=gettext_lazy("谈话对象"))
    talker = fields.Person(label=gettext_lazy("谈话人"))
    held_on = fields.Day(label=gettext_lazy("谈话日期"))
    promised = forms.CharField(
        label=gettext_lazy("答应要办的事"), max_length=200, required=False,
        help_text=gettext_lazy("谈话内容不记录；只记答应要办、需要跟进的事。"),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        activists: list[Expected],
        members: list[Expected],
        today: date,
        **kwargs: Any,
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.activists = {each.person for each in activists}
        people, talkers = activists + members, members
        self.fields["person"].people = [each.choice for each in people]
        self.fields["talker"].people = [each.choice for each in talkers]
        self.fields["held_on"].latest = today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """A talk with an activist is an activist's talk, any other is one between members, unless told otherwise."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("kind"):
            of_activist = values.get("person") in self.activists
            values["kind"] = TalkKind.ACTIVIST_TALK.value if of_activist else TalkKind.HEART_TO_HEART.value
        return values


class ExaminationForm(forms.Form):
    """The half-yearly examination of an activist."""

    person = fields.Person(label=gettext_lazy("考察对象"))
    held_on = fields.Day(label=gettext_lazy("考察日期"))
    opinion = fields.LongText(label=gettext_lazy("考察意见"), rows=3, max_length=300)

    def __init__(self, *args: Any, people: list[Expected], today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = [each.choice for each in people]
        self.fields["held_on"].latest = today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()


class DocumentForm(forms.Form):
    """A paper to be on file, for a period, with its file if there is one."""

    kind = forms.ChoiceField(label=gettext_lazy("材料类别"), choices=DocumentKind.choices)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    covers_on = fields.Month(
        label=gettext_lazy("所属时期"), help_text=gettext_lazy("所属时期的第一个月，如年度计划填1月。")
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)
    file = fields.Upload(label=gettext_lazy("文件"), kinds=MATERIAL, required=False)


class LedgerForm(forms.Form):
    """A meeting ledger."""

    file = fields.Upload(
        label=gettext_lazy("组织生活台账（xlsx）"), kinds=["xlsx"], max_bytes=20 * 1024 * 1024
    )


class AttachForm(forms.Form):
    """A file given with a meeting."""

    file = fields.Upload(label=gettext_lazy("选择文件"), kinds=MATERIAL)


class DisclosureForm(forms.Form):
    """Until when a year of dues hangs on the board."""

    closes_on = fields.Day(label=gettext_lazy("公开到哪一天"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].earliest = today
        self.fields["closes_on"].widget.attrs["min"] = today.isoformat()
